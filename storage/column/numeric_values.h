#pragma once
// The stored values of a numeric column: blocks of numbers, or of packed integers that stand for longs
// (storage/FORMAT.md, "Numeric columns"). Thread safety: const methods from any thread.

#include <bit>
#include <cstdint>
#include <memory>
#include <string>

#include "storage/base/byte_reader.h"
#include "storage/codec/long_encoding.h"
#include "storage/column/blocks.h"

namespace sarsen::storage {

/// T is std::int64_t, float or double.
template <class T>
class NumericValues {
 public:
  /// Reads the structure that starts here and moves behind it.
  NumericValues(ByteReader& reader, std::endian byte_order, const LogicalFiles& files, const Place& place);

  std::uint32_t size() const noexcept { return blocks_->value_count(); }
  std::string encoding() const;
  const Blocks& blocks() const noexcept { return *blocks_; }

  /// The values where they lie, if they lie there as this machine wants them; else nullptr.
  const T* in_place(const BlockCursor::Piece& piece) const noexcept;
  void decode(const BlockCursor::Piece& piece, T* out) const;

 private:
  std::unique_ptr<LongEncoding> encoding_;  // null: numbers as they are
  std::endian byte_order_;
  std::unique_ptr<Blocks> blocks_;
};

extern template class NumericValues<std::int64_t>;
extern template class NumericValues<float>;
extern template class NumericValues<double>;

}  // namespace sarsen::storage
