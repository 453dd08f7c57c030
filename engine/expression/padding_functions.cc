// lpad and rpad, trim, ltrim and rtrim.

#include <algorithm>

#include "engine/expression/function.h"
#include "engine/text/utf16_slice.h"
#include "storage/base/error.h"
#include "storage/base/java_order.h"
#include "storage/base/utf8.h"

namespace sarsen::engine::expression {
namespace {

using Text = std::optional<std::string>;

/// As many units as asked for, of the padding again and again.
std::string padding(const std::string& pad, std::size_t units) {
  check_text_bytes(units);
  std::string out;
  const std::size_t pad_units = utf16_length(pad);
  for (std::size_t left = units; left >= pad_units; left -= pad_units) out += pad;
  return out + utf16_slice(pad, 0, units % pad_units);
}

/// Text of `size` units; longer text is cut, and an empty padding pads nothing. No units at all is null.
template <bool kLeft>
Eval pad(const Arguments& arguments) {
  const Text text = arguments[0].as_string();
  const Eval size = arguments[1];
  const Text pad = arguments[2].as_string();
  if (!text || !pad || size.as_int() == 0) return {};
  if (size.as_int() < 0) return Eval::of(std::string());
  const auto wanted = static_cast<std::size_t>(size.as_int());
  const std::size_t units = utf16_length(*text);
  if (units >= wanted) return Eval::of(utf16_slice(*text, 0, wanted));
  if (pad->empty()) return Eval::of(*text);
  const std::string padded = padding(*pad, wanted - units);
  return Eval::of(kLeft ? padded + *text : *text + padded);
}

enum class Side : std::uint8_t { kBoth, kLeft, kRight };

std::vector<std::string> characters_of(std::string_view text) {
  std::vector<std::string> characters;
  while (!text.empty()) {
    const std::size_t size = next_code_point(text).size;
    characters.emplace_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return characters;
}

std::string_view without(std::string_view text, const std::vector<std::string>& characters, Side side) {
  const auto strip = [&](bool left) {
    for (bool found = true; found;) {
      found = false;
      for (const std::string& character : characters) {
        if (left ? !text.starts_with(character) : !text.ends_with(character)) continue;
        left ? text.remove_prefix(character.size()) : text.remove_suffix(character.size());
        found = true;
      }
    }
  };
  if (side != Side::kRight) strip(true);
  if (side != Side::kLeft) strip(false);
  return text;
}

/// Strips blanks, or the characters given; null characters strip nothing. Where nothing is stripped the argument stays
/// what it is, be it a number.
template <Side kSide>
Eval trim(const Arguments& arguments) {
  Eval value = arguments[0];
  const Text characters = arguments.size() > 1 ? arguments[1].as_string() : Text(" ");
  const Text text = value.as_string();
  if (!text) return value;
  std::string stripped(without(*text, characters_of(characters.value_or("")), kSide));
  return stripped.size() == text->size() ? value : Eval::of(std::move(stripped));
}

}  // namespace

void add_padding_functions(FunctionRegistry& registry) {
  registry.add("lpad", 3, 3, plain<pad<true>>, string_output, false);
  registry.add("rpad", 3, 3, plain<pad<false>>, string_output, false);
  registry.add("trim", 1, 2, plain<trim<Side::kBoth>>, string_output, false);
  registry.add("ltrim", 1, 2, plain<trim<Side::kLeft>>, string_output, false);
  registry.add("rtrim", 1, 2, plain<trim<Side::kRight>>, string_output, false);
}

}  // namespace sarsen::engine::expression
