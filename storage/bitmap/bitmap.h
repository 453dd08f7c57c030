#pragma once
// Sets of row numbers as Druid stores them, read straight from the mapped bytes: nothing is copied or built first.
// Every offset is proven before it is followed and every row before its bit is set, so that hostile bytes end in an
// Error. Zero bytes are the empty set. Format: storage/FORMAT.md, "Bitmaps".
// Thread safety: pure functions.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "storage/base/json.h"

namespace sarsen::storage {

enum class BitmapEncoding : std::uint8_t { kConcise, kRoaring };

/// "concise", "roaring".
std::string_view name_of(BitmapEncoding encoding) noexcept;

/// From a descriptor's object that holds "bitmapSerdeFactory"; Concise where that is missing, as in Druid. Throws
/// kUnsupported, naming the type, where it is another.
BitmapEncoding bitmap_encoding_of(const Json& part);

/// Bit words that rows are added to. Rows from row_count on are refused.
class RowBits {
 public:
  /// REQUIRES: `words` covers row_count bits.
  RowBits(std::span<std::uint64_t> words, std::uint32_t row_count) : words_(words), row_count_(row_count) {}

  void add(std::uint64_t row);
  void add_range(std::uint64_t begin, std::uint64_t end);
  /// Adds bits to the rows [64 * word_index, ... + 64).
  void add_word(std::size_t word_index, std::uint64_t bits);

 private:
  std::span<std::uint64_t> words_;
  std::uint64_t row_count_;
};

/// The number of rows; Roaring states it in its headers, Concise is counted.
std::uint64_t bitmap_cardinality(BitmapEncoding encoding, std::span<const std::byte> bitmap);
void bitmap_or_into(BitmapEncoding encoding, std::span<const std::byte> bitmap, RowBits rows);

// One file each.
std::uint64_t roaring_cardinality(std::span<const std::byte> bitmap);
void roaring_or_into(std::span<const std::byte> bitmap, RowBits rows);
std::uint64_t concise_cardinality(std::span<const std::byte> bitmap);
void concise_or_into(std::span<const std::byte> bitmap, RowBits rows);

}  // namespace sarsen::storage
