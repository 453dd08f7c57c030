#pragma once
// Compares an answer with the one that stock Druid gave. JSON is compared as values: the order of keys does not matter;
// integers are exact; doubles within 1e-9 relative (1e-5 where 32-bit floats take part). topN rows may trade places
// where their metric ties, and at the cut any of the rows that tie will do; scan rows may trade places where nothing
// orders them.

#include <string>

#include "storage/base/json.h"

namespace sarsen {

/// What differs between the recorded answer `wanted` and `answer`, in words; empty where they agree.
std::string golden_difference(const Json& query, const Json& wanted, const Json& answer);

}  // namespace sarsen
