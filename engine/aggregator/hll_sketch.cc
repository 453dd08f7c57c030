// HLLSketchBuild (over raw values) and HLLSketchMerge (over stored sketches): distinct counts by DataSketches' HLL.

#include <algorithm>
#include <array>

#include "engine/aggregator/number_hashes.h"
#include "engine/aggregator/sketch_aggregator.h"
#include "engine/sketch/hll.h"
#include "engine/sketch/utf16.h"

namespace sarsen::engine {
namespace {

constexpr std::int64_t kLgKDefault = 12;
constexpr std::array<std::string_view, 3> kTypeNames = {"HLL_4", "HLL_6", "HLL_8"};

struct HllKind {
  using Sketch = sketch::Hll;
  using Hash = std::uint32_t;  // a coupon
  static constexpr bool kIgnoresRepeats = true;
  static constexpr const char* kComplexType = "HLLSketch";

  int lg_k = static_cast<int>(kLgKDefault);
  sketch::HllType type = sketch::HllType::kHll4;
  bool utf8 = false;

  Sketch make() const { return Sketch(lg_k); }
  void merge(Sketch& into, const Sketch& from) const { into.merge(from); }
  std::string stored(const Sketch& sketch) const { return sketch.empty() ? std::string() : sketch.compact_bytes(type); }
  /// As it comes out of Druid's broker, which reads what a data server has written.
  std::string image(const Sketch& sketch) const {
    Sketch read = sketch;
    read.put_in_anew();
    return read.compact_bytes(type);
  }

  /// Of the two hashes of a text.
  std::uint32_t hash_number() const noexcept { return utf8 ? 1 : 0; }
  std::optional<Hash> hash(std::string_view text) const {
    if (text.empty()) return std::nullopt;
    if (utf8) return Sketch::coupon_of(sketch::murmur3(text, sketch::kDataSketchesSeed));
    return Sketch::coupon_of(sketch::murmur3_of_utf16(text, sketch::kDataSketchesSeed));
  }
  std::optional<Hash> hash_null() const { return std::nullopt; }

  void add(Sketch& into, Hash coupon) const { into.update(coupon); }
  void add_all(Sketch& into, std::span<const Hash> coupons) const { into.update_all(coupons); }
  template <class Number>
  void hash_all(const Number* numbers, std::size_t count, Hash* hashes) const noexcept {
    hash_numbers(
        numbers, count, [](std::uint64_t low, std::uint32_t zeros) { return Sketch::coupon_of(low, zeros); }, hashes);
  }
  void add(Sketch& into, std::int64_t value) const { into.update(value); }
  void add(Sketch& into, double value) const { into.update(value); }
  void add_text(Sketch& into, std::string_view text) const {
    if (const auto hashed = hash(text)) into.update(*hashed);
  }

  void add_bytes(Sketch& into, std::span<const std::byte> bytes) const { into.merge(Sketch::parse(bytes)); }
  void add(Sketch& into, const ValueView& value) const { add_any(*this, into, value); }
};

/// Raw text that is a sketch in base64.
class EncodedInput {
 public:
  explicit EncodedInput(ValueSource& source) : source_(source) {}

  void read(std::uint32_t begin, std::uint32_t) { begin_ = begin; }
  template <class Add>
  void each(std::uint32_t row, Add add) {
    const ValueView value = source_.value(begin_ + row);
    const auto* text = std::get_if<std::string_view>(&value);
    if (text == nullptr) return;
    bytes_ = sketch_from_base64(*text, "an HLLSketchMerge value");
    add(ValueView(std::span<const std::byte>(bytes_)));
  }

 private:
  ValueSource& source_;
  std::uint32_t begin_ = 0;
  std::vector<std::byte> bytes_;
};

struct HllOptions {
  HllKind kind;
  bool merges = false;
  bool should_finalise = true;
  bool round = false;
};

class HllFactory final : public SketchFactoryOf<HllKind> {
 public:
  HllFactory(std::string name, std::string field_name, HllOptions options)
      : SketchFactoryOf(std::move(name), std::move(field_name), options.kind), options_(options) {}

  template <bool kMerges>
  static std::shared_ptr<const AggregatorFactory> parse(const JsonField& json) {
    return std::make_shared<HllFactory>(json["name"].string(), json["fieldName"].string(), options(json, kMerges));
  }

  std::unique_ptr<Aggregator> bind(ColumnSources& columns) const override {
    const std::optional<ColumnKind> column = kind_of_field(columns);
    if (!options_.merges) {
      if (holds(column, storage::ValueType::kComplex))
        refuse(*column, "text and numbers; HLLSketchMerge reads sketches");
      return bind_any(columns);
    }
    if (!column) return aggregator<NoInput>();
    const bool raw = column->type == storage::ValueType::kString && columns.strings(field_name()) == nullptr;
    if (raw) return aggregator<EncodedInput>(columns.values(field_name()));
    if (column->type != storage::ValueType::kComplex || !is_hll(column->complex_type)) refuse(*column, "HLL sketches");
    return aggregator<ValueInput>(columns.values(field_name()));
  }

  void merge_alone(std::byte* state) const override {
    if (held(state) != nullptr) state_at<State>(state)->put_in_anew();
  }

  Value finalise_null() const override { return options_.should_finalise ? Value(0.0) : Value(); }

  Value finalise(const std::byte* state) const override {
    if (!options_.should_finalise) return intermediate(state);
    if (held(state) == nullptr) return 0.0;
    const double estimate = held(state)->estimate();
    return options_.round ? Value(rounded(estimate)) : Value(estimate);
  }

  int compare(const Value& left, const Value& right) const override {
    return SketchFactoryOf::compare(estimate_of(left), estimate_of(right));
  }

  std::unique_ptr<AggregatorFactory> folding(const std::string& column) const override {
    HllOptions merging = options_;
    merging.merges = true;
    return std::make_unique<HllFactory>(column, column, merging);
  }

  Json to_json() const override {
    Json::Object json{{"type", options_.merges ? "HLLSketchMerge" : "HLLSketchBuild"},
                      {"name", name()},
                      {"fieldName", field_name()},
                      {"lgK", static_cast<std::int64_t>(kind().lg_k)},
                      {"tgtHllType", kTypeNames[static_cast<std::size_t>(kind().type)]}};
    if (kind().utf8) json.emplace_back("stringEncoding", "utf8");
    if (!options_.should_finalise) json.emplace_back("shouldFinalize", false);
    if (options_.round) json.emplace_back("round", true);
    return json;
  }

 private:
  static HllOptions options(const JsonField& json, bool merges) {
    HllOptions options{.kind = {}, .merges = merges};
    const std::int64_t lg_k = json["lgK"].integer_or(kLgKDefault);
    if (lg_k < sketch::Hll::kLgKMin || lg_k > sketch::Hll::kLgKMax) json["lgK"].fail("must be from 2 to 26");
    options.kind.lg_k = static_cast<int>(lg_k);
    const std::string type = json["tgtHllType"].string_or(kTypeNames[0]);
    const auto found = std::find(kTypeNames.begin(), kTypeNames.end(), type);
    if (found == kTypeNames.end()) json["tgtHllType"].fail("must be HLL_4, HLL_6 or HLL_8");
    options.kind.type = static_cast<sketch::HllType>(found - kTypeNames.begin());
    options.kind.utf8 = is_utf8(json["stringEncoding"]);
    options.should_finalise = json["shouldFinalize"].boolean_or(true);
    options.round = json["round"].boolean_or(false);
    return options;
  }

  static bool is_utf8(const JsonField& json) {
    std::string encoding = json.string_or("utf16le");
    std::transform(encoding.begin(), encoding.end(), encoding.begin(), [](char letter) {
      return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
    });
    if (encoding != "utf8" && encoding != "utf16le") json.fail("must be utf16le or utf8");
    return encoding == "utf8";
  }

  static bool is_hll(std::string_view type) {
    return type == "HLLSketch" || type == "HLLSketchBuild" || type == "HLLSketchMerge";
  }

  static Value estimate_of(const Value& value) {
    const auto* complex = std::get_if<ComplexBytes>(&value);
    if (complex == nullptr) return value;
    return sketch::Hll::parse(std::as_bytes(std::span(complex->bytes))).estimate();
  }

  HllOptions options_;
};

}  // namespace

void register_hll_sketch(AggregatorRegistry& registry) {
  registry.add({.type = "HLLSketchBuild",
                .parse = HllFactory::parse<false>,
                .doc = "Approximate number of distinct values, by an HLL sketch of raw values."});
  registry.add({.type = "HLLSketchMerge",
                .parse = HllFactory::parse<true>,
                .doc = "Approximate number of distinct values, from stored HLL sketches."});
}

}  // namespace sarsen::engine
