#include "engine/text/utf16_text.h"

#include "storage/base/java_order.h"
#include "storage/base/utf8.h"

namespace sarsen::engine {
namespace {

/// The byte where a unit begins, and whether it is the second of its character.
struct UnitPosition {
  std::size_t byte;
  bool second_half;
};

UnitPosition position_of(std::string_view text, std::size_t unit) noexcept {
  std::size_t byte = 0;
  for (std::size_t passed = 0; byte < text.size() && passed < unit;) {
    const Utf8Step step = next_code_point(text.substr(byte));
    const std::size_t units = step.code_point > 0xFFFF ? 2 : 1;
    if (passed + units > unit) return {byte, true};
    passed += units;
    byte += step.size;
  }
  return {byte, false};
}

}  // namespace

std::ptrdiff_t utf16_index_of(std::string_view text, std::string_view wanted, std::size_t from) {
  const UnitPosition start = position_of(text, from);
  const std::size_t byte = start.second_half ? start.byte + 1 : start.byte;
  const std::size_t found = text.find(wanted, byte);
  if (found == std::string_view::npos) return -1;
  return static_cast<std::ptrdiff_t>(utf16_length(text.substr(0, found)));
}

std::string reversed_text(std::string_view text) {
  std::string reversed(text.size(), '\0');
  std::size_t end = text.size();
  for (std::size_t byte = 0; byte < text.size();) {
    const std::size_t size = next_code_point(text.substr(byte)).size;
    end -= size;
    text.copy(reversed.data() + end, size, byte);
    byte += size;
  }
  return reversed;
}

}  // namespace sarsen::engine
