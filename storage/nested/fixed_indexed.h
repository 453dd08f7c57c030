#pragma once
// FixedIndexed: values of one width by id, ascending; read straight from the mapped bytes. The dictionaries of longs
// and doubles of auto and JSON columns, and lists of ids. Format: storage/FORMAT.md, "FixedIndexed". Thread safety: a
// value; const methods from any thread. Lives no longer than the segment.

#include <bit>
#include <cstdint>
#include <optional>
#include <span>

#include "storage/base/byte_reader.h"

namespace sarsen::storage {

/// T is std::int64_t, double or std::uint32_t.
template <class T>
class FixedIndexed {
 public:
  FixedIndexed() = default;  // no values

  /// Reads the structure that starts here and moves behind it. Throws on corrupt bytes.
  static FixedIndexed read(ByteReader& reader, std::endian byte_order);

  std::uint32_t size() const noexcept { return stored_count_ + (has_null_ ? 1 : 0); }
  /// Value 0 is null; it is not stored.
  bool has_null() const noexcept { return has_null_; }
  /// nullopt for null. REQUIRES: index < size().
  std::optional<T> value(std::uint32_t index) const noexcept;
  /// The first index whose value is not less; size() where all are less. Null is less than all.
  std::uint32_t lower_bound(T value) const noexcept;

 private:
  std::span<const std::byte> values_;
  std::uint32_t stored_count_ = 0;
  bool has_null_ = false;
  std::endian byte_order_ = std::endian::little;
};

extern template class FixedIndexed<std::int64_t>;
extern template class FixedIndexed<double>;
extern template class FixedIndexed<std::uint32_t>;

}  // namespace sarsen::storage
