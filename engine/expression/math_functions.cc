// Functions of one number, as Java's Math has them: text and nulls give null, longs are doubles but where a function
// keeps them.

#include <bit>
#include <cmath>
#include <limits>
#include <numbers>

#include "engine/expression/function.h"
#include "engine/expression/round.h"
#include "storage/base/civil_time.h"

namespace sarsen::engine::expression {
namespace {

/// Null for what is no number.
template <double (*kFunction)(double)>
Eval of_number(const Eval& value) {
  if (!value.type.is_numeric() || value.is_null()) return {};
  return Eval::of(kFunction(value.as_double()));
}

double cotangent(double value) { return std::cos(value) / std::sin(value); }
double signum(double value) { return value > 0 ? 1.0 : value < 0 ? -1.0 : value; }
double next_up(double value) { return std::nextafter(value, std::numeric_limits<double>::infinity()); }
double to_degrees(double value) { return value * 57.29577951308232; }
double to_radians(double value) { return value * 0.017453292519943295; }

/// The distance to the next greater magnitude.
double ulp(double value) {
  if (std::isinf(value)) return std::numeric_limits<double>::infinity();
  const double magnitude = std::fabs(value);
  if (magnitude == std::numeric_limits<double>::max()) return std::ldexp(1.0, 971);
  return std::nextafter(magnitude, std::numeric_limits<double>::infinity()) - magnitude;
}

Eval absolute(const Eval& value) {
  if (!value.type.is_numeric() || value.is_null()) return {};
  if (value.type.is_double()) return Eval::of(std::fabs(value.as_double()));
  return Eval::of(value.as_long() < 0 ? wrapping_subtract(0, value.as_long()) : value.as_long());
}

Eval exponent(const Eval& value) {
  if (!value.type.is_numeric() || value.is_null()) return {};
  const auto bits = std::bit_cast<std::uint64_t>(value.as_double());
  return Eval::of(static_cast<std::int64_t>((bits >> 52) & 0x7FF) - 1023);
}

std::int64_t long_in_range(std::string_view name, const Eval& value) {
  if (value.type.is_long()) return value.as_long();
  const double number = value.as_double();
  if (number < -0x1p63 || number > 0x1p63)
    fail_function(name, "Possible data truncation, param [" + *value.as_string() + "] is out of LONG value range");
  return value.as_long();
}

Eval complement(const Eval& value) {
  if (!value.type.is_numeric() || value.is_null()) return {};
  return Eval::of(~long_in_range("bitwiseComplement", value));
}

Eval bits_of(const Eval& value) {
  if (!value.type.is_numeric() || value.is_null()) return {};
  const double number = value.as_double();
  const double canonical = number != number ? std::numeric_limits<double>::quiet_NaN() : number;
  return Eval::of(std::bit_cast<std::int64_t>(canonical));
}

Eval from_bits(const Eval& value) {
  if (!value.type.is_numeric() || value.is_null()) return {};
  return Eval::of(std::bit_cast<double>(long_in_range("bitwiseConvertLongBitsToDouble", value)));
}

MaybeType known_long(const ArgumentTypes& types) { return types[0] ? MaybeType(Type::long_()) : std::nullopt; }
MaybeType known_double(const ArgumentTypes& types) { return types[0] ? MaybeType(Type::double_()) : std::nullopt; }

Eval pi(const Arguments&) { return Eval::of(std::numbers::pi); }

Eval round(const Arguments& arguments) {
  const Eval value = arguments[0];
  if (value.is_numeric_null()) return {};
  if (!value.type.is_numeric())
    fail_function("round", "first argument should be a LONG or DOUBLE but got " + value.type.name() + " instead");
  std::int32_t scale = 0;
  if (arguments.size() > 1) {
    const Eval second = arguments[1];
    if (!second.type.is_long())
      fail_function("round", "second argument should be a LONG but got " + second.type.name() + " instead");
    scale = second.as_int();
  }
  if (value.type.is_long()) return Eval::of(round_half_up(value.as_long(), scale));
  return Eval::of(round_half_up(value.as_double(), scale));
}

template <double (*kFunction)(double)>
void add(FunctionRegistry& registry, std::string_view name) {
  registry.add({.name = name,
                .arguments_min = 1,
                .arguments_max = 1,
                .bind = of_one<of_number<kFunction>>,
                .output = double_output,
                .vector_rule = VectorRule::kNumbers,
                .may_fail = false,
                .of_double = kFunction});
}

}  // namespace

void add_math_functions(FunctionRegistry& registry) {
  add<std::acos>(registry, "acos");
  add<std::asin>(registry, "asin");
  add<std::atan>(registry, "atan");
  add<std::cbrt>(registry, "cbrt");
  add<std::ceil>(registry, "ceil");
  add<std::cos>(registry, "cos");
  add<std::cosh>(registry, "cosh");
  add<cotangent>(registry, "cot");
  add<std::exp>(registry, "exp");
  add<std::expm1>(registry, "expm1");
  add<std::floor>(registry, "floor");
  add<std::log>(registry, "log");
  add<std::log10>(registry, "log10");
  add<std::log1p>(registry, "log1p");
  add<next_up>(registry, "nextUp");
  add<std::nearbyint>(registry, "rint");
  add<signum>(registry, "signum");
  add<std::sin>(registry, "sin");
  add<std::sinh>(registry, "sinh");
  add<std::sqrt>(registry, "sqrt");
  add<std::tan>(registry, "tan");
  add<std::tanh>(registry, "tanh");
  add<to_degrees>(registry, "toDegrees");
  add<to_radians>(registry, "toRadians");
  add<ulp>(registry, "ulp");
  const auto add_one = [&](std::string_view name, Apply (*bind)(const Exprs&),
                           MaybeType (*output)(const ArgumentTypes&), bool may_fail) {
    registry.add({.name = name,
                  .arguments_min = 1,
                  .arguments_max = 1,
                  .bind = bind,
                  .output = output,
                  .vector_rule = VectorRule::kNumbers,
                  .may_fail = may_fail});
  };
  add_one("abs", of_one<absolute>, first_output, false);
  add_one("getExponent", of_one<exponent>, long_output, false);
  add_one("bitwiseComplement", of_one<complement>, long_output, true);
  add_one("bitwiseConvertDoubleToLongBits", of_one<bits_of>, known_long, false);
  add_one("bitwiseConvertLongBitsToDouble", of_one<from_bits>, known_double, true);
  registry.add({.name = "pi", .arguments_min = 0, .arguments_max = 0, .bind = plain<pi>, .output = double_output});
  registry.add({.name = "round", .arguments_min = 1, .arguments_max = 2, .bind = plain<round>, .output = first_output});
}

}  // namespace sarsen::engine::expression
