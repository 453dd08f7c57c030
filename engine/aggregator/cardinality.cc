// cardinality: how many distinct values some dimensions have, or how many distinct rows of them, by the collector of
// hyperUnique. Text is hashed in UTF-16 here and in UTF-8 there, so that the two do not mix.

#include <algorithm>
#include <array>

#include "engine/aggregator/cardinality_rows.h"
#include "engine/aggregator/collector_factory.h"
#include "engine/aggregator/dimension_hashes.h"
#include "engine/sketch/hyper_unique.h"
#include "engine/sketch/utf16.h"
#include "engine/vector/raw_columns.h"

namespace sarsen::engine {
namespace {

struct CardinalityKind {
  using Sketch = sketch::HyperUnique;
  using Hash = std::uint32_t;                     // a place
  static constexpr bool kIgnoresRepeats = false;  // a value that did not fit may fit when it comes again
  static constexpr const char* kComplexType = "hyperUnique";

  Sketch make() const { return {}; }
  void merge(Sketch& into, const Sketch& from) const { into.fold(from); }
  std::string stored(const Sketch& sketch) const { return sketch.bytes(); }

  /// After those of HLL sketches.
  std::uint32_t hash_number() const noexcept { return 2; }
  std::optional<Hash> hash(std::string_view text) const {
    return Sketch::place_of(sketch::murmur3_of_utf16(text, sketch::kGuavaSeed));
  }
  std::optional<Hash> hash(std::int64_t value) const {
    return Sketch::place_of(sketch::murmur3(value, sketch::kGuavaSeed));
  }
  std::optional<Hash> hash(double value) const {
    return hash(value != value ? std::int64_t{0x7ff8000000000000} : std::bit_cast<std::int64_t>(value));
  }
  std::optional<Hash> hash(float value) const {
    const std::int32_t bits = value != value ? 0x7fc00000 : std::bit_cast<std::int32_t>(value);
    return Sketch::place_of(sketch::murmur3_of_int(bits, sketch::kGuavaSeed));
  }
  std::optional<Hash> hash_null() const { return std::nullopt; }

  void add(Sketch& into, Hash place) const { into.add_place(place); }
};

/// Each field's values on their own.
class ByValue final : public Aggregator {
 public:
  explicit ByValue(std::vector<std::unique_ptr<Aggregator>> fields) : fields_(std::move(fields)) {}
  void fold(std::byte* state, std::uint32_t begin, const Selection& selection) override {
    for (const auto& field : fields_) field->fold(state, begin, selection);
  }
  void fold_groups(std::byte* states, std::size_t stride, const std::uint32_t* groups, std::uint32_t begin,
                   const Selection& selection) override {
    for (const auto& field : fields_) field->fold_groups(states, stride, groups, begin, selection);
  }

 private:
  std::vector<std::unique_ptr<Aggregator>> fields_;
};

/// The bytes of each row's fields, hashed together.
class RowInput {
 public:
  explicit RowInput(std::vector<std::unique_ptr<RowBytes>> fields) : fields_(std::move(fields)), rows_(kVectorRows) {}

  void read(std::uint32_t begin, std::uint32_t size) {
    for (std::uint32_t row = 0; row < size; ++row) rows_[row].clear();
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      for (std::uint32_t row = 0; i > 0 && row < size; ++row) rows_[row] += '\0';
      fields_[i]->append(begin, size, rows_);
    }
  }

  template <class Add>
  void each(std::uint32_t row, Add add) {
    add(sketch::HyperUnique::place_of(sketch::murmur3(std::string_view(rows_[row]), sketch::kGuavaSeed)));
  }

 private:
  std::vector<std::unique_ptr<RowBytes>> fields_;
  std::vector<std::string> rows_;
};

class CardinalityFactory final : public CollectorFactoryOf<CardinalityKind> {
 public:
  CardinalityFactory(std::string name, std::vector<DimensionField> fields, bool by_row, bool round)
      : CollectorFactoryOf(std::move(name), "", {}, round), fields_(std::move(fields)), by_row_(by_row) {}

  static std::shared_ptr<const AggregatorFactory> parse(const JsonField& json) {
    const bool named = json["fieldNames"].present();
    if (named && json["fields"].present()) json["fieldNames"].fail("give either fields or fieldNames, not both");
    if (!named && !json["fields"].present()) json["fields"].fail("is required: the dimensions to count values of");
    std::vector<DimensionField> fields;
    for (const JsonField& element : json[named ? "fieldNames" : "fields"].elements())
      fields.push_back(DimensionField::parse(element));
    return std::make_shared<CardinalityFactory>(json["name"].string(), std::move(fields),
                                                json["byRow"].boolean_or(false), json["round"].boolean_or(false));
  }

  std::vector<std::string> required_columns() const override {
    std::vector<std::string> columns;
    for (const DimensionField& field : fields_) columns.push_back(field.spec.dimension);
    return columns;
  }

  std::unique_ptr<Aggregator> bind(ColumnSources& given) const override {
    if (fields_.empty()) return aggregator<NoInput>();
    auto* raw = dynamic_cast<RawColumns*>(&given);
    ColumnSources& columns = raw != nullptr ? raw->text_columns() : given;
    if (by_row_) {
      std::vector<std::unique_ptr<RowBytes>> rows;
      for (const DimensionField& field : fields_) rows.push_back(bind_row_bytes(field, columns));
      return aggregator<RowInput>(std::move(rows));
    }
    std::vector<std::unique_ptr<Aggregator>> values;
    for (const DimensionField& field : fields_) values.push_back(bind_hashes(kind(), field, columns, hashes()));
    return std::make_unique<ByValue>(std::move(values));
  }

  Value intermediate(const std::byte* state) const override {
    return ComplexBytes{(held(state) == nullptr ? sketch::HyperUnique() : *held(state)).bytes()};
  }
  /// Of no dimensions nothing is stored, as in Druid.
  Value stored(const std::byte* state) const override {
    return fields_.empty() ? Value() : intermediate(state);
  }

  std::unique_ptr<AggregatorFactory> combining() const override { return make_hyper_unique(name(), name(), rounds()); }

  Json to_json() const override {
    Json::Array fields;
    for (const DimensionField& field : fields_) fields.push_back(field.json);
    return Json::Object{{"type", "cardinality"},
                        {"name", name()},
                        {"fields", std::move(fields)},
                        {"byRow", by_row_},
                        {"round", rounds()}};
  }

 private:
  std::vector<DimensionField> fields_;
  bool by_row_;
};

}  // namespace

void register_cardinality(AggregatorRegistry& registry) {
  registry.add({.type = "cardinality",
                .parse = CardinalityFactory::parse,
                .doc = "Approximate number of distinct values, or rows, of dimensions."});
}

}  // namespace sarsen::engine
