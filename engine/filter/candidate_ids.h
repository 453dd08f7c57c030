#pragma once
// Filters that look for text within texts, asked of a dictionary as a whole (engine/text/candidate_entries.h).

#include <functional>
#include <optional>
#include <string_view>

#include "engine/filter/id_set.h"
#include "engine/kernels/byte_pairs.h"
#include "storage/column/column.h"

namespace sarsen::engine {

/// The entries that `accepts` is true of, which all have the pair. nullopt: the dictionary cannot be asked so.
std::optional<IdSet> accepted_candidates(const storage::Dictionary& dictionary, const kernels::BytePair& pair,
                                         const std::function<bool(std::string_view)>& accepts);

}  // namespace sarsen::engine
