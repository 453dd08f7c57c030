#include "storage/structured/structured_hash.h"

#include "storage/base/smile_writer.h"
#include "storage/base/xxhash64.h"

namespace sarsen::storage {
namespace {

/// Druid's: any would do, were the order not to be the same.
constexpr std::uint64_t kSeed = 0xFFFFFFFF9747B28C;

}  // namespace

std::uint64_t structured_hash(const Json& value) {
  SmileWriter writer;
  ByteWriter smile;
  writer.write(value, smile);
  return structured_hash(smile.view());
}

std::uint64_t structured_hash(std::span<const std::byte> smile) noexcept { return xxhash64(smile, kSeed); }

}  // namespace sarsen::storage
