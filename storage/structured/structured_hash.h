#pragma once
// The number by which Druid orders values that are neither null, strings nor numbers, signed: XXH64 of their SMILE.
// Thread safety: pure.

#include <cstddef>
#include <cstdint>
#include <span>

#include "storage/base/json.h"

namespace sarsen::storage {

std::uint64_t structured_hash(const Json& value);
/// The same of a value that is SMILE already.
std::uint64_t structured_hash(std::span<const std::byte> smile) noexcept;

}  // namespace sarsen::storage
