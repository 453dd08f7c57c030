// hyperUnique: Druid's own distinct count. Raw values are hashed at ingestion; a query reads columns of stored
// collectors.

#include "engine/sketch/hyper_unique.h"

#include "engine/aggregator/collector_factory.h"
#include "engine/result/value_cast.h"

namespace sarsen::engine {
namespace {

struct HyperUniqueKind {
  using Sketch = sketch::HyperUnique;
  static constexpr const char* kComplexType = "hyperUnique";

  bool stored_input = false;  // raw text is a collector in base64

  Sketch make() const { return {}; }
  void merge(Sketch& into, const Sketch& from) const { into.fold(from); }
  std::string stored(const Sketch& sketch) const { return sketch.bytes(); }

  void add_text(Sketch& into, std::string_view text) const {
    if (stored_input) {
      into.fold(Sketch::parse(sketch_from_base64(text, "a hyperUnique value")));
    } else {
      into.add(sketch::murmur3(text, sketch::kGuavaSeed));
    }
  }

  void add(Sketch& into, const ValueView& value) const {
    if (const auto* bytes = std::get_if<std::span<const std::byte>>(&value)) {
      if (!bytes->empty()) into.fold(Sketch::parse(*bytes));
    } else if (const auto* list = std::get_if<std::vector<std::optional<std::string_view>>>(&value)) {
      for (const auto& element : *list) add_text(into, element.value_or("null"));  // as Druid writes the rows' lists
    } else if (const std::optional<std::string> text = raw_text(value)) {
      add_text(into, *text);
    }
  }
};

class HyperUniqueFactory final : public CollectorFactoryOf<HyperUniqueKind> {
 public:
  HyperUniqueFactory(std::string name, std::string field_name, bool stored_input, bool round)
      : CollectorFactoryOf(std::move(name), std::move(field_name), {.stored_input = stored_input}, round) {}

  static std::shared_ptr<const AggregatorFactory> parse(const JsonField& json) {
    return std::make_shared<HyperUniqueFactory>(json["name"].string(), json["fieldName"].string(),
                                                json["isInputHyperUnique"].boolean_or(false),
                                                json["round"].boolean_or(false));
  }

  std::unique_ptr<Aggregator> bind(ColumnSources& columns) const override {
    const std::optional<ColumnKind> column = kind_of_field(columns);
    if (holds(column, storage::ValueType::kString)) {
      if (columns.strings(field_name()) != nullptr) refuse(*column, kWanted);
      return aggregator<AnyValueInput>(columns.values(field_name()));
    }
    if (!holds(column, storage::ValueType::kComplex)) return aggregator<NoInput>();  // numbers too, as in Druid
    if (column->complex_type != HyperUniqueKind::kComplexType) refuse(*column, kWanted);
    return aggregator<ValueInput>(columns.values(field_name()));
  }

  Value intermediate(const std::byte* state) const override {
    return held(state) == nullptr ? Value() : SketchFactoryOf::intermediate(state);
  }

  std::unique_ptr<AggregatorFactory> folding(const std::string& column) const override {
    return std::make_unique<HyperUniqueFactory>(column, column, false, rounds());
  }

  Json to_json() const override {
    return Json::Object{{"type", "hyperUnique"},
                        {"name", name()},
                        {"fieldName", field_name()},
                        {"isInputHyperUnique", kind().stored_input},
                        {"round", rounds()}};
  }

 private:
  static constexpr std::string_view kWanted = "stored hyperUnique values";
};

}  // namespace

std::unique_ptr<AggregatorFactory> make_hyper_unique(std::string name, std::string field_name, bool round) {
  return std::make_unique<HyperUniqueFactory>(std::move(name), std::move(field_name), false, round);
}

void register_hyper_unique(AggregatorRegistry& registry) {
  registry.add({.type = "hyperUnique",
                .parse = HyperUniqueFactory::parse,
                .doc = "Approximate number of distinct values, by Druid's own HyperLogLog."});
}

}  // namespace sarsen::engine
