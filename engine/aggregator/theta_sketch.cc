// thetaSketch: distinct counts that can be united, intersected and subtracted. Reads raw values and stored sketches
// alike.

#include <algorithm>
#include <bit>

#include "engine/aggregator/sketch_aggregator.h"
#include "engine/sketch/theta.h"

namespace sarsen::engine {
namespace {

constexpr std::int64_t kSizeDefault = 16384;
constexpr std::int64_t kSizeMin = 16;  // what DataSketches keeps at least
constexpr std::int64_t kSizeMax = std::int64_t{1} << 26;

struct ThetaKind {
  using Sketch = sketch::ThetaUnion;
  static constexpr const char* kComplexType = "thetaSketch";

  std::uint32_t size = kSizeDefault;
  bool stored_input = false;  // raw text is a sketch in base64

  Sketch make() const { return Sketch(std::max(size, static_cast<std::uint32_t>(kSizeMin))); }
  void merge(Sketch& into, const Sketch& from) const { into.merge(from); }
  std::string stored(const Sketch& sketch) const {
    const sketch::CompactTheta result = sketch.result();
    return result.empty ? std::string() : result.bytes();
  }

  std::optional<sketch::Hash128> hash(std::string_view text) const {
    if (text.empty()) return std::nullopt;
    return sketch::murmur3(text, sketch::kDataSketchesSeed);
  }

  void add(Sketch& into, const sketch::Hash128& hash) const { into.add_hash(hash); }
  void add(Sketch& into, std::int64_t value) const { into.update(value); }
  void add(Sketch& into, double value) const { into.update(value); }

  void add(Sketch& into, const ValueView& value) const {
    if (const auto* bytes = std::get_if<std::span<const std::byte>>(&value)) {
      into.merge(sketch::CompactTheta::parse(*bytes));
    } else if (const auto* text = std::get_if<std::string_view>(&value)) {
      if (stored_input) {
        into.merge(sketch::CompactTheta::parse(sketch_from_base64(*text, "a thetaSketch value")));
      } else {
        into.update(*text);
      }
    } else if (const auto* integer = std::get_if<std::int64_t>(&value)) {
      into.update(*integer);
    } else if (const auto* number = std::get_if<double>(&value)) {
      into.update(*number);
    } else if (const auto* narrow = std::get_if<float>(&value)) {
      into.update(static_cast<double>(*narrow));
    } else if (const auto* list = std::get_if<std::vector<std::optional<std::string_view>>>(&value)) {
      for (const auto& element : *list)
        if (element) into.update(*element);
    }
  }
};

class ThetaFactory final : public SketchFactoryOf<ThetaKind> {
 public:
  ThetaFactory(std::string name, std::string field_name, ThetaKind kind, bool should_finalise)
      : SketchFactoryOf(std::move(name), std::move(field_name), kind), should_finalise_(should_finalise) {}

  static std::shared_ptr<const AggregatorFactory> parse(const JsonField& json) {
    const std::int64_t size = json["size"].integer_or(kSizeDefault);
    if (size < 1 || size > kSizeMax || !std::has_single_bit(static_cast<std::uint64_t>(size)))
      json["size"].fail("must be a power of two from 1 to 67108864");
    if (json["errorBoundsStdDev"].present())
      throw Error(ErrorCategory::kUnsupported,
                  json["errorBoundsStdDev"].path() + ": error bounds are not part of this version");
    const ThetaKind kind{.size = static_cast<std::uint32_t>(size),
                         .stored_input = json["isInputThetaSketch"].boolean_or(false)};
    return std::make_shared<ThetaFactory>(json["name"].string(), json["fieldName"].string(), kind,
                                          json["shouldFinalize"].boolean_or(true));
  }

  std::unique_ptr<Aggregator> bind(ColumnSources& columns) const override {
    const std::optional<ColumnKind> column = kind_of_field(columns);
    if (holds(column, storage::ValueType::kFloat)) refuse(*column, "text, longs, doubles and theta sketches");
    if (holds(column, storage::ValueType::kComplex) && !is_theta(column->complex_type))
      refuse(*column, "text, longs, doubles and theta sketches");
    return bind_any(columns);
  }

  Value finalise(const std::byte* state) const override {
    if (!should_finalise_) return whole(state);
    return held(state) == nullptr ? 0.0 : held(state)->result().estimate();
  }

  int compare(const Value& left, const Value& right) const override {
    return SketchFactoryOf::compare(estimate_of(left), estimate_of(right));
  }

  std::unique_ptr<AggregatorFactory> combining() const override {
    ThetaKind stored = kind();
    stored.stored_input = false;
    return std::make_unique<ThetaFactory>(name(), name(), stored, should_finalise_);
  }

  Json to_json() const override {
    Json::Object json{{"type", "thetaSketch"},
                      {"name", name()},
                      {"fieldName", field_name()},
                      {"size", static_cast<std::int64_t>(kind().size)}};
    if (!should_finalise_) json.emplace_back("shouldFinalize", false);
    if (kind().stored_input) json.emplace_back("isInputThetaSketch", true);
    return json;
  }

 private:
  static bool is_theta(std::string_view type) {
    constexpr std::array kNames = {"thetaSketch", "thetaSketchBuild", "thetaSketchMerge",
                                   "sketchBuild", "sketchMerge",      "setSketch"};
    return std::find(kNames.begin(), kNames.end(), type) != kNames.end();
  }

  /// The image, also of an empty sketch.
  Value whole(const std::byte* state) const {
    return ComplexBytes{held(state) == nullptr ? sketch::CompactTheta().bytes() : held(state)->result().bytes()};
  }

  static Value estimate_of(const Value& value) {
    const auto* complex = std::get_if<ComplexBytes>(&value);
    if (complex == nullptr) return value;
    return sketch::CompactTheta::parse(std::as_bytes(std::span(complex->bytes))).estimate();
  }

  bool should_finalise_;
};

}  // namespace

void register_theta_sketch(AggregatorRegistry& registry) {
  registry.add({.type = "thetaSketch",
                .parse = ThetaFactory::parse,
                .doc = "Approximate number of distinct values, by a sketch that allows set operations."});
}

}  // namespace sarsen::engine
