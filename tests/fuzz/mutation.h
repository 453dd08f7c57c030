#pragma once
// Changed copies of an input, for replaying fuzz targets without libFuzzer. The same seed and number give the same
// bytes on every machine.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sarsen {

/// A copy of `seed` with one to `changes_max` changes: bits flipped, bytes set to extremes or nudged, runs of one byte,
/// pieces cut, doubled, moved or swapped, counts of either byte order put where lengths may be.
std::string mutate(std::string_view seed, std::uint64_t number, std::size_t changes_max = 4);

}  // namespace sarsen
