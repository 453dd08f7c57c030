#include "ingest/incremental_index/text_order.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "ingest/incremental_index/radix_sort.h"
#include "storage/base/java_order.h"

namespace sarsen::ingest {
namespace {

constexpr std::size_t kPieceBytes = 8;
constexpr std::size_t kFewTexts = 3;        // so many are compared whole
constexpr std::size_t kDepthBytesMax = 64;  // texts that agree so far are compared whole

/// Eight bytes of a text as one number. Sorting by them touches the texts once, not at each comparison.
struct Piece {
  std::uint64_t key;
  std::uint32_t position;
};

/// Bytes in Java's order: the leads of surrogate pairs, F0 and up, come before EE and EF (java_order.h).
std::uint64_t java_rank(std::uint64_t byte) noexcept {
  if (byte >= 0xF0) return byte - 2;
  return byte >= 0xEE ? byte + 0x10 : byte;
}

std::uint64_t java_ranks(std::uint64_t bytes) noexcept {
  if ((bytes & 0x8080808080808080) == 0) return bytes;
  std::uint64_t ranks = 0;
  for (int shift = 56; shift >= 0; shift -= 8) ranks = ranks << 8 | java_rank(bytes >> shift & 0xFF);
  return ranks;
}

/// Bytes [depth, depth + 8), the first one highest, filled up with zeros.
std::uint64_t piece_of(std::string_view text, std::size_t depth) noexcept {
  if (text.size() <= depth) return 0;
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, text.data() + depth, std::min(kPieceBytes, text.size() - depth));
  return java_ranks(std::endian::native == std::endian::little ? __builtin_bswap64(bytes) : bytes);
}

class Sorter {
 public:
  explicit Sorter(std::span<const std::optional<std::string_view>> texts) : texts_(texts) {}

  /// Sorts texts that agree in their first `depth` bytes.
  void sort(std::span<Piece> pieces, std::size_t depth) const {
    if (pieces.size() <= kFewTexts || depth >= kDepthBytesMax) return sort_whole(pieces);
    give_keys(pieces, depth);
    if (pieces.size() >= kRadixSortMin)
      radix_sort(pieces);
    else
      std::sort(pieces.begin(), pieces.end(), [](const Piece& a, const Piece& b) { return a.key < b.key; });
    for (std::size_t begin = 0; begin < pieces.size();) {
      std::size_t end = begin + 1;
      while (end < pieces.size() && pieces[end].key == pieces[begin].key) ++end;
      if (end - begin > 1) sort(pieces.subspan(begin, end - begin), depth + kPieceBytes);
      begin = end;
    }
  }

 private:
  /// Where pieces follow each other, texts may lie anywhere: they are asked for beforehand.
  void give_keys(std::span<Piece> pieces, std::size_t depth) const {
    constexpr std::size_t kViewsAhead = 16;
    constexpr std::size_t kTextsAhead = 8;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      if (i + kViewsAhead < pieces.size()) __builtin_prefetch(&texts_[pieces[i + kViewsAhead].position]);
      if (i + kTextsAhead < pieces.size()) __builtin_prefetch(text(pieces[i + kTextsAhead]).data() + depth);
      pieces[i].key = piece_of(text(pieces[i]), depth);
    }
  }

  std::string_view text(const Piece& piece) const { return *texts_[piece.position]; }

  void sort_whole(std::span<Piece> pieces) const {
    std::sort(pieces.begin(), pieces.end(),
              [this](const Piece& a, const Piece& b) { return java_compare(text(a), text(b)) < 0; });
  }

  std::span<const std::optional<std::string_view>> texts_;
};

}  // namespace

std::vector<std::uint32_t> text_order(std::span<const std::optional<std::string_view>> texts) {
  std::vector<std::uint32_t> order;
  order.reserve(texts.size());
  std::vector<Piece> pieces;
  pieces.reserve(texts.size());
  for (std::uint32_t position = 0; position < texts.size(); ++position) {
    if (texts[position])
      pieces.push_back({0, position});
    else
      order.push_back(position);
  }
  Sorter(texts).sort(pieces, 0);
  for (const Piece& piece : pieces) order.push_back(piece.position);
  return order;
}

}  // namespace sarsen::ingest
