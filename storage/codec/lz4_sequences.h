#pragma once
// Writes one LZ4 block as what it is made of: sequences of literal bytes and a copy of bytes that came before, and the
// literals at the end. Not thread-safe.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace sarsen::storage {

/// Rules of the format: no copy begins in the last twelve bytes of a block, or takes one of the last five.
inline constexpr std::size_t kLz4CopyBytesMin = 4;
inline constexpr std::size_t kLz4BytesAfterCopyBegins = 12;
inline constexpr std::size_t kLz4BytesAfterCopyEnds = 5;

class Lz4Sequences {
 public:
  /// REQUIRES: room for LZ4_compressBound() of the block at `target`.
  Lz4Sequences(const std::byte* block, std::byte* target) : next_literal_(block), begin_(target), end_(target) {}

  /// Where the literals begin that no sequence has taken yet.
  const std::byte* next_literal() const noexcept { return next_literal_; }

  /// The literals up to `at`, then a copy of `size` bytes from `distance` bytes before it.
  /// REQUIRES: kLz4CopyBytesMin <= size, 0 < distance < 65536.
  void add(const std::byte* at, std::size_t distance, std::size_t size) {
    std::byte* const token = write_literals(at);
    *end_++ = static_cast<std::byte>(distance & 0xFF);
    *end_++ = static_cast<std::byte>(distance >> 8);
    *token |= static_cast<std::byte>(write_length(size - kLz4CopyBytesMin));
    next_literal_ = at + size;
  }

  /// The literals up to the end of the block. Returns the size of all.
  std::size_t finish(const std::byte* block_end) {
    write_literals(block_end);
    return static_cast<std::size_t>(end_ - begin_);
  }

 private:
  static constexpr std::size_t kLongLength = 15;  // in a half of the token: more follows in bytes

  /// Returns the token.
  std::byte* write_literals(const std::byte* to) {
    std::byte* const token = end_++;
    const auto count = static_cast<std::size_t>(to - next_literal_);
    *token = static_cast<std::byte>(write_length(count) << 4);
    std::memcpy(end_, next_literal_, count);
    end_ += count;
    return token;
  }

  /// The part of a length that the token holds.
  std::size_t write_length(std::size_t length) {
    if (length < kLongLength) return length;
    std::size_t rest = length - kLongLength;
    for (; rest >= 255; rest -= 255) *end_++ = std::byte{255};
    *end_++ = static_cast<std::byte>(rest);
    return kLongLength;
  }

  const std::byte* next_literal_;
  std::byte* begin_;
  std::byte* end_;
};

}  // namespace sarsen::storage
