#pragma once
// Java's strings are counted in UTF-16 units; ours are UTF-8. Positions and lengths here are Java's. A character past
// U+FFFF is two units. Pieces by positions: utf16_slice.h. Functions of their arguments only.

#include <cstddef>
#include <string>
#include <string_view>

namespace sarsen::engine {

/// String.indexOf from a unit on: the unit of the first occurrence, or -1.
std::ptrdiff_t utf16_index_of(std::string_view text, std::string_view wanted, std::size_t from);

/// StringBuilder.reverse: characters, not bytes, in reverse order.
std::string reversed_text(std::string_view text);

}  // namespace sarsen::engine
