// nested-field: the value at a path of a column of JSON, read from the column of that field where the segment has one.
// Of a column of anything else the path $ is the column itself, and every other path leads nowhere.

#include "engine/expression/expression_plan.h"
#include "engine/expression/expression_sources.h"
#include "engine/expression/function.h"
#include "engine/expression/nested_path.h"
#include "engine/vector/segment_sources.h"
#include "engine/virtual_column/forwarding_sources.h"
#include "engine/virtual_column/virtual_column.h"
#include "storage/base/error.h"

namespace sarsen::engine {
namespace {

using expression::Eval;
using expression::NestedPath;

struct FieldSpec {
  std::string column;
  NestedPath path;
  std::optional<ColumnKind> expected;
  bool from_raw = false;  // objects, too, and of computed columns
};

/// json_value and json_query without text in between.
class PathExpr final : public expression::Expr {
 public:
  PathExpr(expression::ExprPtr column, NestedPath path, bool whole)
      : Expr({std::move(column)}), path_(std::move(path)), whole_(whole) {}

  Eval eval(const expression::Bindings& bindings) const override {
    const Json json = json_of(children()[0]->eval(bindings).value);
    const Json* found = path_.find(json);
    if (found == nullptr) return {};
    if (whole_) return Eval::json(*found);
    const Eval value = Eval::best_effort(value_of(*found));
    const bool scalars = value.type.is_array() ? value.type.element().is_primitive() : value.type.is_primitive();
    return scalars ? value : Eval();
  }
  expression::MaybeType output_type(const expression::InputTypes&) const override {
    return whole_ ? expression::MaybeType(expression::Type::json()) : std::nullopt;
  }
  bool vectorized(const expression::InputTypes&) const override { return false; }
  expression::BindingAnalysis analyze() const override { return children()[0]->analyze(); }
  std::string text() const override { return children()[0]->text() + path_.text(); }
  expression::ExprPtr with_children(expression::Exprs children) const override {
    return std::make_shared<PathExpr>(std::move(children[0]), path_, whole_);
  }

 private:
  NestedPath path_;
  bool whole_;
};

class NestedField final : public VirtualColumn {
 public:
  NestedField(std::string name, FieldSpec spec)
      : VirtualColumn(std::move(name)),
        spec_(std::move(spec)),
        expr_(std::make_shared<PathExpr>(std::make_shared<expression::Identifier>(spec_.column), spec_.path,
                                         spec_.from_raw && !spec_.expected)) {}

  std::vector<std::string> required_columns() const override { return {spec_.column}; }

  std::optional<ColumnKind> kind(const ColumnSources& columns) const override {
    if (spec_.from_raw && !spec_.expected) return expression::column_kind(expression::Type::json());
    const ColumnKind wanted = spec_.expected.value_or(ColumnKind{storage::ValueType::kString, "", false, "STRING"});
    const std::optional<ColumnKind> base = columns.kind(spec_.column);
    if (!base || is_json(*base)) return wanted;
    if (!spec_.path.is_root()) return std::nullopt;
    if (!spec_.expected) return base;
    ColumnKind kind = *spec_.expected;
    kind.multiple_values = base->multiple_values && kind.type == storage::ValueType::kString;
    return kind;
  }

  std::unique_ptr<NumericSource<std::int64_t>> longs(ColumnSources& columns) const override {
    return numbers<std::int64_t>(columns, [&] { return forward(columns.longs(spec_.column)); });
  }
  std::unique_ptr<NumericSource<float>> floats(ColumnSources& columns) const override {
    return numbers<float>(columns, [&] { return forward(columns.floats(spec_.column)); });
  }
  std::unique_ptr<NumericSource<double>> doubles(ColumnSources& columns) const override {
    return numbers<double>(columns, [&] { return forward(columns.doubles(spec_.column)); });
  }

  std::unique_ptr<StringSource> strings(ColumnSources& columns) const override {
    const std::optional<ColumnKind> found = kind(columns);
    if (!found || found->type != storage::ValueType::kString) return nullptr;
    switch (place(columns)) {
      case Place::kColumn:
        if (columns.strings(spec_.column) != nullptr) return forward(columns.strings(spec_.column));
        return expression::string_source(std::make_shared<expression::Identifier>(spec_.column), columns, false);
      case Place::kField:
        return make_string_source(field(columns));
      case Place::kRaw:
        return expression::string_source(expr_, columns, false);
      case Place::kNowhere:
        break;
    }
    return expression::string_source(std::make_shared<expression::Literal>(Eval()), columns, false);
  }

  std::unique_ptr<ValueSource> values(ColumnSources& columns) const override {
    switch (place(columns)) {
      case Place::kColumn:
        return forward(columns.values(spec_.column));
      case Place::kField:
        return make_value_source(field(columns));
      case Place::kRaw:
        return expression::value_source(expr_, columns, false);
      case Place::kNowhere:
        break;
    }
    return make_value_source(nullptr);
  }

 private:
  /// Where the values are.
  enum class Place : std::uint8_t { kNowhere, kColumn, kField, kRaw };

  static bool is_json(const ColumnKind& kind) { return kind.complex_type == "json"; }

  /// As in Druid, only raw processing looks into columns of JSON that are computed.
  Place place(const ColumnSources& columns) const {
    const std::optional<ColumnKind> base = columns.kind(spec_.column);
    if (!base) return Place::kNowhere;
    if (!is_json(*base)) return spec_.path.is_root() ? Place::kColumn : Place::kNowhere;
    if (spec_.from_raw) return Place::kRaw;
    const storage::Column* stored = columns.stored(spec_.column);
    if (stored == nullptr) return Place::kNowhere;
    if (stored->nested_fields() == nullptr) return Place::kRaw;
    return field(columns) != nullptr ? Place::kField : element_of_array(*stored);
  }

  /// An element of an array of scalars is no field of its own: the array is.
  Place element_of_array(const storage::Column& stored) const {
    if (spec_.path.is_root() || !std::holds_alternative<std::int64_t>(spec_.path.parts().back()))
      return Place::kNowhere;
    std::vector<NestedPath::Part> parts = spec_.path.parts();
    parts.pop_back();
    return find_field(stored, NestedPath(std::move(parts))) != nullptr ? Place::kRaw : Place::kNowhere;
  }

  static const storage::Column* find_field(const storage::Column& stored, const NestedPath& path) {
    const storage::NestedFields* fields = stored.nested_fields();
    const std::string text = path.text();
    for (std::uint32_t i = 0; i < fields->size(); ++i)
      if (const std::string_view name = fields->path(i); name == text || (path.is_root() && name == "$."))
        return &fields->column(i);
    return nullptr;
  }

  const storage::Column* field(const ColumnSources& columns) const {
    return find_field(*columns.stored(spec_.column), spec_.path);
  }

  template <class T, class Forward>
  std::unique_ptr<NumericSource<T>> numbers(ColumnSources& columns, Forward forward_column) const {
    switch (place(columns)) {
      case Place::kColumn:
        return forward_column();
      case Place::kField:
        return make_numeric_source<T>(field(columns), name());
      case Place::kRaw:
        return expression::numeric_source<T>(expr_, columns);
      case Place::kNowhere:
        break;
    }
    return make_numeric_source<T>(nullptr, name());
  }

  FieldSpec spec_;
  expression::ExprPtr expr_;
};

NestedPath parse_parts(const JsonField& json) {
  std::vector<NestedPath::Part> parts;
  for (const JsonField& part : json.elements()) {
    const std::string type = part["type"].string();
    if (type == "field") {
      parts.emplace_back(part["field"].string());
    } else if (type == "arrayElement") {
      parts.emplace_back(part["index"].integer());
    } else {
      part["type"].fail("must be \"field\" or \"arrayElement\"");
    }
  }
  return NestedPath(std::move(parts));
}

NestedPath parse_path(const JsonField& json) {
  if (json["pathParts"].present()) return parse_parts(json["pathParts"]);
  const JsonField path = json["path"];
  if (!path.present()) json.fail("needs path or pathParts");
  try {
    return json["useJqSyntax"].boolean_or(false) ? NestedPath::parse_jq(path.string())
                                                 : NestedPath::parse(path.string());
  } catch (const Error& error) {  // adds the path
    path.fail(error.what());
  }
}

VirtualColumnPtr parse(const JsonField& json) {
  FieldSpec spec{.column = json["columnName"].string(), .path = parse_path(json), .expected = std::nullopt};
  if (const auto text = json["expectedType"].optional_string()) {
    spec.expected = expression::parse_column_type(*text);
    if (!spec.expected) json["expectedType"].fail("unknown type \"" + *text + "\"");
  }
  spec.from_raw = json["processFromRaw"].boolean_or(false);
  return std::make_shared<NestedField>(json["outputName"].string(), std::move(spec));
}

}  // namespace

void register_nested_field_column(VirtualColumnRegistry& registry) {
  registry.add({.type = "nested-field", .parse = parse, .doc = "The value at `path` of the JSON column `columnName`."});
}

}  // namespace sarsen::engine
