#pragma once
// Changed queries by number: the same number is the same change on every machine. A mutant is a recorded query of which
// one to four places are changed: a value becomes an odd one, a piece is lost, doubled or exchanged with a piece of
// another query, a name loses or gains a letter. So it stays near what the engine understands. Thread safety: no state.

#include <cstdint>
#include <vector>

#include "storage/base/json.h"

namespace sarsen {

/// REQUIRES: `queries` is not empty.
Json query_mutant(const std::vector<Json>& queries, std::uint64_t number);

}  // namespace sarsen
