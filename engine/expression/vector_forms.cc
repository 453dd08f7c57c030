// Which parts of an expression are vectors: the first half of vector_compiler.h.

#include <algorithm>

#include "engine/expression/apply_function.h"
#include "engine/expression/call_shape.h"
#include "engine/expression/expression_plan.h"
#include "engine/expression/truth_functions.h"
#include "engine/expression/vector_compiler.h"

namespace sarsen::engine::expression {
namespace {

/// Whether the operator can fail for longs. A literal says for certain that nothing is divided by zero.
bool fails(const Binary& binary) {
  const BinaryOperator op = binary.op();
  if (op == BinaryOperator::kPower) return true;
  if (op != BinaryOperator::kDivide && op != BinaryOperator::kRemainder) return false;
  const Eval* divisor = literal_of(binary.right());
  return divisor == nullptr || !divisor->type.is_long() || divisor->is_null() || divisor->as_long() == 0;
}

}  // namespace

std::optional<VectorCompiler::Form> VectorCompiler::form(const Expr& expr) {
  const auto known = forms_.find(&expr);
  if (known != forms_.end()) return known->second;
  const std::optional<Form> found = find_form(expr);
  forms_.emplace(&expr, found);
  return found;
}

std::optional<VectorCompiler::Form> VectorCompiler::find_form(const Expr& expr) {
  if (const Eval* literal = literal_of(expr)) {
    if (literal->is_null() || !literal->type.is_numeric()) return std::nullopt;
    return Form{literal->type.is_long(), false};
  }
  if (const std::string* name = name_of(expr)) {
    const MaybeType type = ColumnTypes(columns_).type(*name);
    if (!type || !type->is_numeric()) return std::nullopt;
    return Form{type->is_long(), false};
  }
  std::optional<Form> found;
  if (const auto* unary = dynamic_cast<const Unary*>(&expr)) found = unary_form(*unary);
  if (const auto* binary = dynamic_cast<const Binary*>(&expr)) found = binary_form(*binary);
  if (const auto* call = dynamic_cast<const Call*>(&expr)) found = call_form(*call);
  return found ? found : dictionary_form(expr);
}

/// Over one string column: what says for certain which numbers it gives.
std::optional<VectorCompiler::Form> VectorCompiler::dictionary_form(const Expr& expr) {
  const auto* call = dynamic_cast<const Call*>(&expr);
  const auto* binary = dynamic_cast<const Binary*>(&expr);
  const auto* unary = dynamic_cast<const Unary*>(&expr);
  const bool is_long = (call != nullptr && call->function().output == long_output) ||
                       (binary != nullptr && (is_comparison(binary->op()) || is_logical(binary->op()))) ||
                       (unary != nullptr && unary->op() == UnaryOperator::kNot);
  const bool is_double = call != nullptr && call->function().output == double_output;
  if (!is_long && !is_double) return std::nullopt;
  const BindingAnalysis analysis = expr.analyze();
  if (analysis.free.size() != 1 || analysis.array_inputs || analysis.array_output) return std::nullopt;
  const std::optional<ColumnKind> kind = columns_.kind(analysis.free[0]);
  if (!kind || kind->type != storage::ValueType::kString || kind->multiple_values) return std::nullopt;
  if (columns_.strings(analysis.free[0]) == nullptr) return std::nullopt;  // input rows have no dictionary
  return Form{is_long, expression::may_fail(expr)};
}

std::optional<VectorCompiler::Form> VectorCompiler::unary_form(const Unary& unary) {
  const std::optional<Form> operand = form(unary.operand());
  if (!operand) return std::nullopt;
  return Form{operand->is_long || unary.op() == UnaryOperator::kNot, operand->may_fail};
}

std::optional<VectorCompiler::Form> VectorCompiler::binary_form(const Binary& binary) {
  const std::optional<Form> left = form(binary.left());
  const std::optional<Form> right = form(binary.right());
  if (!left || !right || (is_logical(binary.op()) && right->may_fail)) return std::nullopt;
  const bool may_fail = left->may_fail || right->may_fail;
  if (is_logical(binary.op()) || is_comparison(binary.op())) return Form{true, may_fail};
  const bool longs = left->is_long && right->is_long;
  return Form{longs, may_fail || (longs && fails(binary))};
}

bool VectorCompiler::all_numbers(const Exprs& exprs, bool* all_long, bool* may_fail) {
  *all_long = true;
  *may_fail = false;
  for (const ExprPtr& expr : exprs) {
    const std::optional<Form> each = form(*expr);
    if (!each) return false;
    *all_long &= each->is_long;
    *may_fail |= each->may_fail;
  }
  return true;
}

/// All branches of one type, and nothing that can fail behind the first condition.
std::optional<VectorCompiler::Form> VectorCompiler::branches_form(const Exprs& conditions, const Exprs& branches) {
  std::optional<bool> is_long;
  bool may_fail = false;
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    const std::optional<Form> each = form(*conditions[i]);
    if (!each || (i > 0 && each->may_fail)) return std::nullopt;
    may_fail |= each->may_fail;
  }
  for (const ExprPtr& branch : branches) {
    if (is_null_literal(*branch)) continue;
    const std::optional<Form> each = form(*branch);
    if (!each || each->may_fail || (is_long && *is_long != each->is_long)) return std::nullopt;
    is_long = each->is_long;
  }
  return is_long ? std::optional(Form{*is_long, may_fail}) : std::nullopt;
}

std::optional<VectorCompiler::Form> VectorCompiler::call_form(const Call& call) {
  const Function& function = call.function();
  const std::string_view name = function.name;
  if (const Choice choice = choice_of(call); !choice.branches.empty())
    return branches_form(choice.conditions, choice.branches);
  bool all_long = false;
  bool may_fail = false;
  if (function.long_map != nullptr) {
    const std::optional<Form> first = form(*call.arguments()[0]);
    if (!first || !first->is_long || function.long_map(call.arguments()) == nullptr) return std::nullopt;
    return Form{true, first->may_fail};  // only at the ends of time can these fail
  }
  if (name == "cast") {
    const std::optional<Form> operand = form(*call.arguments()[0]);
    const bool to_long = is_cast_to(call, Type::Kind::kLong);
    if (!operand || (!to_long && !is_cast_to(call, Type::Kind::kDouble))) return std::nullopt;
    return Form{to_long, operand->may_fail};
  }
  if (!all_numbers(call.arguments(), &all_long, &may_fail) || call.arguments().empty()) return std::nullopt;
  if (function.of_double != nullptr || function.of_doubles != nullptr) return Form{false, may_fail};
  if (function.of_longs != nullptr || truth_test(name) != nullptr) return Form{true, may_fail};
  if (name == "abs" || name == "safe_divide" || (name == "round" && scale_of(call))) return Form{all_long, may_fail};
  if (name == "div") return Form{true, may_fail || all_long};
  return std::nullopt;
}

bool may_fail(const Expr& expr) {
  if (dynamic_cast<const ApplyCall*>(&expr) != nullptr) return true;
  if (const auto* call = dynamic_cast<const Call*>(&expr); call != nullptr && call->function().may_fail) return true;
  if (const auto* unary = dynamic_cast<const Unary*>(&expr); unary != nullptr && unary->op() == UnaryOperator::kMinus)
    return true;
  if (const auto* binary = dynamic_cast<const Binary*>(&expr))
    if (!is_comparison(binary->op()) && !is_logical(binary->op()) && binary->op() != BinaryOperator::kAdd) return true;
  return std::any_of(expr.children().begin(), expr.children().end(),
                     [](const ExprPtr& child) { return may_fail(*child); });
}

}  // namespace sarsen::engine::expression
