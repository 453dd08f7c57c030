// thetaSketchEstimate, thetaSketchSetOp, thetaSketchConstant, thetaSketchToString.

#include <bit>

#include "engine/aggregator/sketch_aggregator.h"
#include "engine/aggregator/theta_bounds.h"
#include "engine/post_aggregator/sketch_field.h"
#include "engine/result/value_order.h"

namespace sarsen::engine {
namespace {

using sketch::CompactTheta;

/// Sketches are ordered by their estimates.
int compare_thetas(const Value& left, const Value& right, const std::string& name) {
  if (is_null(left) || is_null(right)) return compare_values(left, right);
  return compare_doubles(theta_of(left, name).estimate(), theta_of(right, name).estimate());
}

class ThetaEstimate final : public OverSketch {
 public:
  ThetaEstimate(std::string name, PostAggregatorPtr field, int deviations)
      : OverSketch(std::move(name), std::move(field)), deviations_(deviations) {}

  Value compute(const RowValues& row) const override {
    const CompactTheta sketch = theta_of(operand(row), name());
    return deviations_ == 0 ? Value(sketch.estimate()) : theta_with_bounds(sketch, deviations_);
  }

  int compare(const Value& left, const Value& right) const override {
    return compare_values(estimate_of(left), estimate_of(right));
  }

 private:
  static Value estimate_of(const Value& value) {
    const auto* object = std::get_if<Nested>(&value);
    return object == nullptr ? value : Value(object->json.find("estimate")->number());
  }

  int deviations_;
};

enum class SetOperation : std::uint8_t { kUnion, kIntersect, kNot };

class ThetaSetOperation final : public PostAggregator {
 public:
  ThetaSetOperation(std::string name, SetOperation operation, std::uint32_t size, std::vector<PostAggregatorPtr> fields)
      : PostAggregator(std::move(name)), operation_(operation), size_(size), fields_(std::move(fields)) {}

  Value compute(const RowValues& row) const override { return ComplexBytes{result(row).bytes()}; }
  int compare(const Value& left, const Value& right) const override { return compare_thetas(left, right, name()); }

 private:
  CompactTheta operand(const RowValues& row, std::size_t i) const { return theta_of(fields_[i]->compute(row), name()); }

  CompactTheta result(const RowValues& row) const {
    if (operation_ == SetOperation::kUnion) return united(row);
    CompactTheta result = operand(row, 0);
    for (std::size_t i = 1; i < fields_.size(); ++i)
      result = operation_ == SetOperation::kIntersect ? result.intersected(operand(row, i))
                                                      : result.without(operand(row, i));
    return result;
  }

  CompactTheta united(const RowValues& row) const {
    sketch::ThetaUnion all(size_);
    for (std::size_t i = 0; i < fields_.size(); ++i) all.merge(operand(row, i));
    return all.result();
  }

  SetOperation operation_;
  std::uint32_t size_;
  std::vector<PostAggregatorPtr> fields_;
};

class ThetaConstant final : public PostAggregator {
 public:
  ThetaConstant(std::string name, std::string bytes) : PostAggregator(std::move(name)), bytes_{std::move(bytes)} {}
  Value compute(const RowValues&) const override { return bytes_; }
  int compare(const Value&, const Value&) const override { return 0; }

 private:
  ComplexBytes bytes_;
};

class ThetaText final : public OverSketch {
 public:
  using OverSketch::OverSketch;
  Value compute(const RowValues& row) const override { return theta_of(operand(row), name()).summary(); }
};

PostAggregatorPtr parse_estimate(const JsonField& json, const NameScope& scope, std::string name) {
  const JsonField deviations = json["errorBoundsStdDev"];
  const int wanted = deviations.present() ? static_cast<int>(option(deviations, 1, 1, 3)) : 0;
  return std::make_shared<ThetaEstimate>(std::move(name), parse_sketch_field(json["field"], scope), wanted);
}

PostAggregatorPtr parse_set_operation(const JsonField& json, const NameScope& scope, std::string name) {
  constexpr std::int64_t kSizeDefault = 16384;
  constexpr std::int64_t kSizeMin = 16;  // what DataSketches keeps at least
  constexpr std::int64_t kSizeMax = std::int64_t{1} << 26;
  const std::string function = json["func"].string();
  if (function != "UNION" && function != "INTERSECT" && function != "NOT")
    json["func"].fail("must be UNION, INTERSECT or NOT");
  const std::int64_t size = option(json["size"], kSizeDefault, 1, kSizeMax);
  if (!std::has_single_bit(static_cast<std::uint64_t>(size))) json["size"].fail("must be a power of two");
  const SetOperation operation = function == "UNION"       ? SetOperation::kUnion
                                 : function == "INTERSECT" ? SetOperation::kIntersect
                                                           : SetOperation::kNot;
  return std::make_shared<ThetaSetOperation>(
      std::move(name), operation, static_cast<std::uint32_t>(std::max(size, kSizeMin)), parse_fields(json, scope, 2));
}

PostAggregatorPtr parse_constant(const JsonField& json, const NameScope&, std::string name) {
  const std::vector<std::byte> bytes = sketch_from_base64(json["value"].string(), "a thetaSketchConstant");
  const CompactTheta sketch = as_input(name, [&] { return CompactTheta::parse(bytes); });
  return std::make_shared<ThetaConstant>(std::move(name), sketch.bytes());
}

PostAggregatorPtr parse_text(const JsonField& json, const NameScope& scope, std::string name) {
  return std::make_shared<ThetaText>(std::move(name), parse_sketch_field(json["field"], scope));
}

}  // namespace

void register_theta_post_aggregators(PostAggregatorRegistry& registry) {
  registry.add({.type = "thetaSketchEstimate", .parse = parse_estimate, .doc = "The estimate of a theta sketch."});
  registry.add({.type = "thetaSketchSetOp",
                .parse = parse_set_operation,
                .doc = "UNION, INTERSECT or NOT of theta sketches, as a sketch."});
  registry.add({.type = "thetaSketchConstant", .parse = parse_constant, .doc = "A theta sketch, in base64."});
  registry.add({.type = "thetaSketchToString", .parse = parse_text, .doc = "What a theta sketch is like, in words."});
}

}  // namespace sarsen::engine
