#pragma once
// Text as Java holds it: the bytes of its UTF-16 code units, little-endian, which is what cardinality and (by default)
// HLL sketches hash.

#include <cstddef>
#include <string_view>
#include <vector>

#include "engine/sketch/murmur3.h"

namespace sarsen::engine::sketch {

/// Replaces the contents of `bytes`, which is kept by the caller so that hashing a column does not allocate for each
/// value. Malformed pieces become U+FFFD, as in Java.
void to_utf16_le(std::string_view text, std::vector<std::byte>& bytes);

/// The hash of these bytes; allocates only for long text.
Hash128 murmur3_of_utf16(std::string_view text, std::uint64_t seed);

}  // namespace sarsen::engine::sketch
