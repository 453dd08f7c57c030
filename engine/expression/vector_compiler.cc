#include "engine/expression/vector_compiler.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/expression/apply_function.h"
#include "engine/expression/expression_plan.h"
#include "engine/expression/function.h"
#include "engine/expression/number_nodes.h"
#include "engine/expression/operator.h"
#include "engine/expression/round.h"
#include "engine/result/value_order.h"
#include "storage/base/civil_time.h"
#include "storage/base/java_number.h"

namespace sarsen::engine::expression {
namespace {

using Longs = std::unique_ptr<NumericSource<std::int64_t>>;
using Doubles = std::unique_ptr<NumericSource<double>>;

bool fails(BinaryOperator op) noexcept {
  return op == BinaryOperator::kDivide || op == BinaryOperator::kRemainder || op == BinaryOperator::kPower;
}

bool is_null_literal(const Expr& expr) noexcept {
  const Eval* literal = literal_of(expr);
  return literal != nullptr && literal->is_null();
}

bool is_cast_to(const Call& call, Type::Kind kind) {
  const Eval* literal = literal_of(*call.children()[1]);
  const std::string name = literal != nullptr ? literal->as_string().value_or("") : "";
  return name == (kind == Type::Kind::kLong ? "LONG" : "DOUBLE");
}

std::optional<std::int32_t> scale_of(const Call& call) {
  if (call.children().size() == 1) return 0;
  const Eval* literal = literal_of(*call.children()[1]);
  return literal != nullptr && literal->type.is_long() ? std::optional(literal->as_int()) : std::nullopt;
}

/// What if, case_searched, nvl and coalesce choose by, and from; both empty for other functions.
struct Choice {
  Exprs conditions;
  Exprs branches;
};

Choice choice_of(const Call& call) {
  const Exprs& arguments = call.arguments();
  const std::string_view name = call.function().name;
  if (name == "nvl" || name == "coalesce") return {{}, arguments};
  if (name == "if") return {{arguments[0]}, {arguments[1], arguments[2]}};
  if (name != "case_searched") return {};
  Choice choice;
  for (std::size_t i = 0; i + 1 < arguments.size(); i += 2) {
    choice.conditions.push_back(arguments[i]);
    choice.branches.push_back(arguments[i + 1]);
  }
  choice.branches.push_back(arguments.size() % 2 == 1 ? arguments.back() : std::make_shared<Literal>(Eval()));
  return choice;
}

// --- truths

TruthBits and_of(TruthBits left, TruthBits right) {
  const std::uint64_t is_true = left.is_true & right.is_true;
  const std::uint64_t is_false = ~(left.is_true | left.is_null) | ~(right.is_true | right.is_null);
  return {is_true, ~(is_true | is_false)};
}
TruthBits or_of(TruthBits left, TruthBits right) {
  const std::uint64_t is_true = left.is_true | right.is_true;
  const std::uint64_t is_false = ~(left.is_true | left.is_null) & ~(right.is_true | right.is_null);
  return {is_true, ~(is_true | is_false)};
}
TruthBits not_of(TruthBits bits, TruthBits) { return {~(bits.is_true | bits.is_null), bits.is_null}; }

struct Test {
  std::string_view name;
  TruthFunction function;
};
constexpr std::array<Test, 6> kTests = {{
    {"isnull", [](TruthBits bits, TruthBits) { return TruthBits{bits.is_null, 0}; }},
    {"notnull", [](TruthBits bits, TruthBits) { return TruthBits{~bits.is_null, 0}; }},
    {"istrue", [](TruthBits bits, TruthBits) { return TruthBits{bits.is_true, 0}; }},
    {"isfalse", [](TruthBits bits, TruthBits) { return TruthBits{~(bits.is_true | bits.is_null), 0}; }},
    {"nottrue", [](TruthBits bits, TruthBits) { return TruthBits{~bits.is_true, 0}; }},
    {"notfalse", [](TruthBits bits, TruthBits) { return TruthBits{bits.is_true | bits.is_null, 0}; }},
}};

const Test* test_named(std::string_view name) noexcept {
  const auto found = std::find_if(kTests.begin(), kTests.end(), [&](const Test& test) { return test.name == name; });
  return found == kTests.end() ? nullptr : found;
}

// --- nodes from functions

template <class Out, class In, class Function>
std::unique_ptr<NumericSource<Out>> one(std::unique_ptr<NumericSource<In>> operand, Function function) {
  return std::make_unique<OneNode<Out, In, Function>>(std::move(operand), function);
}
template <class Out, class In, class Function>
std::unique_ptr<NumericSource<Out>> two(std::unique_ptr<NumericSource<In>> left,
                                        std::unique_ptr<NumericSource<In>> right, Function function) {
  return std::make_unique<TwoNode<Out, In, Function>>(std::move(left), std::move(right), function);
}
template <class T, class Function>
std::unique_ptr<NumericSource<T>> fallible(std::unique_ptr<NumericSource<T>> left,
                                           std::unique_ptr<NumericSource<T>> right, Function function,
                                           const CursorPosition* position) {
  return std::make_unique<FallibleTwoNode<T, Function>>(std::move(left), std::move(right), function, position);
}

/// Double.compare(left, right) < 0.
bool below(double left, double right) noexcept { return compare_doubles(left, right) < 0; }

Longs compared_longs(BinaryOperator op, Longs left, Longs right) {
  const auto make = [&](auto holds) {
    return two<std::int64_t>(std::move(left), std::move(right),
                             [holds](std::int64_t a, std::int64_t b) { return std::int64_t{holds(a, b)}; });
  };
  switch (op) {
    case BinaryOperator::kLess:
      return make([](std::int64_t a, std::int64_t b) { return a < b; });
    case BinaryOperator::kLessOrEqual:
      return make([](std::int64_t a, std::int64_t b) { return a <= b; });
    case BinaryOperator::kGreater:
      return make([](std::int64_t a, std::int64_t b) { return a > b; });
    case BinaryOperator::kGreaterOrEqual:
      return make([](std::int64_t a, std::int64_t b) { return a >= b; });
    case BinaryOperator::kEqual:
      return make([](std::int64_t a, std::int64_t b) { return a == b; });
    default:
      return make([](std::int64_t a, std::int64_t b) { return a != b; });
  }
}

Longs compared_doubles(BinaryOperator op, Doubles left, Doubles right) {
  const auto make = [&](auto holds) {
    return two<std::int64_t>(std::move(left), std::move(right),
                             [holds](double a, double b) { return std::int64_t{holds(a, b)}; });
  };
  switch (op) {
    case BinaryOperator::kLess:
      return make([](double a, double b) { return below(a, b); });
    case BinaryOperator::kLessOrEqual:
      return make([](double a, double b) { return !below(b, a); });
    case BinaryOperator::kGreater:
      return make([](double a, double b) { return below(b, a); });
    case BinaryOperator::kGreaterOrEqual:
      return make([](double a, double b) { return !below(a, b); });
    case BinaryOperator::kEqual:
      return make([](double a, double b) { return a == b; });
    default:
      return make([](double a, double b) { return a != b; });
  }
}

Longs computed_longs(BinaryOperator op, Longs left, Longs right, const CursorPosition* position) {
  switch (op) {
    case BinaryOperator::kAdd:
      return two<std::int64_t>(std::move(left), std::move(right), wrapping_add);
    case BinaryOperator::kSubtract:
      return two<std::int64_t>(std::move(left), std::move(right), wrapping_subtract);
    case BinaryOperator::kMultiply:
      return two<std::int64_t>(std::move(left), std::move(right), [](std::int64_t a, std::int64_t b) {
        return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b));
      });
    default:
      break;
  }
  const auto make = [&](std::int64_t (*function)(std::int64_t, std::int64_t)) {
    return fallible(
        std::move(left), std::move(right),
        [function](std::int64_t a, std::int64_t b) { return std::optional(function(a, b)); }, position);
  };
  return make(op == BinaryOperator::kDivide      ? divide_longs
              : op == BinaryOperator::kRemainder ? remainder_of_longs
                                                 : power_of_longs);
}

Doubles computed_doubles(BinaryOperator op, Doubles left, Doubles right) {
  const auto make = [&](auto function) { return two<double>(std::move(left), std::move(right), function); };
  switch (op) {
    case BinaryOperator::kAdd:
      return make([](double a, double b) { return a + b; });
    case BinaryOperator::kSubtract:
      return make([](double a, double b) { return a - b; });
    case BinaryOperator::kMultiply:
      return make([](double a, double b) { return a * b; });
    case BinaryOperator::kDivide:
      return make([](double a, double b) { return a / b; });
    case BinaryOperator::kRemainder:
      return make([](double a, double b) { return std::fmod(a, b); });
    default:
      return make([](double a, double b) { return std::pow(a, b); });
  }
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
  return Form{longs, may_fail || (longs && fails(binary.op()))};
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
    return Form{true, true};
  }
  if (name == "cast") {
    const std::optional<Form> operand = form(*call.arguments()[0]);
    const bool to_long = is_cast_to(call, Type::Kind::kLong);
    if (!operand || (!to_long && !is_cast_to(call, Type::Kind::kDouble))) return std::nullopt;
    return Form{to_long, operand->may_fail};
  }
  if (!all_numbers(call.arguments(), &all_long, &may_fail) || call.arguments().empty()) return std::nullopt;
  if (function.of_double != nullptr || function.of_doubles != nullptr) return Form{false, may_fail};
  if (function.of_longs != nullptr || test_named(name) != nullptr) return Form{true, may_fail};
  if (name == "abs" || name == "safe_divide" || (name == "round" && scale_of(call))) return Form{all_long, may_fail};
  if (name == "div") return Form{true, may_fail || all_long};
  return std::nullopt;
}

NumberNode VectorCompiler::build(const ExprPtr& expr) {
  const Form made = *form(*expr);
  if (const Eval* literal = literal_of(*expr)) {
    if (made.is_long) return Longs(std::make_unique<ConstantNode<std::int64_t>>(literal->as_long()));
    return Doubles(std::make_unique<ConstantNode<double>>(literal->as_double()));
  }
  if (const std::string* name = name_of(*expr)) {
    if (made.is_long) return Longs(std::make_unique<ColumnNode<std::int64_t>>(columns_.longs(*name)));
    return Doubles(std::make_unique<ColumnNode<double>>(columns_.doubles(*name)));
  }
  if (const auto* unary = dynamic_cast<const Unary*>(expr.get()); unary != nullptr && unary_form(*unary))
    return build_unary(*unary);
  if (const auto* binary = dynamic_cast<const Binary*>(expr.get()); binary != nullptr && binary_form(*binary))
    return build_binary(*binary);
  if (const auto* call = dynamic_cast<const Call*>(expr.get()); call != nullptr && call_form(*call))
    return build_call(*call);
  return build_dictionary(expr, made.is_long);
}

NumberNode VectorCompiler::build_dictionary(const ExprPtr& expr, bool is_long) {
  const std::string name = expr->analyze().free[0];
  StringSource& strings = *columns_.strings(name);
  if (is_long) return Longs(std::make_unique<DictionaryNode<std::int64_t>>(expr, name, strings, columns_.position()));
  return Doubles(std::make_unique<DictionaryNode<double>>(expr, name, strings, columns_.position()));
}

NumberNode VectorCompiler::build_unary(const Unary& unary) {
  NumberNode operand = build(unary.children()[0]);
  if (unary.op() == UnaryOperator::kNot)
    return Longs(std::make_unique<TruthNode>(std::move(operand), std::nullopt, not_of));
  if (operand.is_long())
    return one<std::int64_t>(std::move(operand.longs), [](std::int64_t value) { return wrapping_subtract(0, value); });
  return one<double>(std::move(operand.doubles), [](double value) { return -value; });
}

NumberNode VectorCompiler::build_binary(const Binary& binary) {
  NumberNode left = build(binary.children()[0]);
  NumberNode right = build(binary.children()[1]);
  const BinaryOperator op = binary.op();
  if (is_logical(op))
    return Longs(
        std::make_unique<TruthNode>(std::move(left), std::move(right), op == BinaryOperator::kAnd ? and_of : or_of));
  const bool longs = left.is_long() && right.is_long();
  if (is_comparison(op)) {
    if (longs) return compared_longs(op, std::move(left.longs), std::move(right.longs));
    return compared_doubles(op, cast_node<double>(std::move(left)), cast_node<double>(std::move(right)));
  }
  if (longs) return computed_longs(op, std::move(left.longs), std::move(right.longs), columns_.position());
  return computed_doubles(op, cast_node<double>(std::move(left)), cast_node<double>(std::move(right)));
}

template <class T>
NumberNode VectorCompiler::build_branches(const Exprs& conditions, const Exprs& branches) {
  std::vector<NumberNode> tests;
  for (const ExprPtr& condition : conditions) tests.push_back(build(condition));
  std::vector<std::unique_ptr<NumericSource<T>>> values;
  for (const ExprPtr& branch : branches)
    values.push_back(is_null_literal(*branch) ? std::make_unique<ConstantNode<T>>(std::nullopt)
                                              : cast_node<T>(build(branch)));
  return std::unique_ptr<NumericSource<T>>(std::make_unique<BranchNode<T>>(std::move(tests), std::move(values)));
}

NumberNode VectorCompiler::build_call(const Call& call) {
  const Function& function = call.function();
  const Exprs& arguments = call.arguments();
  if (const Choice choice = choice_of(call); !choice.branches.empty())
    return branches_form(choice.conditions, choice.branches)->is_long
               ? build_branches<std::int64_t>(choice.conditions, choice.branches)
               : build_branches<double>(choice.conditions, choice.branches);
  if (function.long_map != nullptr)
    return Longs(std::make_unique<LongMapNode>(cast_node<std::int64_t>(build(arguments[0])),
                                               function.long_map(arguments), columns_.position()));
  if (function.name == "cast") {
    if (is_cast_to(call, Type::Kind::kLong)) return cast_node<std::int64_t>(build(arguments[0]));
    return cast_node<double>(build(arguments[0]));
  }
  if (const Test* test = test_named(function.name))
    return Longs(std::make_unique<TruthNode>(build(arguments[0]), std::nullopt, test->function));
  if (function.of_double != nullptr) return one<double>(cast_node<double>(build(arguments[0])), function.of_double);
  if (function.of_doubles != nullptr)
    return two<double>(cast_node<double>(build(arguments[0])), cast_node<double>(build(arguments[1])),
                       function.of_doubles);
  if (function.of_longs != nullptr)
    return two<std::int64_t>(cast_node<std::int64_t>(build(arguments[0])), cast_node<std::int64_t>(build(arguments[1])),
                             function.of_longs);
  return build_kept(call);
}

/// Functions that keep the type of their argument.
NumberNode VectorCompiler::build_kept(const Call& call) {
  const std::string_view name = call.function().name;
  NumberNode first = build(call.arguments()[0]);
  if (name == "abs") {
    if (first.is_long())
      return one<std::int64_t>(std::move(first.longs),
                               [](std::int64_t value) { return value < 0 ? wrapping_subtract(0, value) : value; });
    return one<double>(std::move(first.doubles), [](double value) { return std::fabs(value); });
  }
  if (name == "round") {
    const std::int32_t scale = *scale_of(call);
    if (first.is_long())
      return one<std::int64_t>(std::move(first.longs),
                               [scale](std::int64_t value) { return round_half_up(value, scale); });
    return one<double>(std::move(first.doubles), [scale](double value) { return round_half_up(value, scale); });
  }
  return build_quotient(name == "div", std::move(first), build(call.arguments()[1]));
}

NumberNode VectorCompiler::build_quotient(bool to_long, NumberNode left, NumberNode right) {
  if (left.is_long() && right.is_long()) {
    if (to_long)
      return computed_longs(BinaryOperator::kDivide, std::move(left.longs), std::move(right.longs),
                            columns_.position());
    return fallible(
        std::move(left.longs), std::move(right.longs),
        [](std::int64_t a, std::int64_t b) { return b == 0 ? std::nullopt : std::optional(divide_longs(a, b)); },
        columns_.position());
  }
  Doubles dividend = cast_node<double>(std::move(left));
  Doubles divisor = cast_node<double>(std::move(right));
  if (to_long)
    return two<std::int64_t>(std::move(dividend), std::move(divisor),
                             [](double a, double b) { return java_long(a / b); });
  return fallible(
      std::move(dividend), std::move(divisor),
      [](double a, double b) -> std::optional<double> {
        if (b != 0 && b == b) return a / b;
        return a == 0 ? std::optional(0.0) : std::nullopt;
      },
      columns_.position());
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
