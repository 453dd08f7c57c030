#pragma once
// Texts within URLs. A pure function.

#include <string>
#include <string_view>

namespace sarsen {

/// %XX for all but letters, digits and -_.~
std::string percent_encoded(std::string_view text);

}  // namespace sarsen
