#pragma once
// An array that one thread appends to while others read the elements published so far: elements never move. Chunks
// double in size, so that a table of 23 pointers covers all row numbers and a reader finds most rows lying together.
//
// Thread safety: the writer appends; whoever learned of a size through a lock or a release store may read that many
// elements.

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "storage/base/large_array.h"

namespace sarsen::storage {

/// Where element i is: chunk k has kFirstSize << k elements.
struct ChunkPlace {
  static constexpr unsigned kFirstBits = 10;
  static constexpr std::uint32_t kFirstSize = 1u << kFirstBits;
  static constexpr std::size_t kChunksMax = 33 - kFirstBits;

  std::uint32_t chunk;
  std::uint64_t offset;

  static constexpr ChunkPlace of(std::uint32_t index) noexcept {
    const std::uint64_t shifted = std::uint64_t{index} + kFirstSize;
    const auto top = static_cast<unsigned>(std::bit_width(shifted)) - 1;
    return {top - kFirstBits, shifted - (std::uint64_t{1} << top)};
  }
  static constexpr std::uint64_t size_of(std::uint32_t chunk) noexcept { return std::uint64_t{kFirstSize} << chunk; }
  /// The index of the chunk's first element.
  static constexpr std::uint64_t begin_of(std::uint32_t chunk) noexcept { return size_of(chunk) - kFirstSize; }
};

static_assert(ChunkPlace::of(0).chunk == 0 && ChunkPlace::of(1023).offset == 1023 && ChunkPlace::of(1024).chunk == 1);
static_assert(ChunkPlace::of(UINT32_MAX).chunk < ChunkPlace::kChunksMax);

template <class T>
class GrowingArray {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  void push_back(const T& value) {
    const ChunkPlace place = ChunkPlace::of(size_);
    chunk(place)[place.offset] = value;
    ++size_;
  }

  void append(const T* values, std::uint32_t count) {
    while (count != 0) {
      const ChunkPlace place = ChunkPlace::of(size_);
      const auto run =
          static_cast<std::uint32_t>(std::min<std::uint64_t>(count, ChunkPlace::size_of(place.chunk) - place.offset));
      std::memcpy(chunk(place) + place.offset, values, run * sizeof(T));
      size_ += run;
      values += run;
      count -= run;
    }
  }

  /// The writer's count.
  std::uint32_t size() const noexcept { return size_; }

  /// REQUIRES: `index` is published.
  const T& operator[](std::uint32_t index) const noexcept {
    const ChunkPlace place = ChunkPlace::of(index);
    return chunks_[place.chunk][place.offset];
  }

  void prefetch(std::uint32_t index) const noexcept { __builtin_prefetch(&(*this)[index]); }

  /// Elements [begin, begin + count): in place where they lie together, else copied to `scratch`. REQUIRES: they are
  /// published.
  const T* read(std::uint32_t begin, std::uint32_t count, T* scratch) const noexcept {
    if (count == 0) return scratch;  // the chunk may be in the making
    const ChunkPlace place = ChunkPlace::of(begin);
    if (place.offset + count <= ChunkPlace::size_of(place.chunk)) return chunks_[place.chunk].get() + place.offset;
    copy(begin, count, scratch);
    return scratch;
  }

  void copy(std::uint32_t begin, std::uint32_t count, T* out) const noexcept {
    while (count != 0) {
      const ChunkPlace place = ChunkPlace::of(begin);
      const auto run =
          static_cast<std::uint32_t>(std::min<std::uint64_t>(count, ChunkPlace::size_of(place.chunk) - place.offset));
      std::memcpy(out, chunks_[place.chunk].get() + place.offset, run * sizeof(T));
      out += run;
      begin += run;
      count -= run;
    }
  }

 private:
  T* chunk(const ChunkPlace& place) {
    auto& chunk = chunks_[place.chunk];
    if (!chunk) chunk = make_large_array<T>(ChunkPlace::size_of(place.chunk));
    return chunk.get();
  }

  std::uint32_t size_ = 0;  // the writer's
  std::array<LargeArray<T>, ChunkPlace::kChunksMax> chunks_;
};

}  // namespace sarsen::storage
