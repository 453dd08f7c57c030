#include "engine/expression/expression_function.h"

#include <optional>
#include <utility>

#include "engine/expression/expression_plan.h"
#include "engine/expression/text_part.h"

namespace sarsen::engine::expression {
namespace {

/// The bindings of an expression over one column.
class OneValue final : public RootBindings {
 public:
  OneValue(std::string name, MaybeType type) : name_(std::move(name)), type_(std::move(type)) {}
  void set(const Value& value) {
    value_ = engine::is_null(value) && type_ ? Eval::null(*type_) : Eval::of_type(type_, value);
    start_row();
  }
  MaybeType type(std::string_view name) const override { return name == name_ ? type_ : std::nullopt; }
  Eval value(std::string_view name) const override { return name == name_ ? value_ : Eval(); }

 private:
  std::string name_;
  MaybeType type_;
  Eval value_;
};

class ExpressionFunction final : public ColumnFunction {
 public:
  ExpressionFunction(std::string column, MaybeType input, ExprPtr expr, storage::ValueType type)
      : ColumnFunction(column), bindings_(std::move(column), std::move(input)), expr_(std::move(expr)), type_(type) {}

  Value apply(const Value& value) override {
    bindings_.set(value);
    return of_own_type(expr_->eval(bindings_));
  }

 private:
  Value of_own_type(const Eval& eval) const {
    if (type_ == storage::ValueType::kString) {
      std::optional<std::string> text = eval.as_string();
      return text ? Value(*std::move(text)) : Value();
    }
    if (eval.is_numeric_null()) return {};
    return type_ == storage::ValueType::kLong ? Value(eval.as_long()) : Value(eval.as_double());
  }

  OneValue bindings_;
  ExprPtr expr_;
  storage::ValueType type_;
};

bool is_of_one_value(const ColumnKind& kind) {
  return !kind.multiple_values && (kind.type == storage::ValueType::kLong || kind.type == storage::ValueType::kDouble ||
                                   kind.type == storage::ValueType::kString);
}

/// Whether values come as they are bound here: longs, or texts with a dictionary.
bool is_known_input(const std::string& name, const ColumnKind& kind, ColumnSources& columns) {
  if (kind.multiple_values) return false;
  if (kind.type == storage::ValueType::kLong) return true;
  return kind.type == storage::ValueType::kString && columns.strings(name) != nullptr;
}

}  // namespace

std::unique_ptr<ColumnFunction> column_function(const ExprPtr& expr, const ColumnKind& kind, ColumnSources& columns) {
  const Plan plan = make_plan(*expr, columns);
  if (!is_of_one_value(kind) || plan.needs_applied() || plan.array_output || plan.analysis.array_inputs) return nullptr;
  if (plan.constant()) return std::make_unique<ExpressionFunction>("", std::nullopt, expr, kind.type);
  if (plan.analysis.free.size() != 1) return nullptr;
  const std::string& name = plan.analysis.free[0];
  const std::optional<ColumnKind> input = columns.kind(name);
  if (!input || !is_known_input(name, *input, columns) || can_fail(*expr, columns)) return nullptr;
  return std::make_unique<ExpressionFunction>(name, Type::of_column(*input), expr, kind.type);
}

}  // namespace sarsen::engine::expression
