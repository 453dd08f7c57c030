// doubleGreatest, doubleLeast, longGreatest, longLeast: the extreme of `fields`; nulls are passed over.

#include <type_traits>

#include "engine/post_aggregator/post_aggregator.h"
#include "engine/result/value_order.h"
#include "storage/base/java_number.h"

namespace sarsen::engine {
namespace {

template <class T, bool kGreatest>
class Extreme final : public PostAggregator {
 public:
  Extreme(std::string name, std::vector<PostAggregatorPtr> fields)
      : PostAggregator(std::move(name)), fields_(std::move(fields)) {}

  Value compute(const RowValues& row) const override {
    Value best;
    for (const PostAggregatorPtr& field : fields_) {
      const Value value = converted(field->compute(row));
      if (is_null(value)) continue;
      const int order = compare_values(value, best);
      if (is_null(best) || (kGreatest ? order > 0 : order < 0)) best = value;
    }
    return best;
  }

  bool nulls_rank_highest() const noexcept override { return !kGreatest; }

 private:
  Value converted(const Value& value) const {
    const std::optional<double> number = operand(value, name());
    if (!number) return {};
    if constexpr (std::is_same_v<T, double>) return *number;
    if (const auto* exact = std::get_if<std::int64_t>(&value)) return *exact;
    return java_long(*number);
  }

  std::vector<PostAggregatorPtr> fields_;
};

template <class T, bool kGreatest>
PostAggregatorPtr parse_extreme(const JsonField& json, const NameScope& scope, std::string name) {
  return std::make_shared<Extreme<T, kGreatest>>(std::move(name), parse_fields(json, scope, 1));
}

}  // namespace

void register_greatest_least(PostAggregatorRegistry& registry) {
  registry.add({.type = "doubleGreatest",
                .parse = parse_extreme<double, true>,
                .doc = "The greatest of `fields`, as a double."});
  registry.add(
      {.type = "doubleLeast", .parse = parse_extreme<double, false>, .doc = "The least of `fields`, as a double."});
  registry.add({.type = "longGreatest",
                .parse = parse_extreme<std::int64_t, true>,
                .doc = "The greatest of `fields`, as a long."});
  registry.add(
      {.type = "longLeast", .parse = parse_extreme<std::int64_t, false>, .doc = "The least of `fields`, as a long."});
}

}  // namespace sarsen::engine
