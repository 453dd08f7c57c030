// hyperUniqueCardinality: the estimate of a collector; a number stays as it is.

#include "engine/post_aggregator/post_aggregator.h"

namespace sarsen::engine {
namespace {

class HyperUniqueCardinality final : public PostAggregator {
 public:
  HyperUniqueCardinality(std::string name, std::size_t position)
      : PostAggregator(std::move(name)), position_(position) {}
  Value compute(const RowValues& row) const override { return row.finalised(position_); }

 private:
  std::size_t position_;
};

PostAggregatorPtr parse_cardinality(const JsonField& json, const NameScope& scope, std::string name) {
  const std::size_t position = scope.position(json["fieldName"]);
  return std::make_shared<HyperUniqueCardinality>(name.empty() ? json["fieldName"].string() : std::move(name),
                                                  position);
}

}  // namespace

void register_hyper_unique_cardinality(PostAggregatorRegistry& registry) {
  registry.add({.type = "hyperUniqueCardinality",
                .parse = parse_cardinality,
                .doc = "The estimate of the hyperUnique or cardinality aggregator `fieldName`."});
}

}  // namespace sarsen::engine
