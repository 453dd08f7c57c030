// thetaSketch: distinct counts that can be united, intersected and subtracted. Reads raw values and stored sketches
// alike.

#include <algorithm>
#include <bit>
#include <functional>

#include "engine/aggregator/number_hashes.h"
#include "engine/aggregator/sketch_aggregator.h"
#include "engine/aggregator/theta_bounds.h"
#include "engine/sketch/theta.h"
#include "engine/vector/row_mask.h"

namespace sarsen::engine {
namespace {

constexpr std::int64_t kSizeDefault = 16384;
constexpr std::int64_t kSizeMin = 16;  // what DataSketches keeps at least
constexpr std::int64_t kSizeMax = std::int64_t{1} << 26;

struct ThetaKind {
  using Sketch = sketch::ThetaUnion;
  using Hash = std::uint64_t;
  static constexpr bool kIgnoresRepeats = true;
  static constexpr const char* kComplexType = "thetaSketch";

  std::uint32_t size = kSizeDefault;
  bool stored_input = false;  // raw text is a sketch in base64

  Sketch make() const { return Sketch(std::max(size, static_cast<std::uint32_t>(kSizeMin))); }
  void merge(Sketch& into, const Sketch& from) const { into.merge(from); }
  std::string stored(const Sketch& sketch) const {
    const sketch::CompactTheta result = sketch.result();
    return result.empty ? std::string() : result.bytes();
  }
  /// An empty sketch between Druid's servers is of no seed: the last two bytes are its hash.
  std::string image(const Sketch& sketch) const {
    const sketch::CompactTheta result = sketch.result();
    std::string bytes = result.bytes();
    if (result.empty) bytes.replace(bytes.size() - 2, 2, 2, '\0');
    return bytes;
  }

  /// After those of HLL sketches and of hyperUnique's collectors.
  std::uint32_t hash_number() const noexcept { return 3; }
  std::optional<Hash> hash(std::string_view text) const {
    if (text.empty()) return std::nullopt;
    return Sketch::hash_of(sketch::murmur3(text, sketch::kDataSketchesSeed));
  }
  std::optional<Hash> hash_null() const { return std::nullopt; }

  void add(Sketch& into, Hash hash) const { into.add(hash); }
  void add_all(Sketch& into, std::span<const Hash> hashes) const {
    for (const Hash hash : hashes) into.add(hash);
  }
  template <class Number>
  void hash_all(const Number* numbers, std::size_t count, Hash* hashes) const noexcept {
    hash_numbers(numbers, count, [](std::uint64_t low, std::uint32_t) { return Sketch::hash_of_low(low); }, hashes);
  }
  void add(Sketch& into, std::int64_t value) const { into.update(value); }
  void add(Sketch& into, double value) const { into.update(value); }

  void add_bytes(Sketch& into, std::span<const std::byte> bytes) const {
    into.merge(sketch::CompactTheta::parse(bytes));
  }
  void add_text(Sketch& into, std::string_view text) const {
    if (stored_input) {
      add_bytes(into, sketch_from_base64(text, "a thetaSketch value"));
    } else {
      into.update(text);
    }
  }
  void add(Sketch& into, const ValueView& value) const { add_any(*this, into, value); }
};

/// Floats are no input, which shows where there is one: nulls, and no rows, are a sketch of nothing.
class RefusedFloats final : public Aggregator {
 public:
  RefusedFloats(NumericSource<float>& source, std::function<void()> refuse)
      : source_(source), refuse_(std::move(refuse)) {}

  void fold(std::byte*, std::uint32_t begin, const Selection& selection) override { check(begin, selection); }
  void fold_groups(std::byte*, std::size_t, const std::uint32_t*, std::uint32_t begin,
                   const Selection& selection) override {
    check(begin, selection);
  }

 private:
  void check(std::uint32_t begin, const Selection& selection) {
    const NumericVector<float> vector = source_.read(begin, selection.size);
    for_each_selected(selection, [&](std::uint32_t, std::uint32_t row) {
      if (vector.nulls == nullptr || !mask_has(vector.nulls, row)) refuse_();
    });
  }

  NumericSource<float>& source_;
  const std::function<void()> refuse_;
};

class ThetaFactory final : public SketchFactoryOf<ThetaKind> {
 public:
  /// `deviations`: 1 to 3 where the answer has error bounds; 0: it has none.
  ThetaFactory(std::string name, std::string field_name, ThetaKind kind, bool should_finalise, int deviations)
      : SketchFactoryOf(std::move(name), std::move(field_name), kind),
        should_finalise_(should_finalise),
        deviations_(deviations) {}

  static std::shared_ptr<const AggregatorFactory> parse(const JsonField& json) {
    const std::int64_t size = json["size"].integer_or(kSizeDefault);
    if (size < 1 || size > kSizeMax || !std::has_single_bit(static_cast<std::uint64_t>(size)))
      json["size"].fail("must be a power of two from 1 to 67108864");
    const std::int64_t deviations = json["errorBoundsStdDev"].integer_or(0);
    if (json["errorBoundsStdDev"].present() && (deviations < 1 || deviations > 3))
      json["errorBoundsStdDev"].fail("must be from 1 to 3");
    const ThetaKind kind{.size = static_cast<std::uint32_t>(size),
                         .stored_input = json["isInputThetaSketch"].boolean_or(false)};
    return std::make_shared<ThetaFactory>(json["name"].string(), json["fieldName"].string(), kind,
                                          json["shouldFinalize"].boolean_or(true), static_cast<int>(deviations));
  }

  std::unique_ptr<Aggregator> bind(ColumnSources& columns) const override {
    const std::optional<ColumnKind> column = kind_of_field(columns);
    if (holds(column, storage::ValueType::kFloat))
      return std::make_unique<RefusedFloats>(columns.floats(field_name()), [this, kind = *column] {
        refuse(kind, "text, longs, doubles and theta sketches");
      });
    if (holds(column, storage::ValueType::kComplex) && !is_theta(column->complex_type))
      refuse(*column, "text, longs, doubles and theta sketches");
    return bind_any(columns);
  }

  Value finalise(const std::byte* state) const override {
    if (!should_finalise_) return whole(state);
    if (deviations_ == 0) return held(state) == nullptr ? 0.0 : held(state)->estimate();
    const sketch::CompactTheta result = held(state) == nullptr ? sketch::CompactTheta() : held(state)->result();
    return theta_with_bounds(result, deviations_);
  }

  int compare(const Value& left, const Value& right) const override {
    return SketchFactoryOf::compare(estimate_of(left), estimate_of(right));
  }

  std::unique_ptr<AggregatorFactory> folding(const std::string& column) const override {
    ThetaKind stored = kind();
    stored.stored_input = false;
    return std::make_unique<ThetaFactory>(column, column, stored, should_finalise_, deviations_);
  }

  Json to_json() const override {
    Json::Object json{{"type", "thetaSketch"},
                      {"name", name()},
                      {"fieldName", field_name()},
                      {"size", static_cast<std::int64_t>(kind().size)}};
    if (!should_finalise_) json.emplace_back("shouldFinalize", false);
    if (kind().stored_input) json.emplace_back("isInputThetaSketch", true);
    if (deviations_ != 0) json.emplace_back("errorBoundsStdDev", deviations_);
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
    if (const auto* object = std::get_if<Nested>(&value)) return object->json.find("estimate")->number();
    const auto* complex = std::get_if<ComplexBytes>(&value);
    if (complex == nullptr) return value;
    return sketch::CompactTheta::parse(std::as_bytes(std::span(complex->bytes))).estimate();
  }

  bool should_finalise_;
  int deviations_;
};

}  // namespace

void register_theta_sketch(AggregatorRegistry& registry) {
  registry.add({.type = "thetaSketch",
                .parse = ThetaFactory::parse,
                .doc = "Approximate number of distinct values, by a sketch that allows set operations."});
}

}  // namespace sarsen::engine
