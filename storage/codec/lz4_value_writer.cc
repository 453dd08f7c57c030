// LZ4 blocks of values of one width. Every LZ4 block is fast to decode, whoever made it; what differs is the time that
// is spent on looking for copies. Druid looks hard everywhere. Here each block is first compressed by LZ4's fast mode,
// at a fiftieth of that time, which tells what the block is like:
//
//   nothing is saved (ids in no order), or nearly all is (sorted values)   it stays as it is
//   values of one byte or of eight, few of them                            what they repeat: value_matches.h
//   others                                                                 LZ4's high compression at its lowest level
//
// and the smaller of the two is taken. Small blocks, of which a column has one, are compressed as Druid does it: that
// takes no time that counts, and small segments are no larger than Druid's.
#include <lz4.h>
#include <lz4hc.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

#include "storage/codec/codec_writer.h"
#include "storage/codec/lz4_sequences.h"
#include "storage/codec/value_matches.h"

namespace sarsen::storage {
namespace {

constexpr std::size_t kSmallBytes = kBlockBytesMax / 4;
constexpr std::size_t kHardlySmaller = 64;  // saves less than one part in so many
constexpr std::size_t kMuchSmaller = 32;    // takes less than one part in so many

class Lz4ValueCompressor final : public BlockCompressor {
 public:
  explicit Lz4ValueCompressor(std::size_t value_width)
      : searches_values_(value_width == 1 || value_width == 8),
        matches_(value_width),
        fast_(LZ4_COMPRESSBOUND(kBlockBytesMax)),
        thorough_(LZ4_COMPRESSBOUND(kBlockBytesMax)) {}

  void compress(std::span<const std::byte> block, ByteWriter& out) override {
    DCHECK(block.size() <= kBlockBytesMax);
    if (block.size() < kSmallBytes)
      return out.write(std::span(thorough_).first(compress_high(block, LZ4HC_CLEVEL_DEFAULT)));
    const std::size_t fast = compress_fast(block);
    const bool settled = fast + block.size() / kHardlySmaller >= block.size() || fast < block.size() / kMuchSmaller;
    const std::size_t thorough = settled ? fast : compress_thoroughly(block);
    out.write(std::span(thorough < fast ? thorough_ : fast_).first(std::min(thorough, fast)));
  }

 private:
  static const char* chars(std::span<const std::byte> bytes) { return reinterpret_cast<const char*>(bytes.data()); }
  static char* chars(std::vector<std::byte>& bytes) { return reinterpret_cast<char*>(bytes.data()); }
  static int count(std::size_t size) { return static_cast<int>(size); }

  static std::size_t checked(int size) {
    if (size <= 0) throw Error(ErrorCategory::kDefensive, "LZ4 compression failed");
    return static_cast<std::size_t>(size);
  }

  std::size_t compress_fast(std::span<const std::byte> block) {
    return checked(LZ4_compress_fast_extState(fast_state_.get(), chars(block), chars(fast_), count(block.size()),
                                              count(fast_.size()), 1));
  }

  std::size_t compress_thoroughly(std::span<const std::byte> block) {
    if (searches_values_)
      if (const std::size_t size = compress_values(block); size != 0) return size;
    return compress_high(block, LZ4HC_CLEVEL_MIN);
  }

  std::size_t compress_high(std::span<const std::byte> block, int level) {
    if (!high_state_) high_state_ = std::make_unique<LZ4_streamHC_t>();
    return checked(LZ4_compress_HC_extStateHC(high_state_.get(), chars(block), chars(thorough_), count(block.size()),
                                              count(thorough_.size()), level));
  }

  /// 0 where that is not the way.
  std::size_t compress_values(std::span<const std::byte> block) {
    padded_.resize(block.size() + ValueMatches::kPadding);
    std::memcpy(padded_.data(), block.data(), block.size());
    if (!matches_.begin(padded_.data(), block.size())) return 0;
    Lz4Sequences sequences(padded_.data(), thorough_.data());
    find_copies(block.size(), sequences);
    return sequences.finish(padded_.data() + block.size());
  }

  void find_copies(std::size_t size, Lz4Sequences& sequences) {
    const std::size_t begins_end = size - kLz4BytesAfterCopyBegins + 1;
    for (std::size_t at = 0; at < begins_end;) {
      const ValueMatches::Match match = matches_.find_and_note(at, size - kLz4BytesAfterCopyEnds);
      const std::size_t end = at + match.size;
      if (match.size != 0) {
        const std::size_t before = equal_before(at, match.from, sequences.next_literal());
        sequences.add(padded_.data() + at - before, at - match.from, match.size + before);
        matches_.note(at + 1, std::min(end, begins_end));
      }
      at = matches_.next_place(std::max(end, at + 1));
    }
  }

  /// How many bytes before both places are equal too, and still literals.
  std::size_t equal_before(std::size_t at, std::size_t from, const std::byte* next_literal) const {
    const auto count_max = std::min(from, static_cast<std::size_t>(padded_.data() + at - next_literal));
    std::size_t count = 0;
    while (count < count_max && padded_[at - count - 1] == padded_[from - count - 1]) ++count;
    return count;
  }

  bool searches_values_;
  ValueMatches matches_;
  std::vector<std::byte> fast_;
  std::vector<std::byte> thorough_;
  std::vector<std::byte> padded_;
  std::unique_ptr<LZ4_stream_t> fast_state_ = std::make_unique<LZ4_stream_t>();
  std::unique_ptr<LZ4_streamHC_t> high_state_;  // a quarter of a megabyte
};

}  // namespace

std::unique_ptr<BlockCompressor> make_lz4_value_compressor(std::size_t value_width) {
  return std::make_unique<Lz4ValueCompressor>(value_width);
}

}  // namespace sarsen::storage
