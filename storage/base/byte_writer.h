#pragma once
// Numbers become bytes here: a growing buffer, the counterpart of ByteReader. The name of each function states the byte
// order. Not thread-safe.

#include <bit>
#include <cstddef>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include "storage/base/byte_reader.h"
#include "storage/base/check.h"
#include "storage/base/large_array.h"

namespace sarsen {

/// Stores `value` at `target` with byte order `order`. REQUIRES: room for sizeof(T) bytes.
template <WireNumber T, std::endian order>
void store(std::byte* target, T value) noexcept {
  using Unsigned = detail::UnsignedOfSize<sizeof(T)>;
  auto raw = std::bit_cast<typename Unsigned::Type>(value);
  if constexpr (order != std::endian::native) raw = Unsigned::swap(raw);
  std::memcpy(target, &raw, sizeof(raw));
}

template <WireNumber T>
void store_be(std::byte* target, T value) noexcept {
  store<T, std::endian::big>(target, value);
}

template <WireNumber T>
void store_le(std::byte* target, T value) noexcept {
  store<T, std::endian::little>(target, value);
}

class ByteWriter {
 public:
  std::size_t size() const noexcept { return bytes_.size(); }
  std::span<const std::byte> view() const noexcept { return bytes_; }

  /// Memory that is reserved and not used costs nothing.
  void reserve(std::size_t total) {
    if (total <= bytes_.capacity()) return;
    bytes_.reserve(total);
    ask_for_huge_pages(bytes_.data() + size(), total - size());
  }
  void clear() noexcept { bytes_.clear(); }

  template <WireNumber T>
  void write_be(T value) {
    store_be(extend(sizeof(T)), value);
  }

  template <WireNumber T>
  void write_le(T value) {
    store_le(extend(sizeof(T)), value);
  }

  void write(std::span<const std::byte> bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }
  void write(std::string_view text) { write(std::as_bytes(std::span(text))); }

  /// Appends `count` zero bytes and returns where they begin; valid until the next append.
  std::byte* extend(std::size_t count) {
    bytes_.resize(bytes_.size() + count);
    return bytes_.data() + (bytes_.size() - count);
  }

  /// Drops what lies past `size`. REQUIRES: size <= size().
  void truncate(std::size_t size) {
    DCHECK(size <= bytes_.size());
    bytes_.resize(size);
  }

  /// Overwrites bytes that were left open for a number known only later. REQUIRES: they lie inside.
  template <WireNumber T>
  void patch_be(std::size_t offset, T value) noexcept {
    DCHECK(offset + sizeof(T) <= bytes_.size());
    store_be(bytes_.data() + offset, value);
  }

 private:
  std::vector<std::byte> bytes_;
};

}  // namespace sarsen
