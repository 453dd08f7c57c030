#pragma once
// Texts in any case, where only ASCII's letters have one: names of enumerations and protocols. What people write is
// engine/text/java_case.h's. Pure.

#include <string>
#include <string_view>

namespace sarsen::storage {

std::string lower_ascii(std::string_view text);
bool equals_ignoring_case(std::string_view left, std::string_view right) noexcept;
bool starts_with_ignoring_case(std::string_view text, std::string_view prefix) noexcept;

}  // namespace sarsen::storage
