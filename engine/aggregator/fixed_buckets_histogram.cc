// fixedBucketsHistogram: counts of numbers in buckets of equal width, of nulls, and of numbers outside.

#include "engine/sketch/fixed_buckets_histogram.h"

#include <algorithm>
#include <array>

#include "engine/aggregator/sketch_aggregator.h"
#include "storage/base/java_number.h"

namespace sarsen::engine {
namespace {

constexpr std::array<std::string_view, 3> kModes = {"ignore", "overflow", "clip"};

struct BucketsKind {
  using Sketch = sketch::FixedBucketsHistogram;
  static constexpr const char* kComplexType = "fixedBucketsHistogram";

  Sketch::Scheme scheme = {};
  bool text_has_numbers = false;  // input rows: text may be a number

  Sketch make() const { return Sketch(scheme); }
  void merge(Sketch& into, const Sketch& from) const { into.combine(from); }
  std::string stored(const Sketch& sketch) const { return sketch.bytes(); }

  void add(Sketch& into, std::optional<double> value) const {
    if (value) {
      into.add(*value);
    } else {
      into.add_missing();
    }
  }
  void add(Sketch& into, std::int64_t value) const { into.add(static_cast<double>(value)); }
  void add(Sketch& into, double value) const { into.add(value); }
  void add_bytes(Sketch& into, std::span<const std::byte> bytes) const { into.combine(Sketch::parse(bytes)); }
  void add_text(Sketch& into, std::string_view text) const {
    const std::optional<double> number = text_has_numbers ? try_parse_double(text) : std::nullopt;
    if (number) return into.add(*number);
    try {
      add_bytes(into, sketch_from_base64(text, "a fixedBucketsHistogram value"));
    } catch (const Error& error) {
      throw Error(ErrorCategory::kInvalidInput, error.what());
    }
  }
  void add(Sketch& into, const ValueView& value) const {
    if (std::holds_alternative<std::monostate>(value)) return into.add_missing();
    add_any(*this, into, value);
  }
};

/// Numbers and nulls.
class NumbersAndNulls {
 public:
  explicit NumbersAndNulls(NumericSource<double>& source) : source_(source) {}

  void read(std::uint32_t begin, std::uint32_t size) { vector_ = source_.read(begin, size); }
  template <class Add>
  void each(std::uint32_t row, Add add) {
    const bool null = vector_.nulls != nullptr && mask_has(vector_.nulls, row);
    add(null ? std::nullopt : std::optional(vector_.values[row]));
  }

 private:
  NumericSource<double>& source_;
  NumericVector<double> vector_{nullptr, nullptr};
};

class BucketsFactory final : public SketchFactoryOf<BucketsKind> {
 public:
  BucketsFactory(std::string name, std::string field_name, const BucketsKind& kind, bool as_bytes)
      : SketchFactoryOf(std::move(name), std::move(field_name), kind), ingesting_(kind), as_bytes_(as_bytes) {
    ingesting_.text_has_numbers = true;
  }

  static std::shared_ptr<const AggregatorFactory> parse(const JsonField& json) {
    BucketsKind kind;
    kind.scheme.lower = json["lowerLimit"].present() ? json["lowerLimit"].number() : 0;
    kind.scheme.upper = json["upperLimit"].present() ? json["upperLimit"].number() : 0;
    if (!(kind.scheme.upper > kind.scheme.lower)) json["upperLimit"].fail("must be greater than lowerLimit");
    const std::int64_t buckets = json["numBuckets"].integer_or(sketch::FixedBucketsHistogram::kBucketsDefault);
    if (buckets < 1 || buckets > sketch::FixedBucketsHistogram::kBucketsMax)
      json["numBuckets"].fail("must be from 1 to 1000000");
    kind.scheme.buckets = static_cast<std::uint32_t>(buckets);
    kind.scheme.outliers = mode(json["outlierHandlingMode"]);
    return std::make_shared<BucketsFactory>(json["name"].string(), json["fieldName"].string(), kind,
                                            json["finalizeAsBase64Binary"].boolean_or(false));
  }

  std::unique_ptr<Aggregator> bind(ColumnSources& columns) const override {
    const std::optional<ColumnKind> column = kind_of_field(columns);
    if (ingests(columns, column))
      return std::make_unique<SketchAggregator<BucketsKind, AnyValueInput>>(ingesting_, columns.values(field_name()));
    if (holds(column, storage::ValueType::kComplex) && column->complex_type != BucketsKind::kComplexType)
      refuse(*column, "numbers and histograms with fixed buckets");
    if (holds(column, storage::ValueType::kComplex) || holds(column, storage::ValueType::kString))
      return aggregator<AnyValueInput>(columns.values(field_name()));
    return aggregator<NumbersAndNulls>(columns.doubles(field_name()));  // no column: all null
  }

  Value finalise(const std::byte* state) const override {
    if (as_bytes_) return intermediate(state);
    return (held(state) == nullptr ? kind().make() : *held(state)).text();
  }

  Value ordered_by(const std::byte* state) const override {
    return held(state) == nullptr ? std::int64_t{0} : held(state)->count();
  }

  Value intermediate(const std::byte* state) const override {
    return ComplexBytes{(held(state) == nullptr ? kind().make() : *held(state)).bytes()};
  }

  std::unique_ptr<AggregatorFactory> combining() const override {
    return std::make_unique<BucketsFactory>(name(), name(), kind(), as_bytes_);
  }

  Json to_json() const override {
    const auto& scheme = kind().scheme;
    return Json::Object{{"type", "fixedBucketsHistogram"},
                        {"name", name()},
                        {"fieldName", field_name()},
                        {"numBuckets", static_cast<std::int64_t>(scheme.buckets)},
                        {"lowerLimit", scheme.lower},
                        {"upperLimit", scheme.upper},
                        {"outlierHandlingMode", kModes[static_cast<std::size_t>(scheme.outliers)]},
                        {"finalizeAsBase64Binary", as_bytes_}};
  }

 private:
  static sketch::FixedBucketsHistogram::Outliers mode(const JsonField& json) {
    std::string word = json.string();
    std::transform(word.begin(), word.end(), word.begin(), [](char letter) {
      return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
    });
    const auto found = std::find(kModes.begin(), kModes.end(), word);
    if (found == kModes.end()) json.fail("must be ignore, overflow or clip");
    return static_cast<sketch::FixedBucketsHistogram::Outliers>(found - kModes.begin());
  }

  BucketsKind ingesting_;
  bool as_bytes_;
};

}  // namespace

void register_fixed_buckets_histogram(AggregatorRegistry& registry) {
  registry.add({.type = "fixedBucketsHistogram",
                .parse = BucketsFactory::parse,
                .doc = "A histogram of numbers with buckets of equal width."});
}

}  // namespace sarsen::engine
