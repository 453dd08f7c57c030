// What is computed from tuple sketches of doubles: arrayOfDoublesSketchTo…, …SetOp, …TTest, …Constant.

#include <bit>
#include <cmath>
#include <limits>

#include "engine/aggregator/sketch_aggregator.h"
#include "engine/post_aggregator/sketch_field.h"
#include "engine/post_aggregator/student_t.h"
#include "engine/sketch/quantiles.h"
#include "storage/base/base64.h"

namespace sarsen::engine {
namespace {

using sketch::CompactTuple;

/// Mean and variance of one column, as they come.
struct Moments {
  std::uint64_t count = 0;
  double mean = 0;
  double squares = 0;

  void add(double value) noexcept {
    ++count;
    const double distance = value - mean;
    const double step = distance / static_cast<double>(count);
    mean += step;
    squares += static_cast<double>(count - 1) * distance * step;
  }
  double mean_or_nan() const noexcept { return count == 0 ? std::numeric_limits<double>::quiet_NaN() : mean; }
  double variance() const noexcept {
    if (count == 0) return std::numeric_limits<double>::quiet_NaN();
    return count == 1 ? 0.0 : squares / static_cast<double>(count - 1);
  }
};

std::vector<Moments> moments_of(const CompactTuple& sketch) {
  std::vector<Moments> moments(sketch.width);
  for (std::size_t entry = 0; entry < sketch.hashes.size(); ++entry)
    for (std::size_t i = 0; i < sketch.width; ++i) moments[i].add(sketch.numbers_of(entry)[i]);
  return moments;
}

/// One that needs nothing but its sketch: `read` makes the value of it.
class OfTuple final : public OverSketch {
 public:
  using Compute = Value (*)(const CompactTuple& sketch);

  OfTuple(std::string name, PostAggregatorPtr field, Compute read)
      : OverSketch(std::move(name), std::move(field)), read_(read) {}
  Value compute(const RowValues& row) const override { return read_(tuple_of(operand(row), name())); }

 private:
  Compute read_;
};

Value estimate(const CompactTuple& sketch) { return sketch.estimate(); }
Value entries(const CompactTuple& sketch) { return static_cast<std::int64_t>(sketch.hashes.size()); }
Value summary(const CompactTuple& sketch) { return sketch.summary(); }
Value base64_text(const CompactTuple& sketch) { return base64(sketch.bytes()); }

Value means(const CompactTuple& sketch) {
  std::vector<double> means;
  for (const Moments& column : moments_of(sketch)) means.push_back(column.mean_or_nan());
  return list_of(means);
}

Value variances(const CompactTuple& sketch) {
  std::vector<double> variances;
  for (const Moments& column : moments_of(sketch)) variances.push_back(column.variance());
  return list_of(variances);
}

Value sums(const CompactTuple& sketch) {
  std::vector<double> sums(sketch.width);
  for (std::size_t entry = 0; entry < sketch.hashes.size(); ++entry)
    for (std::size_t i = 0; i < sketch.width; ++i) sums[i] += sketch.numbers_of(entry)[i];
  const double part = static_cast<double>(sketch.theta) / static_cast<double>(CompactTuple::kThetaMax);
  for (double& sum : sums) sum /= part;
  return list_of(sums);
}

/// Only this one is null of no sketch: in Druid, too.
class TupleSums final : public OverSketch {
 public:
  using OverSketch::OverSketch;
  Value compute(const RowValues& row) const override {
    const Value sketch = operand(row);
    return is_null(sketch) ? Value() : sums(tuple_of(sketch, name()));
  }
};

PostAggregatorPtr parse_sums(const JsonField& json, const NameScope& scope, std::string name) {
  return std::make_shared<TupleSums>(std::move(name), parse_sketch_field(json["field"], scope));
}

template <OfTuple::Compute kCompute>
PostAggregatorPtr parse_of(const JsonField& json, const NameScope& scope, std::string name) {
  return std::make_shared<OfTuple>(std::move(name), parse_sketch_field(json["field"], scope), kCompute);
}

class TupleBounds final : public OverSketch {
 public:
  TupleBounds(std::string name, PostAggregatorPtr field, int deviations)
      : OverSketch(std::move(name), std::move(field)), deviations_(deviations) {}
  Value compute(const RowValues& row) const override {
    const CompactTuple sketch = tuple_of(operand(row), name());
    return list_of({sketch.estimate(), sketch.lower_bound(deviations_), sketch.upper_bound(deviations_)});
  }

 private:
  int deviations_;
};

/// A column's numbers as a quantiles sketch.
class TupleQuantiles final : public OverSketch {
 public:
  TupleQuantiles(std::string name, PostAggregatorPtr field, std::size_t column, std::uint32_t k)
      : OverSketch(std::move(name), std::move(field)), column_(column), k_(k) {}

  Value compute(const RowValues& row) const override {
    const CompactTuple sketch = tuple_of(operand(row), name());
    if (column_ > sketch.width)
      throw Error(ErrorCategory::kInvalidInput, "The post-aggregator \"" + name() + "\" asks for column " +
                                                    std::to_string(column_) + " of " + std::to_string(sketch.width));
    sketch::Quantiles quantiles(k_);
    for (std::size_t entry = 0; entry < sketch.hashes.size(); ++entry)
      quantiles.update(sketch.numbers_of(entry)[column_ - 1]);
    return ComplexBytes{quantiles.bytes()};
  }

 private:
  std::size_t column_;  // from 1
  std::uint32_t k_;
};

class TupleSetOperation final : public PostAggregator {
 public:
  TupleSetOperation(std::string name, std::string operation, std::vector<PostAggregatorPtr> fields,
                    std::uint32_t entries, std::size_t width)
      : PostAggregator(std::move(name)),
        operation_(std::move(operation)),
        fields_(std::move(fields)),
        entries_(entries),
        width_(width) {}

  Value compute(const RowValues& row) const override { return ComplexBytes{result(row).bytes()}; }

 private:
  CompactTuple operand(const RowValues& row, std::size_t i) const { return tuple_of(fields_[i]->compute(row), name()); }

  CompactTuple result(const RowValues& row) const {
    if (operation_ == "UNION") {
      sketch::TupleSketch all(entries_, width_);
      for (std::size_t i = 0; i < fields_.size(); ++i) all.merge(operand(row, i));
      return all.result();
    }
    CompactTuple result = operand(row, 0);
    for (std::size_t i = 1; i < fields_.size(); ++i)
      result = operation_ == "NOT" ? result.without(operand(row, i)) : result.intersected(operand(row, i));
    return result;
  }

  std::string operation_;
  std::vector<PostAggregatorPtr> fields_;
  std::uint32_t entries_;
  std::size_t width_;
};

/// Of each column: how likely two sketches' means differ as much by chance.
class TupleTTest final : public PostAggregator {
 public:
  TupleTTest(std::string name, std::vector<PostAggregatorPtr> fields)
      : PostAggregator(std::move(name)), fields_(std::move(fields)) {}

  Value compute(const RowValues& row) const override {
    const CompactTuple left = tuple_of(fields_[0]->compute(row), name());
    const CompactTuple right = tuple_of(fields_[1]->compute(row), name());
    if (left.width != right.width)
      throw Error(ErrorCategory::kInvalidInput, "Sketches have different number of values: " +
                                                    std::to_string(left.width) + " and " + std::to_string(right.width));
    const std::vector<Moments> mine = moments_of(left);
    const std::vector<Moments> theirs = moments_of(right);
    std::vector<double> chances;
    for (std::size_t i = 0; i < mine.size(); ++i) chances.push_back(chance(mine[i], theirs[i]));
    return list_of(chances);
  }

 private:
  static double chance(const Moments& left, const Moments& right) {
    if (left.count < 2 || right.count < 2)
      throw Error(ErrorCategory::kInvalidInput, "A t-test needs at least two values of each sketch");
    const double mine = left.variance() / static_cast<double>(left.count);
    const double theirs = right.variance() / static_cast<double>(right.count);
    const double t = (left.mean - right.mean) / std::sqrt(mine + theirs);
    const double freedom =
        (mine + theirs) * (mine + theirs) /
        (mine * mine / static_cast<double>(left.count - 1) + theirs * theirs / static_cast<double>(right.count - 1));
    return student_t_two_sided(t, freedom);
  }

  std::vector<PostAggregatorPtr> fields_;
};

class TupleConstant final : public PostAggregator {
 public:
  TupleConstant(std::string name, std::string bytes) : PostAggregator(std::move(name)), bytes_{std::move(bytes)} {}
  Value compute(const RowValues&) const override { return bytes_; }

 private:
  ComplexBytes bytes_;
};

PostAggregatorPtr parse_bounds(const JsonField& json, const NameScope& scope, std::string name) {
  const std::int64_t deviations = option(json["numStdDevs"], 1, 1, 3);
  return std::make_shared<TupleBounds>(std::move(name), parse_sketch_field(json["field"], scope),
                                       static_cast<int>(deviations));
}

PostAggregatorPtr parse_quantiles(const JsonField& json, const NameScope& scope, std::string name) {
  constexpr std::int64_t kKDefault = 128;
  const std::int64_t column = option(json["column"], 1, 1, sketch::TupleSketch::kWidthMax);
  const std::int64_t k = option(json["k"], kKDefault, sketch::Quantiles::kKMin, sketch::Quantiles::kKMax);
  if (!std::has_single_bit(static_cast<std::uint64_t>(k))) json["k"].fail("must be a power of two");
  return std::make_shared<TupleQuantiles>(std::move(name), parse_sketch_field(json["field"], scope),
                                          static_cast<std::size_t>(column), static_cast<std::uint32_t>(k));
}

PostAggregatorPtr parse_set_operation(const JsonField& json, const NameScope& scope, std::string name) {
  constexpr std::int64_t kEntriesDefault = 4096;
  constexpr std::int64_t kEntriesMin = 16;
  const std::string operation = json["operation"].string();
  if (operation != "UNION" && operation != "INTERSECT" && operation != "NOT")
    json["operation"].fail("must be UNION, INTERSECT or NOT");
  const std::int64_t entries = option(json["nominalEntries"], kEntriesDefault, 1, sketch::TupleSketch::kEntriesMax);
  if (!std::has_single_bit(static_cast<std::uint64_t>(entries))) json["nominalEntries"].fail("must be a power of two");
  const std::int64_t width = option(json["numberOfValues"], 1, 0, sketch::TupleSketch::kWidthMax);
  return std::make_shared<TupleSetOperation>(std::move(name), operation, parse_fields(json, scope, 2),
                                             static_cast<std::uint32_t>(std::max(entries, kEntriesMin)),
                                             static_cast<std::size_t>(width));
}

PostAggregatorPtr parse_t_test(const JsonField& json, const NameScope& scope, std::string name) {
  std::vector<PostAggregatorPtr> fields = parse_fields(json, scope, 2);
  if (fields.size() != 2) json["fields"].fail("must be two post-aggregators");
  return std::make_shared<TupleTTest>(std::move(name), std::move(fields));
}

PostAggregatorPtr parse_constant(const JsonField& json, const NameScope&, std::string name) {
  const std::vector<std::byte> bytes = sketch_from_base64(json["value"].string(), "an arrayOfDoublesSketchConstant");
  const CompactTuple sketch = as_input(name, [&] { return CompactTuple::parse(bytes); });
  return std::make_shared<TupleConstant>(std::move(name), sketch.bytes());
}

}  // namespace

void register_array_of_doubles_post_aggregators(PostAggregatorRegistry& registry) {
  registry.add({.type = "arrayOfDoublesSketchToEstimate", .parse = parse_of<estimate>, .doc = "Its estimate."});
  registry.add({.type = "arrayOfDoublesSketchToEstimateAndBounds",
                .parse = parse_bounds,
                .doc = "Its estimate, lower and upper bound."});
  registry.add(
      {.type = "arrayOfDoublesSketchToNumEntries", .parse = parse_of<entries>, .doc = "How many keys it holds."});
  registry.add({.type = "arrayOfDoublesSketchToMeans", .parse = parse_of<means>, .doc = "The means of its columns."});
  registry.add({.type = "arrayOfDoublesSketchToVariances",
                .parse = parse_of<variances>,
                .doc = "The variances of its columns."});
  registry.add({.type = "arrayOfDoublesSketchToMetricsSumEstimate",
                .parse = parse_sums,
                .doc = "The estimated sums of its columns."});
  registry.add({.type = "arrayOfDoublesSketchToQuantilesSketch",
                .parse = parse_quantiles,
                .doc = "One of its columns as a quantiles sketch."});
  registry.add(
      {.type = "arrayOfDoublesSketchToString", .parse = parse_of<summary>, .doc = "What it is like, in words."});
  registry.add(
      {.type = "arrayOfDoublesSketchToBase64String", .parse = parse_of<base64_text>, .doc = "Its bytes, as text."});
  registry.add({.type = "arrayOfDoublesSketchSetOp",
                .parse = parse_set_operation,
                .doc = "UNION, INTERSECT or NOT of sketches, as a sketch."});
  registry.add({.type = "arrayOfDoublesSketchTTest",
                .parse = parse_t_test,
                .doc = "How likely the means of two sketches differ as much by chance, by column."});
  registry.add({.type = "arrayOfDoublesSketchConstant", .parse = parse_constant, .doc = "A sketch, in base64."});
}

}  // namespace sarsen::engine
