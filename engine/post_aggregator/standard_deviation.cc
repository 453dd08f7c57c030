// stddev: the square root of a variance.

#include <cmath>

#include "engine/aggregator/variance_estimator.h"
#include "engine/post_aggregator/sketch_field.h"
#include "engine/sketch/variance.h"

namespace sarsen::engine {
namespace {

class StandardDeviation final : public PostAggregator {
 public:
  StandardDeviation(std::string name, std::size_t position, bool population)
      : PostAggregator(std::move(name)), position_(position), population_(population) {}

  Value compute(const RowValues& row) const override {
    const Value value = row.intermediate(position_);
    const std::span<const std::byte> bytes = sketch_bytes(value, name());
    if (bytes.empty()) return {};
    const sketch::Variance variance = as_input(name(), [&] { return sketch::Variance::parse(bytes); });
    const std::optional<double> result = variance.result(population_);
    return result ? Value(std::sqrt(*result)) : Value();
  }

 private:
  std::size_t position_;
  bool population_;
};

PostAggregatorPtr parse_standard_deviation(const JsonField& json, const NameScope& scope, std::string name) {
  return std::make_shared<StandardDeviation>(std::move(name), scope.position(json["fieldName"]),
                                             is_population(json["estimator"].optional_string()));
}

}  // namespace

void register_standard_deviation(PostAggregatorRegistry& registry) {
  registry.add({.type = "stddev",
                .parse = parse_standard_deviation,
                .doc = "The standard deviation of the variance aggregator `fieldName`."});
}

}  // namespace sarsen::engine
