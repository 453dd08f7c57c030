#include "engine/filter/candidate_ids.h"

#include "engine/text/candidate_entries.h"

namespace sarsen::engine {

std::optional<IdSet> accepted_candidates(const storage::Dictionary& dictionary, const kernels::BytePair& pair,
                                         const std::function<bool(std::string_view)>& accepts) {
  std::optional<CandidateEntries> candidates = CandidateEntries::of(dictionary, pair);
  if (!candidates) return std::nullopt;
  IdSet ids(dictionary.size());
  while (const std::optional<std::uint32_t> id = candidates->next()) {
    const std::optional<std::string_view> text = dictionary.value(*id);
    if (text && accepts(*text)) ids.add(*id);
  }
  return ids;
}

}  // namespace sarsen::engine
