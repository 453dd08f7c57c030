// KllFloatsSketch, KllDoublesSketch and ...Merge, the forms that they have over their own stored sketches:
// distributions of numbers. The finalised form is their count.

#include <type_traits>

#include "engine/aggregator/sketch_aggregator.h"
#include "engine/sketch/kll.h"
#include "storage/base/java_number.h"

namespace sarsen::engine {
namespace {

constexpr std::int64_t kMaxStreamLengthDefault = 1'000'000'000;

template <class T>
struct KllKind {
  using Sketch = sketch::Kll<T>;
  static constexpr const char* kComplexType = std::is_same_v<T, float> ? "KllFloatsSketch" : "KllDoublesSketch";

  std::uint32_t k = Sketch::kKDefault;

  Sketch make() const { return Sketch(k); }
  void merge(Sketch& into, const Sketch& from) const { into.merge(from); }
  std::string stored(const Sketch& sketch) const { return sketch.bytes(); }

  void add(Sketch& into, std::int64_t value) const { into.update(static_cast<T>(value)); }
  void add(Sketch& into, double value) const { into.update(static_cast<T>(value)); }
  void add(Sketch& into, float value) const { into.update(static_cast<T>(value)); }
  void add_bytes(Sketch& into, std::span<const std::byte> bytes) const { into.merge(Sketch::parse(bytes)); }

  /// A number, or a sketch in base64: those begin with a letter, as the first byte of an image is small.
  void add_text(Sketch& into, std::string_view text) const {
    if (text.empty()) return;
    if (const std::optional<double> number = try_parse_double(text)) {
      add(into, *number);
    } else {
      add_bytes(into, sketch_from_base64(text, "a KLL sketch"));
    }
  }
  void add(Sketch& into, const ValueView& value) const { add_any(*this, into, value); }
};

struct KllOptions {
  std::int64_t k;
  std::int64_t max_stream_length = kMaxStreamLengthDefault;  // sizes Druid's buffers; kept for its JSON
  bool merges = false;
};

template <class T>
class KllFactory final : public SketchFactoryOf<KllKind<T>> {
 public:
  using Base = SketchFactoryOf<KllKind<T>>;
  using Kind = KllKind<T>;

  /// Queries make sketches of the default k whatever they are asked for, as Druid's do; ingestion makes those of `k`.
  KllFactory(std::string name, std::string field_name, KllOptions options)
      : Base(std::move(name), std::move(field_name), Kind()), options_(options) {
    if (fits(options.k)) ingesting_.k = static_cast<std::uint32_t>(options.k);
  }

  template <bool kMerges>
  static std::shared_ptr<const AggregatorFactory> parse(const JsonField& json) {
    const std::int64_t k = json["k"].integer_or(Kind::Sketch::kKDefault);
    if (k < Kind::Sketch::kKMin) json["k"].fail("must be from 8 to 65535");
    const KllOptions options{
        .k = k, .max_stream_length = json["maxStreamLength"].integer_or(kMaxStreamLengthDefault), .merges = kMerges};
    const std::string name = json["name"].string();
    return std::make_shared<KllFactory>(name, kMerges ? name : json["fieldName"].string(), options);
  }

  std::unique_ptr<Aggregator> bind(ColumnSources& columns) const override {
    const std::string& field = this->field_name();
    const std::optional<ColumnKind> column = this->kind_of_field(columns);
    if (!column) return this->template aggregator<NoInput>();
    if (this->ingests(columns, column)) return bind_input(columns);
    if (column->type == storage::ValueType::kComplex) {
      if (column->complex_type != Kind::kComplexType) this->refuse(*column, "numbers and sketches of its own kind");
      return this->template aggregator<ValueInput>(columns.values(field));
    }
    if (column->type == storage::ValueType::kString) return bind_strings(columns, *columns.strings(field), *column);
    return this->template aggregator<NumericInput<double>>(columns.doubles(field));
  }

  Value finalise(const std::byte* state) const override {
    return this->held(state) == nullptr ? std::int64_t{0} : static_cast<std::int64_t>(this->held(state)->n());
  }
  Value intermediate(const std::byte* state) const override {
    return ComplexBytes{(this->held(state) == nullptr ? ingesting_.make() : *this->held(state)).bytes()};
  }

  std::unique_ptr<AggregatorFactory> combining() const override {
    KllOptions merging = options_;
    merging.merges = true;
    return std::make_unique<KllFactory>(this->name(), this->name(), merging);
  }

  Json to_json() const override {
    return Json::Object{{"type", std::string(Kind::kComplexType) + (options_.merges ? "Merge" : "")},
                        {"name", this->name()},
                        {"fieldName", this->field_name()},
                        {"k", options_.k},
                        {"maxStreamLength", options_.max_stream_length}};
  }

 private:
  static bool fits(std::int64_t k) noexcept { return k <= Kind::Sketch::kKMax; }

  /// Text of a dictionary is ignored, as in Druid's vectorised engine; text that is computed row by row is refused.
  std::unique_ptr<Aggregator> bind_strings(ColumnSources& columns, StringSource& strings,
                                           const ColumnKind& column) const {
    if (!strings.grows()) return this->template aggregator<NoInput>();
    if (!strings.multiple_values()) this->refuse(column, "numbers and sketches of its own kind");
    return this->template aggregator<ListNumberInput>(columns.values(this->field_name()));
  }

  std::unique_ptr<Aggregator> bind_input(ColumnSources& columns) const {
    if (!fits(options_.k))
      throw Error(ErrorCategory::kInvalidInput,
                  "K must be >= 8 and <= 65535: " + std::to_string(options_.k) + ", in the metric " + this->name());
    return std::make_unique<SketchAggregator<Kind, ValueInput>>(ingesting_, columns.values(this->field_name()));
  }

  KllOptions options_;
  Kind ingesting_;
};

template <class T>
void add(AggregatorRegistry& registry, std::string_view build, std::string_view merge) {
  registry.add({.type = build,
                .parse = KllFactory<T>::template parse<false>,
                .doc = "A sketch of the distribution of numbers; its finalised form is their count."});
  registry.add({.type = merge,
                .parse = KllFactory<T>::template parse<true>,
                .doc = "Stored sketches of the same name, merged; written by Druid into segments."});
}

}  // namespace

void register_kll_sketch(AggregatorRegistry& registry) {
  add<float>(registry, "KllFloatsSketch", "KllFloatsSketchMerge");
  add<double>(registry, "KllDoublesSketch", "KllDoublesSketchMerge");
}

}  // namespace sarsen::engine
