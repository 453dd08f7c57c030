#pragma once
// The entries of a dictionary that may hold a text, found in all of its bytes at once: most entries are never looked
// at. Not thread-safe.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "engine/kernels/byte_pairs.h"
#include "storage/column/string_dictionary.h"

namespace sarsen::engine {

class CandidateEntries {
 public:
  /// nullopt where the dictionary has no such order of bytes (StoredDictionary::ordered_texts), or is not sorted. The
  /// dictionary must outlive what is returned.
  static std::optional<CandidateEntries> of(const storage::Dictionary& dictionary, const kernels::BytePair& pair);

  /// The next entry that has the pair, ascending, and perhaps some others; nullopt: there is none. Throws where the
  /// dictionary is corrupt.
  std::optional<std::uint32_t> next();

 private:
  static constexpr std::size_t kBlockBytes = 4096;

  CandidateEntries(const storage::StoredDictionary& dictionary, std::string_view texts,
                   const kernels::BytePair& pair) noexcept
      : dictionary_(&dictionary), texts_(texts), pair_(pair) {}

  std::size_t next_place();
  void find_block();
  std::uint32_t entry_at(std::size_t place) const;
  std::size_t end_of(std::uint32_t id) const;

  const storage::StoredDictionary* dictionary_;
  std::string_view texts_;
  kernels::BytePair pair_;
  std::uint32_t entry_ = 0;  // those before it have been
  std::size_t place_ = 0;    // likewise
  std::size_t block_begin_ = 0;
  std::size_t block_end_ = 0;
  std::array<std::uint64_t, kBlockBytes / 64> block_;  // places of pairs
};

}  // namespace sarsen::engine
