#pragma once
// Pieces of text by Java's positions: UTF-16 code units, of which a code point past U+FFFF has two. Half of such a pair
// becomes "?", as where Java encodes it.

#include <cstddef>
#include <string>
#include <string_view>

namespace sarsen::engine {

/// Units [begin, end) of `utf8`, as far as it goes.
std::string utf16_slice(std::string_view utf8, std::size_t begin, std::size_t end);

}  // namespace sarsen::engine
