// Functions of two numbers. Two strings, and nulls, give null; one string is read as a number, or as 0.

#include <bit>
#include <charconv>
#include <cmath>

#include "engine/expression/function.h"
#include "engine/expression/operator.h"
#include "engine/result/value_order.h"
#include "storage/base/java_number.h"

namespace sarsen::engine::expression {
namespace {

enum class Numbers : std::uint8_t { kNone, kLongs, kDoubles };

Numbers numbers(const Eval& left, const Eval& right) {
  if (left.is_null() || right.is_null() || (left.type.is_string() && right.type.is_string())) return Numbers::kNone;
  return left.type.is_long() && right.type.is_long() ? Numbers::kLongs : Numbers::kDoubles;
}

template <double (*kFunction)(double, double)>
Eval of_doubles(const Eval& left, const Eval& right) {
  if (numbers(left, right) == Numbers::kNone) return {};
  return Eval::of(kFunction(left.as_double(), right.as_double()));
}

template <std::int64_t (*kFunction)(std::int64_t, std::int64_t)>
Eval of_longs(const Eval& left, const Eval& right) {
  if (numbers(left, right) == Numbers::kNone) return {};
  return Eval::of(kFunction(left.as_long(), right.as_long()));
}

/// Unlike C's, Java's pow of 1 and of -1 is NaN where the exponent is NaN or, in size, infinite.
double power(double base, double exponent) {
  if (std::fabs(base) == 1.0 && (exponent != exponent || std::isinf(exponent))) return std::nan("");
  return std::pow(base, exponent);
}

double greater(double left, double right) {
  if (left != left || right != right) return std::nan("");
  return compare_doubles(left, right) > 0 ? left : right;
}
double lesser(double left, double right) {
  if (left != left || right != right) return std::nan("");
  return compare_doubles(left, right) < 0 ? left : right;
}
std::int64_t greater_long(std::int64_t left, std::int64_t right) { return left > right ? left : right; }
std::int64_t lesser_long(std::int64_t left, std::int64_t right) { return left < right ? left : right; }

template <std::int64_t (*kLong)(std::int64_t, std::int64_t), double (*kDouble)(double, double)>
Eval extreme(const Eval& left, const Eval& right) {
  switch (numbers(left, right)) {
    case Numbers::kNone:
      return {};
    case Numbers::kLongs:
      return Eval::of(kLong(left.as_long(), right.as_long()));
    case Numbers::kDoubles:
      break;
  }
  return Eval::of(kDouble(left.as_double(), right.as_double()));
}

Eval scale(const Eval& left, const Eval& right) {
  if (numbers(left, right) == Numbers::kNone) return {};
  return Eval::of(std::scalbn(left.as_double(), right.as_int()));
}

Eval quotient(const Eval& left, const Eval& right) {
  switch (numbers(left, right)) {
    case Numbers::kNone:
      return {};
    case Numbers::kLongs:
      return Eval::of(divide_longs(left.as_long(), right.as_long()));
    case Numbers::kDoubles:
      break;
  }
  return Eval::of(java_long(left.as_double() / right.as_double()));
}

MaybeType quotient_output(const ArgumentTypes& types) {
  const MaybeType type = joined_output(types);
  return type && type->is_numeric() ? Type::long_() : type;
}

Eval safe_divide(const Eval& left, const Eval& right) {
  const Numbers kind = numbers(left, right);
  if (kind == Numbers::kNone) return {};
  if (kind == Numbers::kLongs)
    return right.as_long() == 0 ? Eval::null(Type::long_()) : Eval::of(divide_longs(left.as_long(), right.as_long()));
  const double divisor = right.as_double();
  if (divisor != 0 && divisor == divisor) return Eval::of(left.as_double() / divisor);
  return left.as_double() == 0 ? Eval::of(0.0) : Eval::null(Type::double_());
}

std::int64_t bit_and(std::int64_t left, std::int64_t right) { return left & right; }
std::int64_t bit_or(std::int64_t left, std::int64_t right) { return left | right; }
std::int64_t bit_xor(std::int64_t left, std::int64_t right) { return left ^ right; }
std::int64_t shift_left(std::int64_t value, std::int64_t count) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(value) << (count & 63));
}
std::int64_t shift_right(std::int64_t value, std::int64_t count) { return value >> (count & 63); }

/// Java's Long.parseLong: nullopt for text that is no long in the radix.
std::optional<std::int64_t> parsed(std::string_view text, std::int32_t radix) {
  if (radix < 2 || radix > 36) return std::nullopt;
  if (radix == 16 && (text.starts_with("0x") || text.starts_with("0X"))) text.remove_prefix(2);
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value, radix);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Eval parse_long(const Arguments& arguments) {
  const std::optional<std::string> text = arguments[0].as_string();
  return Eval::of(text ? parsed(*text, arguments.size() > 1 ? arguments[1].as_int() : 10) : std::nullopt);
}

template <double (*kFunction)(double, double)>
void add_doubles(FunctionRegistry& registry, std::string_view name) {
  registry.add({.name = name,
                .arguments_min = 2,
                .arguments_max = 2,
                .bind = of_two<of_doubles<kFunction>>,
                .output = double_output,
                .vector_rule = VectorRule::kNumbers,
                .may_fail = false,
                .of_doubles = kFunction});
}
template <std::int64_t (*kFunction)(std::int64_t, std::int64_t)>
void add_bits(FunctionRegistry& registry, std::string_view name) {
  registry.add({.name = name,
                .arguments_min = 2,
                .arguments_max = 2,
                .bind = of_two<of_longs<kFunction>>,
                .output = long_output,
                .vector_rule = VectorRule::kNumbers,
                .may_fail = false,
                .of_longs = kFunction});
}

}  // namespace

void add_two_number_functions(FunctionRegistry& registry) {
  add_doubles<std::atan2>(registry, "atan2");
  add_doubles<std::copysign>(registry, "copySign");
  add_doubles<std::hypot>(registry, "hypot");
  add_doubles<std::nextafter>(registry, "nextAfter");
  add_doubles<power>(registry, "pow");
  add_doubles<std::remainder>(registry, "remainder");
  add_bits<bit_and>(registry, "bitwiseAnd");
  add_bits<bit_or>(registry, "bitwiseOr");
  add_bits<bit_xor>(registry, "bitwiseXor");
  add_bits<shift_left>(registry, "bitwiseShiftLeft");
  add_bits<shift_right>(registry, "bitwiseShiftRight");
  const auto add = [&](std::string_view name, Apply (*bind)(const Exprs&), MaybeType (*output)(const ArgumentTypes&),
                       bool may_fail) {
    registry.add({.name = name,
                  .arguments_min = 2,
                  .arguments_max = 2,
                  .bind = bind,
                  .output = output,
                  .vector_rule = VectorRule::kNumbers,
                  .may_fail = may_fail});
  };
  add("max", of_two<extreme<greater_long, greater>>, joined_output, false);
  add("min", of_two<extreme<lesser_long, lesser>>, joined_output, false);
  add("scalb", of_two<scale>, double_output, false);
  add("div", of_two<quotient>, quotient_output, true);
  add("safe_divide", of_two<safe_divide>, joined_output, false);
  registry.add({.name = "parse_long",
                .arguments_min = 1,
                .arguments_max = 2,
                .bind = plain<parse_long>,
                .output = long_output,
                .vector_rule = VectorRule::kAlways,
                .may_fail = false});
}

}  // namespace sarsen::engine::expression
