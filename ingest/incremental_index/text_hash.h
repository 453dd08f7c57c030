#pragma once
// The hash of a growing dictionary: two words folded by a multiplication of 64 bits to 128. It is seeded by chance for
// each process, so that nobody can send texts that all fall into one place.

#include <cstdint>
#include <optional>
#include <string_view>

namespace sarsen::ingest {

std::uint64_t text_hash(std::string_view text) noexcept;

}  // namespace sarsen::ingest
