// Dimension specs as a query writes them.

#include <algorithm>
#include <set>

#include "engine/expression/expression_type.h"
#include "engine/extraction/map_values.h"
#include "engine/group/dimension.h"
#include "engine/lookup/lookup_registry.h"
#include "engine/result/value_cast.h"
#include "engine/text/pattern_field.h"
#include "storage/base/text_scanner.h"

namespace sarsen::engine {
namespace {

/// Filtered specs inside each other.
constexpr std::size_t kDepthMax = 32;

/// "" for a type that is no array.
std::string parse_array_type(const JsonField& json) {
  std::string text = json.string_or("");
  std::transform(text.begin(), text.end(), text.begin(), ascii_upper);
  const expression::MaybeType type = expression::Type::parse(text);
  return type && type->is_array() ? type->name() : "";
}

DimensionSpec parse_default(const JsonField& json) {
  DimensionSpec spec;
  spec.dimension = json["dimension"].string_or("");  // none: null in every row, as in Druid
  spec.output_name = json["outputName"].string_or(spec.dimension);
  spec.array_type = parse_array_type(json["outputType"]);
  if (spec.array_type.empty()) spec.output_type = parse_value_type(json["outputType"], storage::ValueType::kString);
  return spec;
}

DimensionSpec parse_extraction_spec(const JsonField& json) {
  DimensionSpec spec;
  spec.dimension = json["dimension"].string();
  spec.output_name = json["outputName"].string_or(spec.dimension);
  spec.output_type = parse_value_type(json["outputType"], storage::ValueType::kString);
  spec.function = parse_extraction(json["extractionFn"]);
  return spec;
}

DimensionSpec parse_lookup_spec(const JsonField& json) {
  DimensionSpec spec;
  spec.dimension = json["dimension"].string();
  spec.output_name = json["outputName"].string_or(spec.dimension);
  const JsonField lookup = json["lookup"];
  const JsonField name = json["name"];
  if (lookup.present() == name.present())
    json.fail("exactly one of lookup, a map, and name, that of a registered lookup, must be there");
  spec.function = make_map_values(lookup.present() ? parse_lookup(lookup) : registered_lookup(name.string()), json);
  return spec;
}

ValueFilter parse_list(const JsonField& json) {
  const JsonField list = json["values"];
  std::set<std::string, std::less<>> values;
  bool with_null = false;
  for (const JsonField& element : list.elements()) {
    if (element.present()) values.insert(element.string());
    with_null = with_null || !element.present();
  }
  if (values.empty() && !with_null) list.fail("values must be non-empty");
  const bool wanted = json["isWhitelist"].boolean_or(true);
  return [values = std::move(values), with_null, wanted](std::optional<std::string_view> value) {
    return (value ? values.contains(*value) : with_null) == wanted;
  };
}

/// The whole value must match.
ValueFilter parse_regex_filter(const JsonField& json) {
  return [pattern = std::make_shared<const JavaPattern>(parse_pattern(json["pattern"]))](
             std::optional<std::string_view> value) { return value && pattern->matches(*value); };
}

ValueFilter parse_prefix(const JsonField& json) {
  return [prefix = json["prefix"].string()](std::optional<std::string_view> value) {
    return value && value->starts_with(prefix);
  };
}

DimensionSpec parse(const JsonField& json, std::size_t depth) {
  if (!json.present()) json.fail("is required: a dimension");
  if (json.json().is_string()) return {json.string(), json.string(), storage::ValueType::kString};
  if (depth > kDepthMax) json.fail("too many dimension specs inside each other");
  const std::string type = json["type"].string_or("default");
  if (type == "extraction") return parse_extraction_spec(json);
  if (type == "lookup") return parse_lookup_spec(json);
  ValueFilter (*parse_filter)(const JsonField&) = type == "listFiltered"     ? parse_list
                                                  : type == "regexFiltered"  ? parse_regex_filter
                                                  : type == "prefixFiltered" ? parse_prefix
                                                                             : nullptr;
  if (parse_filter == nullptr) return parse_default(json);
  DimensionSpec spec = parse(json["delegate"], depth + 1);
  spec.filters = {parse_filter(json)};  // Of several inside each other, only the outermost filters, in Druid too.
  return spec;
}

}  // namespace

DimensionSpec parse_dimension(const JsonField& json) { return parse(json, 0); }

void DimensionSpec::defer_one_to_one() {
  if (function == nullptr || !filters.empty() || !function->is_one_to_one()) return;
  result_function = std::move(function);
  function = nullptr;
  output_type = storage::ValueType::kString;
}

Value DimensionSpec::shown(const Value& value) const {
  if (result_function == nullptr) return value;
  const std::optional<std::string> text = value_text(value);
  const auto result = result_function->apply(text ? std::optional<std::string_view>(*text) : std::nullopt);
  return result ? Value(*result) : Value();
}

}  // namespace sarsen::engine
