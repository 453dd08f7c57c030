// quantilesDoublesSketch, and quantilesDoublesSketchMerge, the form it has over its own stored sketches.

#include <bit>

#include "engine/aggregator/sketch_aggregator.h"
#include "engine/sketch/quantiles.h"
#include "storage/base/java_number.h"

namespace sarsen::engine {
namespace {

constexpr std::int64_t kKDefault = 128;
constexpr std::int64_t kMaxStreamLengthDefault = 1'000'000'000;

struct QuantilesKind {
  using Sketch = sketch::Quantiles;
  static constexpr const char* kComplexType = "quantilesDoublesSketch";

  std::uint32_t k = kKDefault;

  Sketch make() const { return Sketch(k); }
  void merge(Sketch& into, const Sketch& from) const { into.merge(from); }
  std::string stored(const Sketch& sketch) const { return sketch.empty() ? std::string() : sketch.bytes(); }
  /// Druid's servers send sketches that lie in buffers: an empty one there counts two words of preamble, in the heap
  /// one.
  std::string image(const Sketch& sketch) const {
    std::string bytes = sketch.bytes();
    bytes.front() = 2;
    return bytes;
  }

  void add(Sketch& into, std::int64_t value) const { into.update(static_cast<double>(value)); }
  void add(Sketch& into, double value) const { into.update(value); }

  void add_bytes(Sketch& into, std::span<const std::byte> bytes) const { into.merge(Sketch::parse(bytes)); }
  void add(Sketch& into, const ValueView& value) const { add_any(*this, into, value); }

  /// A number, or a sketch in base64: those begin with a letter, as the first byte of an image is small.
  void add_text(Sketch& into, std::string_view text) const {
    if (text.empty()) return;
    if (const std::optional<double> number = try_parse_double(text)) {
      into.update(*number);
    } else {
      add_bytes(into, sketch_from_base64(text, "a quantilesDoublesSketch value"));
    }
  }
};

struct QuantilesOptions {
  QuantilesKind kind;
  std::int64_t max_stream_length = kMaxStreamLengthDefault;  // sizes Druid's buffers; kept for its JSON
  bool merges = false;
  bool should_finalise = true;
};

class QuantilesFactory final : public SketchFactoryOf<QuantilesKind> {
 public:
  QuantilesFactory(std::string name, std::string field_name, QuantilesOptions options)
      : SketchFactoryOf(std::move(name), std::move(field_name), options.kind), options_(options) {}

  template <bool kMerges>
  static std::shared_ptr<const AggregatorFactory> parse(const JsonField& json) {
    const std::int64_t k = json["k"].integer_or(kKDefault);
    if (k < sketch::Quantiles::kKMin || k > sketch::Quantiles::kKMax ||
        !std::has_single_bit(static_cast<std::uint64_t>(k)))
      json["k"].fail("must be a power of two from 2 to 32768");
    const QuantilesOptions options{.kind = {.k = static_cast<std::uint32_t>(k)},
                                   .max_stream_length = json["maxStreamLength"].integer_or(kMaxStreamLengthDefault),
                                   .merges = kMerges,
                                   .should_finalise = json["shouldFinalize"].boolean_or(true)};
    const std::string name = json["name"].string();
    return std::make_shared<QuantilesFactory>(name, kMerges ? name : json["fieldName"].string(), options);
  }

  std::unique_ptr<Aggregator> bind(ColumnSources& columns) const override {
    const std::optional<ColumnKind> column = kind_of_field(columns);
    if (StringSource* strings = columns.strings(field_name())) return bind_strings(columns, *strings, *column);
    if (holds(column, storage::ValueType::kComplex) && column->complex_type != QuantilesKind::kComplexType)
      refuse(*column, "numbers and quantiles sketches");
    return bind_numbers(columns, column);
  }

  Value finalise(const std::byte* state) const override {
    if (!options_.should_finalise)
      return ComplexBytes{kind().image(held(state) == nullptr ? kind().make() : *held(state))};
    return held(state) == nullptr ? std::int64_t{0} : static_cast<std::int64_t>(held(state)->n());
  }

  int compare(const Value& left, const Value& right) const override {
    return SketchFactoryOf::compare(count_of(left), count_of(right));
  }

  std::unique_ptr<AggregatorFactory> folding(const std::string& column) const override {
    QuantilesOptions merging = options_;
    merging.merges = true;
    return std::make_unique<QuantilesFactory>(column, column, merging);
  }

  Json to_json() const override {
    Json::Object json{{"type", options_.merges ? "quantilesDoublesSketchMerge" : "quantilesDoublesSketch"},
                      {"name", name()}};
    if (!options_.merges) json.emplace_back("fieldName", field_name());
    json.emplace_back("k", static_cast<std::int64_t>(kind().k));
    json.emplace_back("maxStreamLength", options_.max_stream_length);
    if (!options_.should_finalise) json.emplace_back("shouldFinalize", false);
    if (options_.merges) json.emplace_back("fieldName", field_name());
    return json;
  }

 private:
  /// Text of a dictionary is ignored, as in Druid's vectorised engine; text that is computed row by row is refused.
  std::unique_ptr<Aggregator> bind_strings(ColumnSources& columns, StringSource& strings,
                                           const ColumnKind& column) const {
    if (!strings.grows()) return aggregator<NoInput>();
    if (!strings.multiple_values()) refuse(column, "numbers and quantiles sketches");
    return aggregator<ListNumberInput>(columns.values(field_name()));
  }

  std::unique_ptr<Aggregator> bind_numbers(ColumnSources& columns, const std::optional<ColumnKind>& column) const {
    if (!column) return aggregator<NoInput>();
    if (column->type == storage::ValueType::kString || column->type == storage::ValueType::kComplex)
      return aggregator<ValueInput>(columns.values(field_name()));
    return aggregator<NumericInput<double>>(columns.doubles(field_name()));
  }

  static Value count_of(const Value& value) {
    const auto* complex = std::get_if<ComplexBytes>(&value);
    if (complex == nullptr) return value;
    return static_cast<std::int64_t>(sketch::Quantiles::parse(std::as_bytes(std::span(complex->bytes))).n());
  }

  QuantilesOptions options_;
};

}  // namespace

void register_quantiles_doubles_sketch(AggregatorRegistry& registry) {
  registry.add({.type = "quantilesDoublesSketch",
                .parse = QuantilesFactory::parse<false>,
                .doc = "A sketch of the distribution of numbers; its finalised form is their count."});
  registry.add({.type = "quantilesDoublesSketchMerge",
                .parse = QuantilesFactory::parse<true>,
                .doc = "Stored sketches of the same name, merged; written by Druid into segments."});
}

}  // namespace sarsen::engine
