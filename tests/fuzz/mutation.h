#pragma once
// Changed copies of an input, for replaying fuzz targets without libFuzzer. The same seed and number give the same
// bytes on every machine.

#include <cstdint>
#include <string>
#include <string_view>

namespace sarsen {

/// A copy of `seed` with one to four changes: bits flipped, bytes set to extremes or nudged, runs of one byte, pieces
/// cut, doubled, moved or swapped, counts of either byte order put where lengths may be.
std::string mutate(std::string_view seed, std::uint64_t number);

}  // namespace sarsen
