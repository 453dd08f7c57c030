// expression: what an expression gives for each row, as a column.

#include "engine/expression/expression_function.h"
#include "engine/expression/expression_plan.h"
#include "engine/expression/expression_sources.h"
#include "engine/expression/parser.h"
#include "engine/virtual_column/forwarding_sources.h"
#include "engine/virtual_column/virtual_column.h"

namespace sarsen::engine {
namespace {

bool same_type(const ColumnKind& left, const ColumnKind& right) {
  return left.type == right.type && left.complex_type == right.complex_type && left.type_name() == right.type_name();
}

class ExpressionColumn final : public VirtualColumn, public MayBeFunction {
 public:
  ExpressionColumn(std::string name, expression::ExprPtr expr, std::optional<ColumnKind> output_type)
      : VirtualColumn(std::move(name)), expr_(std::move(expr)), output_type_(std::move(output_type)) {}

  std::vector<std::string> required_columns() const override { return expr_->analyze().free; }

  /// The type that the query gives is a hint: Druid believes what it finds out itself.
  std::optional<ColumnKind> kind(const ColumnSources& columns) const override {
    if (const std::string* column = renamed(columns)) return columns.kind(*column);
    const expression::Plan plan = expression::make_plan(*expr_, columns);
    std::optional<ColumnKind> found = expression::planned_kind(plan, columns, output_type_);
    if (!found) found = output_type_ ? *output_type_ : ColumnKind{storage::ValueType::kFloat, "", false, "FLOAT"};
    found->mixed = !expression::gives_only(*expr_, *found, plan, columns);
    return found;
  }

  std::unique_ptr<NumericSource<std::int64_t>> longs(ColumnSources& columns) const override {
    if (const std::string* column = renamed(columns)) return forward(columns.longs(*column));
    return expression::numeric_source<std::int64_t>(expr_, columns);
  }
  std::unique_ptr<NumericSource<float>> floats(ColumnSources& columns) const override {
    if (const std::string* column = renamed(columns)) return forward(columns.floats(*column));
    return expression::numeric_source<float>(expr_, columns);
  }
  std::unique_ptr<NumericSource<double>> doubles(ColumnSources& columns) const override {
    if (const std::string* column = renamed(columns)) return forward(columns.doubles(*column));
    return expression::numeric_source<double>(expr_, columns);
  }

  std::unique_ptr<StringSource> strings(ColumnSources& columns) const override {
    if (const std::string* column = renamed(columns)) return forward(columns.strings(*column));
    const ColumnKind found = *kind(columns);
    if (found.type != storage::ValueType::kString) return nullptr;
    return expression::string_source(expr_, columns, found.multiple_values);
  }

  std::unique_ptr<ValueSource> values(ColumnSources& columns) const override {
    if (const std::string* column = renamed(columns)) return forward(columns.values(*column));
    return expression::value_source(expr_, columns, kind(columns)->type == storage::ValueType::kString);
  }

  std::unique_ptr<ColumnFunction> function(ColumnSources& columns) const override {
    for (const std::string& column : required_columns())
      if (column == name()) return nullptr;  // it means one that it hides
    return expression::column_function(expr_, *kind(columns), columns);
  }

 private:
  /// The column that this is under another name; nullptr where it is more than that.
  const std::string* renamed(const ColumnSources& columns) const {
    const std::string* column = expression::name_of(*expr_);
    if (column == nullptr || !output_type_) return column;
    const std::optional<ColumnKind> found = columns.kind(*column);
    return found && same_type(*found, *output_type_) ? column : nullptr;
  }

  expression::ExprPtr expr_;
  std::optional<ColumnKind> output_type_;
};

VirtualColumnPtr parse(const JsonField& json) {
  std::optional<ColumnKind> output_type;
  if (const auto text = json["outputType"].optional_string()) {
    output_type = expression::parse_column_type(*text);
    if (!output_type) json["outputType"].fail("unknown type \"" + *text + "\"");
  }
  return std::make_shared<ExpressionColumn>(json["name"].string(), expression::parse_expression(json["expression"]),
                                            std::move(output_type));
}

}  // namespace

void register_expression_column(VirtualColumnRegistry& registry) {
  registry.add({.type = "expression", .parse = parse, .doc = "The value of `expression`, of `outputType`."});
}

}  // namespace sarsen::engine
