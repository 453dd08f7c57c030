#pragma once
// Distinct arrays of integers by id, front coded in buckets: the dictionary of arrays, each a list of ids of scalars.
// Values are decoded whenever they are asked for, so nothing but the mapped bytes is kept.
// Format: storage/FORMAT.md, "Front-coded arrays". Thread safety: a value; const methods from any thread.

#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "storage/base/byte_reader.h"

namespace sarsen::storage {

class IntArrays {
 public:
  IntArrays() = default;  // no arrays

  /// Reads the structure that starts here and moves behind it. Throws on corrupt bytes.
  static IntArrays read(ByteReader& reader, std::endian byte_order);

  std::uint32_t size() const noexcept { return stored_count_ + (has_null_ ? 1 : 0); }
  /// Value 0 is null; value() gives it as an empty array.
  bool has_null() const noexcept { return has_null_; }
  /// REQUIRES: index < size(). Throws on corrupt bytes.
  std::vector<std::uint32_t> value(std::uint32_t index) const;

 private:
  std::size_t bucket_end(std::uint32_t bucket) const noexcept;
  std::uint32_t integer_at(const std::byte* bytes) const noexcept;
  void append_integers(ByteReader& bucket, std::uint32_t count, std::vector<std::uint32_t>& values) const;

  std::endian byte_order_ = std::endian::little;
  std::uint32_t bucket_size_ = 1;
  bool has_null_ = false;
  std::uint32_t stored_count_ = 0;
  std::span<const std::byte> ends_;  // 4 bytes for each bucket but the last
  std::span<const std::byte> buckets_;
};

}  // namespace sarsen::storage
