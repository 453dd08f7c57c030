#include "storage/bitmap/bitmap.h"

#include <string>

#include "storage/base/check.h"

namespace sarsen::storage {

namespace {

void check_rows(bool valid) { check_format(valid, "bitmap: row past the end of the segment"); }

}  // namespace

std::string_view name_of(BitmapEncoding encoding) noexcept {
  return encoding == BitmapEncoding::kRoaring ? "roaring" : "concise";
}

BitmapEncoding bitmap_encoding_of(const Json& part) {
  const std::string type = JsonField(part)["bitmapSerdeFactory"]["type"].string_or("concise");
  if (type == "roaring") return BitmapEncoding::kRoaring;
  if (type == "concise") return BitmapEncoding::kConcise;
  throw Error(ErrorCategory::kUnsupported, "unknown type of bitmap: " + type);
}

void RowBits::add(std::uint64_t row) {
  check_rows(row < row_count_);
  words_[row / 64] |= 1ULL << row % 64;
}

void RowBits::add_range(std::uint64_t begin, std::uint64_t end) {
  if (begin >= end) return;
  check_rows(end <= row_count_);
  const std::size_t first = begin / 64;
  const std::size_t last = (end - 1) / 64;
  const std::uint64_t from_begin = ~0ULL << begin % 64;
  const std::uint64_t to_end = ~0ULL >> (63 - (end - 1) % 64);
  if (first == last) {
    words_[first] |= from_begin & to_end;
    return;
  }
  words_[first] |= from_begin;
  for (std::size_t word = first + 1; word < last; ++word) words_[word] = ~0ULL;
  words_[last] |= to_end;
}

void RowBits::add_word(std::size_t word_index, std::uint64_t bits) {
  if (bits == 0) return;
  const std::uint64_t begin = static_cast<std::uint64_t>(word_index) * 64;
  check_rows(begin < row_count_ && (row_count_ - begin >= 64 || bits >> (row_count_ - begin) == 0));
  words_[word_index] |= bits;
}

std::uint64_t bitmap_cardinality(BitmapEncoding encoding, std::span<const std::byte> bitmap) {
  if (bitmap.empty()) return 0;
  return encoding == BitmapEncoding::kRoaring ? roaring_cardinality(bitmap) : concise_cardinality(bitmap);
}

void bitmap_or_into(BitmapEncoding encoding, std::span<const std::byte> bitmap, RowBits rows) {
  if (bitmap.empty()) return;
  encoding == BitmapEncoding::kRoaring ? roaring_or_into(bitmap, rows) : concise_or_into(bitmap, rows);
}

}  // namespace sarsen::storage
