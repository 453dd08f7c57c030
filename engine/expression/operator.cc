#include "engine/expression/operator.h"

#include <array>
#include <cmath>

#include "engine/result/value_order.h"
#include "storage/base/civil_time.h"
#include "storage/base/error.h"
#include "storage/base/java_order.h"

namespace sarsen::engine::expression {
namespace {

constexpr std::array<std::string_view, 14> kSymbols = {"+",  "-", "*",  "/",  "%",  "^",  "<",
                                                       "<=", ">", ">=", "==", "!=", "&&", "||"};

[[noreturn]] void fail(const std::string& message) { throw Error(ErrorCategory::kInvalidInput, message); }

/// How two values, neither of them null, are worked on, whatever the types of their columns. An array beside a scalar
/// is the number that its only element is.
Type common_type(const Eval& left, const Eval& right) {
  if (left.type.is_string() && right.type.is_string()) return Type::string();
  if (left.type.is_array() && right.type.is_array()) return *least_restrictive(left.type, right.type);
  return left.type.is_long() && right.type.is_long() ? Type::long_() : Type::double_();
}

bool holds_for(BinaryOperator op, int order) noexcept {
  switch (op) {
    case BinaryOperator::kLess:
      return order < 0;
    case BinaryOperator::kLessOrEqual:
      return order <= 0;
    case BinaryOperator::kGreater:
      return order > 0;
    case BinaryOperator::kGreaterOrEqual:
      return order >= 0;
    case BinaryOperator::kEqual:
      return order == 0;
    default:
      return order != 0;
  }
}

/// Equality of doubles is that of IEEE, their order that of Double.compare.
bool doubles_hold(BinaryOperator op, double left, double right) noexcept {
  if (op == BinaryOperator::kEqual) return left == right;
  if (op == BinaryOperator::kNotEqual) return left != right;
  return holds_for(op, compare_doubles(left, right));
}

int compare_longs(std::int64_t left, std::int64_t right) noexcept { return left < right ? -1 : left > right ? 1 : 0; }

int compare_texts(const std::string& left, const std::string& right) noexcept {
  const std::strong_ordering order = java_compare(left, right);
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

std::int64_t long_result(BinaryOperator op, std::int64_t left, std::int64_t right) {
  switch (op) {
    case BinaryOperator::kAdd:
      return wrapping_add(left, right);
    case BinaryOperator::kSubtract:
      return wrapping_subtract(left, right);
    case BinaryOperator::kMultiply:
      return static_cast<std::int64_t>(static_cast<std::uint64_t>(left) * static_cast<std::uint64_t>(right));
    case BinaryOperator::kDivide:
      return divide_longs(left, right);
    case BinaryOperator::kRemainder:
      return remainder_of_longs(left, right);
    default:
      return power_of_longs(left, right);
  }
}

double double_result(BinaryOperator op, double left, double right) {
  switch (op) {
    case BinaryOperator::kAdd:
      return left + right;
    case BinaryOperator::kSubtract:
      return left - right;
    case BinaryOperator::kMultiply:
      return left * right;
    case BinaryOperator::kDivide:
      return left / right;
    case BinaryOperator::kRemainder:
      return std::fmod(left, right);
    default:
      return std::pow(left, right);
  }
}

void note_scalars(const Exprs& children, BindingAnalysis& analysis) {
  for (const ExprPtr& child : children)
    if (const std::string* name = name_of(*child)) analysis.scalars.insert(*name);
}

bool known_or(const MaybeType& type, bool (Type::*test)() const noexcept) { return !type || ((*type).*test)(); }

}  // namespace

std::string_view symbol(BinaryOperator op) noexcept { return kSymbols[static_cast<std::size_t>(op)]; }

std::int64_t divide_longs(std::int64_t left, std::int64_t right) {
  if (right == 0) fail("/ by zero");
  return right == -1 ? wrapping_subtract(0, left) : left / right;
}

std::int64_t remainder_of_longs(std::int64_t left, std::int64_t right) {
  if (right == 0) fail("/ by zero");
  return right == -1 ? 0 : left % right;
}

/// Wraps on overflow; the exponent must be an int that is not negative.
std::int64_t power_of_longs(std::int64_t base, std::int64_t exponent) {
  if (exponent < INT32_MIN || exponent > INT32_MAX) fail("Out of range: " + std::to_string(exponent));
  if (exponent < 0) fail("exponent (" + std::to_string(exponent) + ") must be >= 0");
  std::uint64_t result = 1;
  auto factor = static_cast<std::uint64_t>(base);
  for (; exponent > 0; exponent >>= 1, factor *= factor)
    if ((exponent & 1) != 0) result *= factor;
  return static_cast<std::int64_t>(result);
}

Eval Unary::eval(const Bindings& bindings) const {
  const Eval value = operand().eval(bindings);
  if (value.is_null()) return {};
  if (op_ == UnaryOperator::kNot) return Eval::of(!value.as_bool());
  if (value.type.is_long()) return Eval::of(wrapping_subtract(0, value.as_long()));
  if (value.type.is_double()) return Eval::of(-value.as_double());
  fail("operator '-' is not supported on type " + value.type.name() + ", in expression " + text());
}

MaybeType Unary::output_type(const InputTypes& inputs) const {
  const MaybeType type = operand().output_type(inputs);
  return op_ == UnaryOperator::kNot && type ? Type::long_() : type;
}

BindingAnalysis Unary::analyze() const {
  BindingAnalysis analysis = operand().analyze();
  note_scalars(children(), analysis);
  return analysis;
}

std::string Unary::text() const { return (op_ == UnaryOperator::kMinus ? "-" : "!") + operand().text(); }

ExprPtr Unary::with_children(Exprs children) const { return make_unary(op_, std::move(children[0])); }

Eval Binary::eval(const Bindings& bindings) const {
  if (is_logical(op_)) return logical(bindings);
  const Eval left_value = left().eval(bindings);
  const Eval right_value = right().eval(bindings);
  if (is_comparison(op_)) return compared(op_, left_value, right_value);
  if (left_value.is_null() || right_value.is_null()) return {};
  return computed(left_value, right_value);
}

/// SQL's: what decides alone decides, even beside a null.
Eval Binary::logical(const Bindings& bindings) const {
  const bool decisive = op_ == BinaryOperator::kOr;
  const Eval left_value = left().eval(bindings);
  if (!left_value.is_null() && left_value.as_bool() == decisive) return Eval::of(decisive);
  const Eval right_value = right().eval(bindings);
  if (!right_value.is_null() && right_value.as_bool() == decisive) return Eval::of(decisive);
  if (left_value.is_null() || right_value.is_null()) return Eval::null(Type::long_());
  return Eval::of(!decisive);
}

Eval Binary::computed(const Eval& left_value, const Eval& right_value) const {
  const Type type = common_type(left_value, right_value);
  if (type.is_string()) {
    if (op_ == BinaryOperator::kAdd) return Eval::of(*left_value.as_string() + *right_value.as_string());
    fail("operator '" + std::string(symbol(op_)) + "' in expression " + text() + " is not supported on type STRING.");
  }
  if (type.is_long()) return Eval::of(long_result(op_, left_value.as_long(), right_value.as_long()));
  if (left_value.is_numeric_null() || right_value.is_numeric_null()) return {};
  return Eval::of(double_result(op_, left_value.as_double(), right_value.as_double()));
}

Eval compared(BinaryOperator op, const Eval& left_value, const Eval& right_value) {
  if (left_value.is_null() || right_value.is_null()) return {};
  const Type type = common_type(left_value, right_value);
  switch (type.kind()) {
    case Type::Kind::kString:
      return Eval::of(holds_for(op, compare_texts(*left_value.as_string(), *right_value.as_string())));
    case Type::Kind::kLong:
      return Eval::of(holds_for(op, compare_longs(left_value.as_long(), right_value.as_long())));
    case Type::Kind::kArray:
      return Eval::of(holds_for(op, compare_elements(left_value.cast_to(type).value, right_value.cast_to(type).value)));
    default:
      break;
  }
  if (left_value.is_numeric_null() || right_value.is_numeric_null()) return {};
  return Eval::of(doubles_hold(op, left_value.as_double(), right_value.as_double()));
}

MaybeType Binary::output_type(const InputTypes& inputs) const {
  if (is_comparison(op_) || is_logical(op_)) return Type::long_();
  return operator_type(left().output_type(inputs), right().output_type(inputs));
}

bool Binary::vectorized(const InputTypes& inputs) const {
  if (!left().vectorized(inputs) || !right().vectorized(inputs)) return false;
  const MaybeType left_type = left().output_type(inputs);
  const MaybeType right_type = right().output_type(inputs);
  if (is_comparison(op_)) return known_or(least_restrictive(left_type, right_type), &Type::is_primitive);
  if (is_logical(op_)) return !left_type || !right_type || *left_type == *right_type;
  if (op_ == BinaryOperator::kAdd)
    return known_or(left_type, &Type::is_primitive) && known_or(right_type, &Type::is_primitive);
  return known_or(left_type, &Type::is_numeric) && known_or(right_type, &Type::is_numeric);
}

BindingAnalysis Binary::analyze() const {
  BindingAnalysis analysis = BindingAnalysis::all_of(analyses(children()));
  note_scalars(children(), analysis);
  return analysis;
}

std::string Binary::text() const {
  return "(" + left().text() + " " + std::string(symbol(op_)) + " " + right().text() + ")";
}

ExprPtr Binary::with_children(Exprs children) const {
  return make_binary(op_, std::move(children[0]), std::move(children[1]));
}

ExprPtr make_unary(UnaryOperator op, ExprPtr operand) {
  return folded(std::make_shared<Unary>(op, std::move(operand)));
}

ExprPtr make_binary(BinaryOperator op, ExprPtr left, ExprPtr right) {
  return folded(std::make_shared<Binary>(op, std::move(left), std::move(right)));
}

}  // namespace sarsen::engine::expression
