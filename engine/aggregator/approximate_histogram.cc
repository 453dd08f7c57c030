// approxHistogram over numbers, approxHistogramFold over stored histograms: the shape of a distribution, in buckets.

#include "engine/sketch/approximate_histogram.h"

#include "engine/aggregator/histogram_value.h"
#include "engine/aggregator/sketch_aggregator.h"
#include "storage/base/java_number.h"

namespace sarsen::engine {
namespace {

constexpr std::int64_t kBucketsDefault = 7;
constexpr std::int64_t kBucketsMax = 1'000'000;

struct HistogramKind {
  using Sketch = sketch::ApproximateHistogram;
  static constexpr const char* kComplexType = "approximateHistogram";

  std::uint32_t size = Sketch::kSizeDefault;
  Sketch::Limits limits = {};

  Sketch make() const { return {size, limits}; }
  void merge(Sketch& into, const Sketch& from) const { into.fold(from); }
  std::string stored(const Sketch& sketch) const { return sketch.bytes(); }

  void add(Sketch& into, float value) const { into.offer(value); }
  void add(Sketch& into, std::int64_t value) const { into.offer(static_cast<float>(value)); }
  void add(Sketch& into, double value) const { into.offer(static_cast<float>(value)); }
  void add_bytes(Sketch& into, std::span<const std::byte> bytes) const { into.fold(Sketch::parse(bytes)); }

  /// A number, or a histogram in base64.
  void add_text(Sketch& into, std::string_view text) const {
    if (const std::optional<float> number = try_parse_float(text)) {
      into.offer(*number);
    } else {
      add_bytes(into, sketch_from_base64(text, "an approximate histogram"));
    }
  }
  void add(Sketch& into, const ValueView& value) const { add_any(*this, into, value); }
};

/// Text that is read as 0 where it is no number: what Druid makes of a column of strings.
class TextAsNumbers {
 public:
  explicit TextAsNumbers(StringSource& source) : source_(source) {}

  void read(std::uint32_t begin, std::uint32_t size) {
    if (source_.multiple_values()) {
      lists_ = source_.read_lists(begin, size);
    } else {
      ids_ = source_.read_ids(begin, size);
    }
  }

  template <class Add>
  void each(std::uint32_t row, Add add) {
    const bool null = ids_ == nullptr ? lists_.offsets[row] == lists_.offsets[row + 1]
                                      : !source_.dictionary().value(ids_[row]).has_value();
    if (!null) add(0.0F);
  }

 private:
  StringSource& source_;
  const std::uint32_t* ids_ = nullptr;
  storage::StringReader::Lists lists_{nullptr, nullptr};
};

struct HistogramOptions {
  HistogramKind kind;
  std::uint32_t buckets = static_cast<std::uint32_t>(kBucketsDefault);
  bool folds = false;
  bool as_bytes = false;
};

class HistogramFactory final : public SketchFactoryOf<HistogramKind> {
 public:
  HistogramFactory(std::string name, std::string field_name, HistogramOptions options)
      : SketchFactoryOf(std::move(name), std::move(field_name), options.kind), options_(options) {}

  template <bool kFolds>
  static std::shared_ptr<const AggregatorFactory> parse(const JsonField& json) {
    const std::int64_t size = json["resolution"].integer_or(sketch::ApproximateHistogram::kSizeDefault);
    if (size < 1 || size > sketch::ApproximateHistogram::kSizeMax)
      json["resolution"].fail("must be from 1 to 16777215");
    const std::int64_t buckets = json["numBuckets"].integer_or(kBucketsDefault);
    if (buckets < 1 || buckets > kBucketsMax) json["numBuckets"].fail("must be from 1 to 1000000");
    HistogramOptions options;
    options.kind.size = static_cast<std::uint32_t>(size);
    if (json["lowerLimit"].present()) options.kind.limits.lower = static_cast<float>(json["lowerLimit"].number());
    if (json["upperLimit"].present()) options.kind.limits.upper = static_cast<float>(json["upperLimit"].number());
    if (!(options.kind.limits.upper > options.kind.limits.lower))
      json["upperLimit"].fail("must be greater than lowerLimit");
    options.buckets = static_cast<std::uint32_t>(buckets);
    options.folds = kFolds;
    options.as_bytes = json["finalizeAsBase64Binary"].boolean_or(false);
    return std::make_shared<HistogramFactory>(json["name"].string(), json["fieldName"].string(), options);
  }

  std::unique_ptr<Aggregator> bind(ColumnSources& columns) const override {
    const std::optional<ColumnKind> column = kind_of_field(columns);
    if (!column) return aggregator<NoInput>();
    if (holds(column, storage::ValueType::kComplex)) {
      if (!options_.folds || column->complex_type != HistogramKind::kComplexType) refuse(*column, wanted());
      return aggregator<ValueInput>(columns.values(field_name()));
    }
    if (ingests(columns, column)) {
      if (options_.folds) return aggregator<ValueInput>(columns.values(field_name()));
      return aggregator<NumericInput<float>>(columns.floats(field_name()));
    }
    if (options_.folds) refuse(*column, wanted());
    if (StringSource* strings = columns.strings(field_name())) return aggregator<TextAsNumbers>(*strings);
    return aggregator<NumericInput<float>>(columns.floats(field_name()));
  }

  Value finalise(const std::byte* state) const override {
    const sketch::ApproximateHistogram histogram = held(state) == nullptr ? kind().make() : *held(state);
    if (options_.as_bytes) return ComplexBytes{histogram.bytes()};
    if (options_.buckets < 2)
      throw Error(ErrorCategory::kInvalidInput, "A histogram needs numBuckets greater than 1: " + name());
    return histogram_value(histogram, histogram.equal_breaks(options_.buckets));
  }

  Value ordered_by(const std::byte* state) const override {
    return held(state) == nullptr ? std::int64_t{0} : static_cast<std::int64_t>(held(state)->count());
  }

  Value intermediate(const std::byte* state) const override {
    return ComplexBytes{(held(state) == nullptr ? kind().make() : *held(state)).bytes()};
  }

  std::unique_ptr<AggregatorFactory> combining() const override {
    HistogramOptions folding = options_;
    folding.folds = true;
    return std::make_unique<HistogramFactory>(name(), name(), folding);
  }

  Json to_json() const override {
    const auto& limits = kind().limits;
    Json::Object json{{"type", options_.folds ? "approxHistogramFold" : "approxHistogram"},
                      {"name", name()},
                      {"fieldName", field_name()},
                      {"resolution", static_cast<std::int64_t>(kind().size)},
                      {"numBuckets", static_cast<std::int64_t>(options_.buckets)},
                      {"lowerLimit", static_cast<double>(limits.lower)},
                      {"upperLimit", static_cast<double>(limits.upper)}};
    if (options_.as_bytes) json.emplace_back("finalizeAsBase64Binary", true);
    return json;
  }

 private:
  std::string_view wanted() const noexcept { return options_.folds ? "stored histograms" : "numbers"; }

  HistogramOptions options_;
};

}  // namespace

Value histogram_value(const sketch::ApproximateHistogram& histogram, const std::vector<float>& breaks) {
  Json::Array edges;
  for (const float edge : breaks) edges.emplace_back(static_cast<double>(edge));
  Json::Array counts;
  for (const double count : histogram.counts_between(breaks)) counts.emplace_back(count);
  return Nested{Json::Object{{"breaks", std::move(edges)}, {"counts", std::move(counts)}}};
}

void register_approximate_histogram(AggregatorRegistry& registry) {
  registry.add({.type = "approxHistogram",
                .parse = HistogramFactory::parse<false>,
                .doc = "An approximate histogram of numbers."});
  registry.add({.type = "approxHistogramFold",
                .parse = HistogramFactory::parse<true>,
                .doc = "Stored approximate histograms, merged."});
}

}  // namespace sarsen::engine
