// What is read from sketches of a distribution: quantiles, ranks, histograms. Three families share it:
// quantilesDoublesSketchTo…, KllDoublesSketchTo…, KllFloatsSketchTo….

#include <cmath>
#include <limits>
#include <optional>

#include "engine/post_aggregator/sketch_field.h"
#include "engine/sketch/kll.h"
#include "engine/sketch/quantiles.h"

namespace sarsen::engine {
namespace {

constexpr std::int64_t kBinsDefault = 10;
constexpr std::int64_t kBinsMax = 1'000'000;

struct Classic {
  using Number = double;
  using Sketch = sketch::Quantiles;
  static constexpr bool kEmptyHasQuantile = true;  // NaN; a KLL sketch refuses
  static Sketch empty() { return Sketch(128); }
};

template <class T>
struct KllFamily {
  using Number = T;
  using Sketch = sketch::Kll<T>;
  static constexpr bool kEmptyHasQuantile = false;
  static Sketch empty() { return Sketch(Sketch::kKDefault); }
};

template <class Family>
typename Family::Sketch sketch_of(const Value& value, const std::string& name) {
  const std::span<const std::byte> bytes = sketch_bytes(value, name);
  if (bytes.empty()) return Family::empty();
  return as_input(name, [&] { return Family::Sketch::parse(bytes); });
}

void check_fraction(double fraction) {
  if (fraction >= 0 && fraction <= 1) return;
  throw Error(ErrorCategory::kInvalidInput, "A normalized rank must be >= 0 and <= 1.0: " + Json(fraction).dump());
}

template <class T>
void check_splits(const std::vector<T>& splits) {
  bool ascending = splits.size() != 1 || splits[0] == splits[0];
  for (std::size_t i = 1; i < splits.size(); ++i) ascending = ascending && splits[i - 1] < splits[i];
  if (!ascending)
    throw Error(ErrorCategory::kInvalidInput, "Values must be unique, monotonically increasing and not NaN.");
}

template <class T>
std::vector<T> narrowed(const std::vector<double>& numbers) {
  return {numbers.begin(), numbers.end()};
}

template <class Family>
class ToQuantile final : public OverSketch {
 public:
  ToQuantile(std::string name, PostAggregatorPtr field, double fraction)
      : OverSketch(std::move(name), std::move(field)), fraction_(fraction) {}

  Value compute(const RowValues& row) const override {
    const auto sketch = sketch_of<Family>(operand(row), name());
    if (sketch.empty()) return of_nothing();
    check_fraction(fraction_);
    return sketch.sorted().quantile(fraction_);
  }

 private:
  static Value of_nothing() {
    if (Family::kEmptyHasQuantile) return std::numeric_limits<double>::quiet_NaN();
    throw Error(ErrorCategory::kInvalidInput, "The sketch must not be empty for this operation. ");
  }

  double fraction_;
};

template <class Family>
class ToQuantiles final : public OverSketch {
 public:
  ToQuantiles(std::string name, PostAggregatorPtr field, std::vector<double> fractions)
      : OverSketch(std::move(name), std::move(field)), fractions_(std::move(fractions)) {}

  Value compute(const RowValues& row) const override {
    const auto sketch = sketch_of<Family>(operand(row), name());
    const auto sorted = sketch.sorted();
    ListElements quantiles;
    for (const double fraction : fractions_) {
      if (!sketch.empty()) check_fraction(fraction);
      quantiles.emplace_back(sketch.empty() ? std::numeric_limits<typename Family::Number>::quiet_NaN()
                                            : sorted.quantile(fraction));
    }
    return List(std::move(quantiles));
  }

 private:
  std::vector<double> fractions_;
};

template <class Family>
class ToRank final : public OverSketch {
 public:
  ToRank(std::string name, PostAggregatorPtr field, double value)
      : OverSketch(std::move(name), std::move(field)), value_(value) {}

  Value compute(const RowValues& row) const override {
    const auto sketch = sketch_of<Family>(operand(row), name());
    if (sketch.empty()) return std::numeric_limits<double>::quiet_NaN();
    return sketch.sorted().rank(static_cast<typename Family::Number>(value_));
  }

 private:
  double value_;
};

template <class Family>
class ToRanks final : public OverSketch {
 public:
  ToRanks(std::string name, PostAggregatorPtr field, const std::vector<double>& splits)
      : OverSketch(std::move(name), std::move(field)), splits_(narrowed<typename Family::Number>(splits)) {}

  Value compute(const RowValues& row) const override {
    const auto sketch = sketch_of<Family>(operand(row), name());
    if (sketch.empty())
      return list_of(std::vector<double>(splits_.size() + 1, std::numeric_limits<double>::quiet_NaN()));
    check_splits(splits_);
    return list_of(sketch.sorted().ranks(splits_));
  }

 private:
  std::vector<typename Family::Number> splits_;
};

template <class Family>
class ToHistogram final : public OverSketch {
 public:
  using Number = typename Family::Number;

  /// Without splits: so many bins of equal width.
  ToHistogram(std::string name, PostAggregatorPtr field, std::optional<std::vector<double>> splits, std::size_t bins)
      : OverSketch(std::move(name), std::move(field)), bins_(bins) {
    if (splits) splits_ = narrowed<Number>(*splits);
  }

  Value compute(const RowValues& row) const override {
    const auto sketch = sketch_of<Family>(operand(row), name());
    if (bins_ < 2) throw Error(ErrorCategory::kInvalidInput, "at least 2 bins expected");
    if (sketch.empty()) return list_of(std::vector<double>(bins_, std::numeric_limits<double>::quiet_NaN()));
    const std::vector<Number> splits = splits_ ? *splits_ : even_splits(sketch.min(), sketch.max());
    check_splits(splits);
    std::vector<double> counts = sketch.sorted().masses(splits);
    for (double& count : counts) count *= static_cast<double>(sketch.n());
    return list_of(counts);
  }

 private:
  std::vector<Number> even_splits(Number least, Number greatest) const {
    const Number width = (greatest - least) / static_cast<Number>(bins_);
    std::vector<Number> splits;
    for (std::size_t i = 1; i < bins_; ++i) splits.push_back(least + width * static_cast<Number>(i));
    return splits;
  }

  std::optional<std::vector<Number>> splits_;
  std::size_t bins_;
};

template <class Family>
class ToText final : public OverSketch {
 public:
  using OverSketch::OverSketch;
  Value compute(const RowValues& row) const override { return sketch_of<Family>(operand(row), name()).summary(); }
};

double number_or_zero(const JsonField& json) { return json.present() ? json.number() : 0; }

template <class Family>
PostAggregatorPtr parse_quantile(const JsonField& json, const NameScope& scope, std::string name) {
  return std::make_shared<ToQuantile<Family>>(std::move(name), parse_sketch_field(json["field"], scope),
                                              number_or_zero(json["fraction"]));
}

template <class Family>
PostAggregatorPtr parse_quantiles(const JsonField& json, const NameScope& scope, std::string name) {
  return std::make_shared<ToQuantiles<Family>>(std::move(name), parse_sketch_field(json["field"], scope),
                                               numbers_of(json["fractions"]));
}

template <class Family>
PostAggregatorPtr parse_rank(const JsonField& json, const NameScope& scope, std::string name) {
  return std::make_shared<ToRank<Family>>(std::move(name), parse_sketch_field(json["field"], scope),
                                          number_or_zero(json["value"]));
}

template <class Family>
PostAggregatorPtr parse_ranks(const JsonField& json, const NameScope& scope, std::string name) {
  return std::make_shared<ToRanks<Family>>(std::move(name), parse_sketch_field(json["field"], scope),
                                           numbers_of(json["splitPoints"]));
}

template <class Family>
PostAggregatorPtr parse_histogram(const JsonField& json, const NameScope& scope, std::string name) {
  const JsonField points = json["splitPoints"];
  if (points.present() && json["numBins"].present()) points.fail("give either splitPoints or numBins, not both");
  std::optional<std::vector<double>> splits;
  if (points.present()) splits = numbers_of(points);
  const std::int64_t bins = json["numBins"].integer_or(kBinsDefault);
  if (bins < 0 || bins > kBinsMax) json["numBins"].fail("must be from 2 to 1000000");
  return std::make_shared<ToHistogram<Family>>(std::move(name), parse_sketch_field(json["field"], scope), splits,
                                               splits ? splits->size() + 1 : static_cast<std::size_t>(bins));
}

template <class Family>
PostAggregatorPtr parse_text(const JsonField& json, const NameScope& scope, std::string name) {
  return std::make_shared<ToText<Family>>(std::move(name), parse_sketch_field(json["field"], scope));
}

struct Names {
  std::string_view quantile;
  std::string_view quantiles;
  std::string_view rank;
  std::string_view ranks;
  std::string_view histogram;
  std::string_view text;
};

template <class Family>
void add(PostAggregatorRegistry& registry, const Names& names) {
  registry.add({.type = names.quantile, .parse = parse_quantile<Family>, .doc = "The value at a rank, `fraction`."});
  registry.add({.type = names.quantiles, .parse = parse_quantiles<Family>, .doc = "The values at `fractions`."});
  registry.add({.type = names.rank, .parse = parse_rank<Family>, .doc = "The part of values up to `value`."});
  registry.add({.type = names.ranks, .parse = parse_ranks<Family>, .doc = "The ranks of `splitPoints`, and 1."});
  registry.add({.type = names.histogram,
                .parse = parse_histogram<Family>,
                .doc = "Counts between `splitPoints`, or in `numBins` pieces of equal width."});
  registry.add({.type = names.text, .parse = parse_text<Family>, .doc = "What the sketch is like, in words."});
}

}  // namespace

void register_quantiles_post_aggregators(PostAggregatorRegistry& registry) {
  add<Classic>(registry,
               {"quantilesDoublesSketchToQuantile", "quantilesDoublesSketchToQuantiles", "quantilesDoublesSketchToRank",
                "quantilesDoublesSketchToCDF", "quantilesDoublesSketchToHistogram", "quantilesDoublesSketchToString"});
  add<KllFamily<double>>(registry,
                         {"KllDoublesSketchToQuantile", "KllDoublesSketchToQuantiles", "KllDoublesSketchToRank",
                          "KllDoublesSketchToCDF", "KllDoublesSketchToHistogram", "KllDoublesSketchToString"});
  add<KllFamily<float>>(registry, {"KllFloatsSketchToQuantile", "KllFloatsSketchToQuantiles", "KllFloatsSketchToRank",
                                   "KllFloatsSketchToCDF", "KllFloatsSketchToHistogram", "KllFloatsSketchToString"});
}

}  // namespace sarsen::engine
