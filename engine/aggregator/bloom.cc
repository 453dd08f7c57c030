// bloom: a Bloom filter of a dimension's values, and bloomMerge: stored filters, united. Null is a value, too.

#include "engine/aggregator/dimension_hashes.h"
#include "engine/sketch/bloom_k_filter.h"

namespace sarsen::engine {
namespace {

struct BloomKind {
  using Sketch = sketch::BloomKFilter;
  using Hash = std::uint64_t;
  static constexpr bool kIgnoresRepeats = true;
  static constexpr const char* kComplexType = "bloom";

  std::int64_t entries = Sketch::kEntriesDefault;

  Sketch make() const { return Sketch(entries); }
  void merge(Sketch& into, const Sketch& from) const { into.merge(from); }
  std::string stored(const Sketch& sketch) const { return sketch.bytes(); }

  template <class T>
  std::optional<Hash> hash(T value) const {
    return Sketch::hash(value);
  }
  std::optional<Hash> hash_null() const { return Sketch::kNullHash; }

  void add(Sketch& into, Hash hash) const { into.add(hash); }
  void add(Sketch& into, const ValueView& value) const {
    const auto* bytes = std::get_if<std::span<const std::byte>>(&value);
    if (bytes != nullptr && !bytes->empty()) into.merge(Sketch::parse(*bytes));
  }
};

class BloomFactory final : public SketchFactoryOf<BloomKind> {
 public:
  /// `merged`: the column of stored filters; empty where values of `field` are taken in.
  BloomFactory(std::string name, DimensionField field, std::string merged, BloomKind kind)
      : SketchFactoryOf(std::move(name), std::move(merged), kind), field_(std::move(field)) {}

  template <bool kMerges>
  static std::shared_ptr<const AggregatorFactory> parse(const JsonField& json) {
    const std::int64_t entries = json["maxNumEntries"].integer_or(sketch::BloomKFilter::kEntriesDefault);
    if (entries < 1 || entries > sketch::BloomKFilter::kEntriesMax)
      json["maxNumEntries"].fail("must be from 1 to 268435456");
    if (kMerges)
      return std::make_shared<BloomFactory>(json["name"].string(), DimensionField{}, json["fieldName"].string(),
                                            BloomKind{entries});
    if (!json["field"].present()) json["field"].fail("is required: the dimension whose values are taken in");
    return std::make_shared<BloomFactory>(json["name"].string(), DimensionField::parse(json["field"]), "",
                                          BloomKind{entries});
  }

  std::vector<std::string> required_columns() const override {
    return {field_name().empty() ? field_.spec.dimension : field_name()};
  }

  std::unique_ptr<Aggregator> bind(ColumnSources& columns) const override {
    if (field_name().empty()) return bind_hashes(kind(), field_, columns, hashes());
    const std::optional<ColumnKind> column = kind_of_field(columns);
    if (!column) return aggregator<NoInput>();
    if (!holds(column, storage::ValueType::kComplex)) refuse(*column, "stored Bloom filters");
    return aggregator<ValueInput>(columns.values(field_name()));
  }

  Value finalise(const std::byte* state) const override { return intermediate(state); }
  Value intermediate(const std::byte* state) const override {
    return ComplexBytes{(held(state) == nullptr ? kind().make() : *held(state)).bytes()};
  }
  int compare(const Value&, const Value&) const override { return 0; }  // they have no order

  std::unique_ptr<AggregatorFactory> combining() const override {
    return std::make_unique<BloomFactory>(name(), DimensionField{}, name(), kind());
  }

  Json to_json() const override {
    Json::Object json{{"type", field_name().empty() ? "bloom" : "bloomMerge"}, {"name", name()}};
    if (field_name().empty()) {
      json.emplace_back("field", field_.json);
    } else {
      json.emplace_back("fieldName", field_name());
    }
    json.emplace_back("maxNumEntries", kind().entries);
    return json;
  }

 private:
  DimensionField field_;
};

}  // namespace

void register_bloom(AggregatorRegistry& registry) {
  registry.add(
      {.type = "bloom", .parse = BloomFactory::parse<false>, .doc = "A Bloom filter of a dimension's values."});
  registry.add({.type = "bloomMerge", .parse = BloomFactory::parse<true>, .doc = "Stored Bloom filters, united."});
}

}  // namespace sarsen::engine
