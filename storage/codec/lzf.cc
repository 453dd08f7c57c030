// LZF as the compress-lzf library frames it (by Ning, hence "ZV"): chunks until the block ends, each
//
//   "ZV", type 0: u16 BE size, that many plain bytes
//   "ZV", type 1: u16 BE compressed size, u16 BE plain size, LZF data
//
// LZF data is a sequence of a control byte c and what it announces: c < 32 means c + 1 literals follow; else a copy of
// (c >> 5) + 2 bytes (where c >> 5 is 7, the next byte is added) from ((c & 31) << 8 | next byte) + 1 bytes back.
// A copy does not reach back past the start of its chunk.
#include <algorithm>
#include <cstring>

#include "storage/base/byte_reader.h"
#include "storage/codec/codec.h"

namespace sarsen::storage {

namespace {

constexpr std::uint8_t kPlainChunk = 0;
constexpr std::uint8_t kCompressedChunk = 1;

// Writes bytes into a span and refuses to leave it.
class Output {
 public:
  explicit Output(std::span<std::byte> bytes) : bytes_(bytes) {}

  std::size_t size() const noexcept { return size_; }

  void literals(std::span<const std::byte> literals) {
    check_format(literals.size() <= bytes_.size() - size_, "lzf chunk larger than it says");
    std::copy(literals.begin(), literals.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(size_));
    size_ += literals.size();
  }

  void copy(std::size_t distance, std::size_t count) {
    check_format(distance <= size_, "lzf copy from before the chunk");
    check_format(count <= bytes_.size() - size_, "lzf chunk larger than it says");
    // Byte by byte: where the copy overlaps itself it repeats what it has just written.
    for (std::size_t i = 0; i < count; ++i, ++size_) bytes_[size_] = bytes_[size_ - distance];
  }

 private:
  std::span<std::byte> bytes_;
  std::size_t size_ = 0;
};

void decode_back_reference(ByteReader& in, std::uint8_t control, Output& out) {
  std::size_t count = static_cast<std::size_t>(control >> 5) + 2;
  if (control >> 5 == 7) count += in.read_byte();
  const std::size_t distance = static_cast<std::size_t>((control & 31) << 8 | in.read_byte()) + 1;
  out.copy(distance, count);
}

void decode_chunk(ByteReader in, std::span<std::byte> chunk) {
  Output out(chunk);
  while (!in.at_end()) {
    const std::uint8_t control = in.read_byte();
    if (control < 32) {
      out.literals(in.bytes(static_cast<std::size_t>(control) + 1));
    } else {
      decode_back_reference(in, control, out);
    }
  }
  check_format(out.size() == chunk.size(), "lzf chunk smaller than it says");
}

}  // namespace

std::size_t decode_lzf(std::span<const std::byte> block, std::span<std::byte> out) {
  ByteReader in(block, "lzf chunk");
  std::size_t size = 0;
  while (!in.at_end()) {
    in.check(in.read_byte() == 'Z' && in.read_byte() == 'V', "no lzf signature");
    const std::uint8_t type = in.read_byte();
    in.check(type == kPlainChunk || type == kCompressedChunk, "unknown lzf chunk type");
    const std::size_t stored_size = in.read_be<std::uint16_t>();
    const std::size_t plain_size = type == kPlainChunk ? stored_size : in.read_be<std::uint16_t>();
    const std::span<const std::byte> stored = in.bytes(stored_size);
    check_format(plain_size <= out.size() - size, "lzf block larger than a block may be");
    if (type == kPlainChunk) {
      std::copy(stored.begin(), stored.end(), out.begin() + static_cast<std::ptrdiff_t>(size));
    } else {
      decode_chunk(ByteReader(stored, "lzf chunk"), out.subspan(size, plain_size));
    }
    size += plain_size;
  }
  return size;
}

}  // namespace sarsen::storage
