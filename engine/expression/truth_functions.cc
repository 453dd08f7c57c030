#include "engine/expression/truth_functions.h"

#include <algorithm>
#include <array>

namespace sarsen::engine::expression {
namespace {

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

}  // namespace

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

TruthFunction truth_test(std::string_view name) noexcept {
  const auto found = std::find_if(kTests.begin(), kTests.end(), [&](const Test& test) { return test.name == name; });
  return found == kTests.end() ? nullptr : found->function;
}

}  // namespace sarsen::engine::expression
