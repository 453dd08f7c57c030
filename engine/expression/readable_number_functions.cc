// Numbers for people: 1.50 KiB, 1.23 MB, 1.23 M.

#include <bit>
#include <string>

#include "engine/expression/function.h"
#include "engine/text/java_format.h"

namespace sarsen::engine::expression {
namespace {

constexpr std::string_view kUnits = "KMGTPE";

using Print = std::string (*)(std::int64_t value, int precision);

std::string binary_bytes(std::int64_t value, int precision) {
  if (value > -1024 && value < 1024) return std::to_string(value) + " B";
  const std::uint64_t bits = static_cast<std::uint64_t>(value);
  const std::uint64_t magnitude = value < 0 ? std::uint64_t{0} - bits : bits;
  const auto unit = static_cast<unsigned>(63 - std::countl_zero(magnitude)) / 10;
  const double scaled = static_cast<double>(value) / static_cast<double>(std::uint64_t{1} << (unit * 10));
  return fixed_text(scaled, precision) + " " + kUnits[unit - 1] + "iB";
}

/// Divided, and cut, by 1000 until it is below a million.
std::string decimal(std::int64_t value, int precision) {
  std::size_t unit = 0;
  for (; value <= -1'000'000 || value >= 1'000'000; value /= 1000) ++unit;
  return fixed_text(static_cast<double>(value) / 1000.0, precision) + " " + kUnits[unit];
}

std::string decimal_bytes(std::int64_t value, int precision) {
  if (value > -1000 && value < 1000) return std::to_string(value) + " B";
  return decimal(value, precision) + "B";
}

std::string decimal_number(std::int64_t value, int precision) {
  return value > -1000 && value < 1000 ? std::to_string(value) : decimal(value, precision);
}

constexpr std::string_view name_of(Print print) {
  return print == binary_bytes    ? "human_readable_binary_byte_format"
         : print == decimal_bytes ? "human_readable_decimal_byte_format"
                                  : "human_readable_decimal_format";
}

template <Print kPrint>
Eval readable(const Arguments& arguments) {
  const Eval value = arguments[0];
  if (value.is_numeric_null()) return {};
  if (!value.type.is_numeric())
    fail_function(name_of(kPrint), "needs a number as its first argument but got " + value.type.name() + " instead");
  std::int64_t precision = 2;
  if (arguments.size() > 1) {
    const Eval second = arguments[1];
    if (!second.type.is_long())
      fail_function(name_of(kPrint), "needs a LONG as its second argument but got " + second.type.name() + " instead");
    precision = second.as_long();
    if (precision < 0 || precision > 3)
      fail_function(name_of(kPrint),
                    "given precision[" + std::to_string(precision) + "] must be in the range of [0,3]");
  }
  return Eval::of(kPrint(value.as_long(), static_cast<int>(precision)));
}

template <Print kPrint>
void add(FunctionRegistry& registry) {
  registry.add({.name = name_of(kPrint),
                .arguments_min = 1,
                .arguments_max = 2,
                .bind = plain<readable<kPrint>>,
                .output = string_output});
}

}  // namespace

void add_readable_number_functions(FunctionRegistry& registry) {
  add<binary_bytes>(registry);
  add<decimal_bytes>(registry);
  add<decimal_number>(registry);
}

}  // namespace sarsen::engine::expression
