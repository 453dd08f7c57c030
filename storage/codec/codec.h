#pragma once
// Block codecs by Druid's codec id. A compressed structure is cut into blocks of at most 65536 bytes (kBlockBytesMax)
// and each block is encoded for itself; its decoded size is not stored, the structure around it knows. Decoding trusts
// nothing: whatever the bytes are, it ends with a size within `out` or with an Error.
// Format: storage/FORMAT.md, "Compression codecs". Thread safety: all of it, from any thread.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace sarsen::storage {

enum class CodecId : std::uint8_t {
  kLzf = 0x00,
  kLz4 = 0x01,
  kZstd = 0x02,
  kNone = 0xFE,          // one contiguous array instead of blocks; numbers only
  kUncompressed = 0xFF,  // blocks of plain bytes
};

/// No block is larger once decoded.
inline constexpr std::size_t kBlockBytesMax = 65536;

struct Codec {
  CodecId id;
  std::string_view name;  // Druid's: "lz4"
  /// Decodes one block into `out`, returns the number of bytes written. Throws kRuntimeFailure where the block is
  /// corrupt or does not fit.
  std::size_t (*decode)(std::span<const std::byte> block, std::span<std::byte> out);
};

/// The codec of `id`. kNone has no blocks and is none of these. Throws kUnsupported, naming the id.
const Codec& codec_of(std::uint8_t id);

// One file each.
std::size_t decode_lz4(std::span<const std::byte> block, std::span<std::byte> out);
std::size_t decode_lzf(std::span<const std::byte> block, std::span<std::byte> out);
std::size_t decode_zstd(std::span<const std::byte> block, std::span<std::byte> out);
std::size_t decode_uncompressed(std::span<const std::byte> block, std::span<std::byte> out);

}  // namespace sarsen::storage
