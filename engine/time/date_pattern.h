#pragma once
// What patterns of dates have in common, Joda's and those of SimpleDateFormat: letters that stand for a field, and text
// between them that stands for itself. Functions of their arguments only.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sarsen::engine {

/// The most of one letter.
inline constexpr std::size_t kPatternLettersMax = 64;

bool is_pattern_letter(char byte) noexcept;

/// The text that begins at `position`, without its quotes: one other character, '' for a quote, or all up to the next
/// single quote; one that is never closed quotes to the end. `position` moves behind it. REQUIRES: no letter is there.
std::string take_pattern_text(std::string_view pattern, std::size_t& position);

/// At least `width` digits, the sign not counted.
void append_padded(std::string& out, std::int64_t value, std::size_t width);

}  // namespace sarsen::engine
