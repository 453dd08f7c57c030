#pragma once
// JSON beyond the standard, made standard JSON for the parser, which knows no other.

#include <string>
#include <string_view>

#include "ingest/row/json_features.h"

namespace sarsen::ingest {

/// What stands for NaN in what strict_json() makes: a number to whoever looks at its first character.
inline constexpr std::string_view kNotANumber = "-NaN";

/// `text` with all that `features` allow written as the standard has it; what they do not allow stays as it is, for the
/// parser to refuse. Takes time and memory linear in the text. Pure. Throws kInvalidInput where an object has a name
/// twice and the features forbid it, and where the text is nested deeper than any reader takes.
std::string strict_json(std::string_view text, JsonFeatures features);

}  // namespace sarsen::ingest
