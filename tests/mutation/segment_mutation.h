#pragma once
// Damaged copies of a segment by number: the same number is the same damage on every machine. One in eight changes a
// file as it is stored; the others change a logical file, half of them near its beginning, where the lengths are.
// Thread safety: no state.

#include <cstdint>
#include <string>

#include "tests/mutation/segment_parts.h"

namespace sarsen::storage {

struct Mutant {
  std::string part;  // the file that is changed
  bool logical;
  StoredFiles files;
};

/// REQUIRES: the segment has files.
Mutant mutant_of(const SegmentParts& parts, std::uint64_t number);

}  // namespace sarsen::storage
