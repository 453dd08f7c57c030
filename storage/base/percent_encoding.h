#pragma once
// Texts within URLs. Pure functions.

#include <string>
#include <string_view>

namespace sarsen {

/// %XX for all but letters, digits, -_.~ and those of `also_plain`.
std::string percent_encoded(std::string_view text, std::string_view also_plain = "");

/// The byte that it stands for in place of each %XX; what is no escape stays.
std::string percent_decoded(std::string_view text);

}  // namespace sarsen
