#include "engine/expression/operator_nodes.h"

#include <cmath>

#include "engine/expression/number_nodes.h"
#include "engine/result/value_order.h"
#include "storage/base/civil_time.h"
#include "storage/base/java_number.h"

namespace sarsen::engine::expression {
namespace {

/// Double.compare(left, right) < 0.
bool below(double left, double right) noexcept { return compare_doubles(left, right) < 0; }

}  // namespace

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
  // Each a type of its own, not a pointer to a function, which would be called row by row.
  const auto inlined = [&](auto function) { return two<std::int64_t>(std::move(left), std::move(right), function); };
  switch (op) {
    case BinaryOperator::kAdd:
      return inlined([](std::int64_t a, std::int64_t b) { return wrapping_add(a, b); });
    case BinaryOperator::kSubtract:
      return inlined([](std::int64_t a, std::int64_t b) { return wrapping_subtract(a, b); });
    case BinaryOperator::kMultiply:
      return inlined([](std::int64_t a, std::int64_t b) {
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

NumberNode quotient_node(bool to_long, NumberNode left, NumberNode right, const CursorPosition* position) {
  if (left.is_long() && right.is_long()) {
    if (to_long)
      return computed_longs(BinaryOperator::kDivide, std::move(left.longs), std::move(right.longs), position);
    return fallible(
        std::move(left.longs), std::move(right.longs),
        [](std::int64_t a, std::int64_t b) { return b == 0 ? std::nullopt : std::optional(divide_longs(a, b)); },
        position);
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
      position);
}

}  // namespace sarsen::engine::expression
