// The nodes of those parts: the second half of vector_compiler.h.

#include "engine/expression/vector_compiler.h"

#include <cmath>

#include "engine/expression/call_shape.h"
#include "engine/expression/number_nodes.h"
#include "engine/expression/operator_nodes.h"
#include "engine/expression/round.h"
#include "engine/expression/truth_functions.h"
#include "storage/base/civil_time.h"

namespace sarsen::engine::expression {

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
  if (const TruthFunction test = truth_test(function.name))
    return Longs(std::make_unique<TruthNode>(build(arguments[0]), std::nullopt, test));
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
  return quotient_node(name == "div", std::move(first), build(call.arguments()[1]), columns_.position());
}

}  // namespace sarsen::engine::expression
