#pragma once
// Unary and binary operators over scalars (operator.cc says what each does with each type).

#include <cstdint>
#include <string_view>

#include "engine/expression/expr.h"

namespace sarsen::engine::expression {

enum class UnaryOperator : std::uint8_t { kMinus, kNot };

enum class BinaryOperator : std::uint8_t {
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kRemainder,
  kPower,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kEqual,
  kNotEqual,
  kAnd,
  kOr,
};

constexpr bool is_comparison(BinaryOperator op) noexcept {
  return op >= BinaryOperator::kLess && op <= BinaryOperator::kNotEqual;
}
constexpr bool is_logical(BinaryOperator op) noexcept { return op >= BinaryOperator::kAnd; }

class Unary final : public Expr {
 public:
  Unary(UnaryOperator op, ExprPtr operand) : Expr({std::move(operand)}), op_(op) {}
  UnaryOperator op() const noexcept { return op_; }
  const Expr& operand() const noexcept { return *children()[0]; }

  Eval eval(const Bindings& bindings) const override;
  MaybeType output_type(const InputTypes& inputs) const override;
  bool vectorized(const InputTypes& inputs) const override { return operand().vectorized(inputs); }
  BindingAnalysis analyze() const override;
  std::string text() const override;
  ExprPtr with_children(Exprs children) const override;

 private:
  UnaryOperator op_;
};

class Binary final : public Expr {
 public:
  Binary(BinaryOperator op, ExprPtr left, ExprPtr right) : Expr({std::move(left), std::move(right)}), op_(op) {}
  BinaryOperator op() const noexcept { return op_; }
  const Expr& left() const noexcept { return *children()[0]; }
  const Expr& right() const noexcept { return *children()[1]; }

  Eval eval(const Bindings& bindings) const override;
  MaybeType output_type(const InputTypes& inputs) const override;
  bool vectorized(const InputTypes& inputs) const override;
  BindingAnalysis analyze() const override;
  std::string text() const override;
  ExprPtr with_children(Exprs children) const override;

 private:
  Eval logical(const Bindings& bindings) const;
  Eval computed(const Eval& left, const Eval& right) const;

  BinaryOperator op_;
};

/// Folded where the operands are constant.
ExprPtr make_unary(UnaryOperator op, ExprPtr operand);
ExprPtr make_binary(BinaryOperator op, ExprPtr left, ExprPtr right);

/// A comparison of two values; null where one of them is null, or is no number where numbers are compared.
Eval compared(BinaryOperator op, const Eval& left, const Eval& right);

// The arithmetic of longs and doubles. Those that can fail throw kInvalidInput.
std::int64_t divide_longs(std::int64_t left, std::int64_t right);
std::int64_t remainder_of_longs(std::int64_t left, std::int64_t right);
std::int64_t power_of_longs(std::int64_t base, std::int64_t exponent);

std::string_view symbol(BinaryOperator op) noexcept;

}  // namespace sarsen::engine::expression
