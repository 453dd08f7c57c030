// HLLSketchEstimate, HLLSketchEstimateWithBounds, HLLSketchUnion, HLLSketchToString.

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/post_aggregator/sketch_field.h"
#include "engine/result/value_order.h"

namespace sarsen::engine {
namespace {

class HllEstimate final : public OverSketch {
 public:
  HllEstimate(std::string name, PostAggregatorPtr field, bool round)
      : OverSketch(std::move(name), std::move(field)), round_(round) {}

  Value compute(const RowValues& row) const override {
    const double estimate = hll_of(operand(row), name()).estimate();
    return round_ ? std::floor(estimate + 0.5) : estimate;
  }

 private:
  bool round_;
};

class HllBounds final : public OverSketch {
 public:
  HllBounds(std::string name, PostAggregatorPtr field, int deviations)
      : OverSketch(std::move(name), std::move(field)), deviations_(deviations) {}

  Value compute(const RowValues& row) const override {
    const sketch::Hll sketch = hll_of(operand(row), name());
    return list_of({sketch.estimate(), sketch.lower_bound(deviations_), sketch.upper_bound(deviations_)});
  }

 private:
  int deviations_;
};

class HllUnion final : public PostAggregator {
 public:
  HllUnion(std::string name, std::vector<PostAggregatorPtr> fields, int lg_k, sketch::HllType type)
      : PostAggregator(std::move(name)), fields_(std::move(fields)), lg_k_(lg_k), type_(type) {}

  Value compute(const RowValues& row) const override {
    sketch::Hll all(lg_k_);
    for (const PostAggregatorPtr& field : fields_) all.merge(hll_of(field->compute(row), name()));
    return ComplexBytes{all.compact_bytes(type_)};
  }

  int compare(const Value& left, const Value& right) const override {
    if (is_null(left) || is_null(right)) return compare_values(left, right);
    return compare_doubles(hll_of(left, name()).estimate(), hll_of(right, name()).estimate());
  }

 private:
  std::vector<PostAggregatorPtr> fields_;
  int lg_k_;
  sketch::HllType type_;
};

class HllText final : public OverSketch {
 public:
  using OverSketch::OverSketch;

  Value compute(const RowValues& row) const override {
    const Value value = operand(row);
    const std::span<const std::byte> bytes = sketch_bytes(value, name());
    if (!bytes.empty()) return as_input(name(), [&] { return sketch::Hll::summary_of(bytes); });
    const std::string empty = hll_of(value, name()).compact_bytes(sketch::HllType::kHll4);
    return sketch::Hll::summary_of(std::as_bytes(std::span(empty)));
  }
};

PostAggregatorPtr parse_estimate(const JsonField& json, const NameScope& scope, std::string name) {
  return std::make_shared<HllEstimate>(std::move(name), parse_sketch_field(json["field"], scope),
                                       json["round"].boolean_or(false));
}

PostAggregatorPtr parse_bounds(const JsonField& json, const NameScope& scope, std::string name) {
  const std::int64_t deviations = option(json["numStdDev"], 1, 1, 3);
  return std::make_shared<HllBounds>(std::move(name), parse_sketch_field(json["field"], scope),
                                     static_cast<int>(deviations));
}

PostAggregatorPtr parse_union(const JsonField& json, const NameScope& scope, std::string name) {
  constexpr std::int64_t kLgKDefault = 12;
  constexpr std::int64_t kLgKMin = 4;  // where sketches are united, DataSketches does check it
  constexpr std::int64_t kLgKMax = 21;
  constexpr std::array<std::string_view, 3> kTypes = {"HLL_4", "HLL_6", "HLL_8"};
  const std::int64_t lg_k = option(json["lgK"], kLgKDefault, kLgKMin, kLgKMax);
  const std::string type = json["tgtHllType"].string_or(kTypes[0]);
  const auto found = std::find(kTypes.begin(), kTypes.end(), type);
  if (found == kTypes.end()) json["tgtHllType"].fail("must be HLL_4, HLL_6 or HLL_8");
  return std::make_shared<HllUnion>(std::move(name), parse_fields(json, scope, 0), static_cast<int>(lg_k),
                                    static_cast<sketch::HllType>(found - kTypes.begin()));
}

PostAggregatorPtr parse_text(const JsonField& json, const NameScope& scope, std::string name) {
  return std::make_shared<HllText>(std::move(name), parse_sketch_field(json["field"], scope));
}

}  // namespace

void register_hll_post_aggregators(PostAggregatorRegistry& registry) {
  registry.add({.type = "HLLSketchEstimate", .parse = parse_estimate, .doc = "The estimate of an HLL sketch."});
  registry.add({.type = "HLLSketchEstimateWithBounds",
                .parse = parse_bounds,
                .doc = "The estimate of an HLL sketch, its lower and its upper bound."});
  registry.add({.type = "HLLSketchUnion", .parse = parse_union, .doc = "The union of HLL sketches, as a sketch."});
  registry.add({.type = "HLLSketchToString", .parse = parse_text, .doc = "What an HLL sketch is like, in words."});
}

}  // namespace sarsen::engine
