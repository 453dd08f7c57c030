#include "storage/bitmap/concise_writer.h"

#include <bit>
#include <string>

namespace sarsen::storage {
namespace {

constexpr std::uint32_t kGroupRows = 31;
constexpr std::uint32_t kLiteral = 0x80000000;
constexpr std::uint32_t kFullGroup = 0x7FFFFFFF;
constexpr std::uint32_t kFullRun = 0x40000000;  // an empty run has neither of the two upper bits
constexpr std::uint32_t kRunKind = 0xC0000000;
constexpr int kFlippedShift = 25;

/// The words so far, of which the last may still grow.
class Words {
 public:
  explicit Words(ByteWriter& out) : out_(out) {}

  /// A group with at least one row, and rows missing.
  void add_literal(std::uint32_t group) { push(kLiteral | group); }

  void add_full_group() {
    if (open_ && last_ == (kLiteral | kFullGroup)) return replace(kFullRun | 1);
    if (open_ && (last_ & kRunKind) == kFullRun) return replace(last_ + 1);
    if (open_ && is_literal() && std::has_single_bit(kFullGroup & ~last_))
      return replace(kFullRun | 1 | flipped(~last_));
    push(kLiteral | kFullGroup);
  }

  /// REQUIRES: `count` > 0, and no empty groups before it.
  void add_empty_groups(std::uint32_t count) {
    if (open_ && is_literal() && std::has_single_bit(last_ & kFullGroup)) return replace(count | flipped(last_));
    push(count == 1 ? kLiteral : count - 1);  // A single empty group is a literal.
  }

  void finish() {
    if (open_) out_.write_be(last_);
  }

 private:
  bool is_literal() const { return (last_ & kLiteral) != 0; }
  /// What a run says of the one bit by which its first group differs from the others.
  static std::uint32_t flipped(std::uint32_t group) {
    return static_cast<std::uint32_t>(std::countr_zero(group) + 1) << kFlippedShift;
  }
  void replace(std::uint32_t word) { last_ = word; }
  void push(std::uint32_t word) {
    finish();
    last_ = word;
    open_ = true;
  }

  ByteWriter& out_;
  std::uint32_t last_ = 0;
  bool open_ = false;
};

}  // namespace

void write_concise(std::span<const std::uint32_t> rows, ByteWriter& out) {
  DCHECK(!rows.empty());
  if (rows.back() > kConciseRowMax)
    throw Error(ErrorCategory::kUnsupported,
                "Concise bitmaps hold rows up to " + std::to_string(kConciseRowMax) +
                    "; write the segment with Roaring bitmaps. Row: " + std::to_string(rows.back()));
  Words words(out);
  std::uint32_t next_group = 0;
  for (std::size_t i = 0; i < rows.size();) {
    const std::uint32_t group = rows[i] / kGroupRows;
    std::uint32_t bits = 0;
    for (; i < rows.size() && rows[i] / kGroupRows == group; ++i) bits |= 1U << (rows[i] % kGroupRows);
    if (group > next_group) words.add_empty_groups(group - next_group);
    if (bits == kFullGroup)
      words.add_full_group();
    else
      words.add_literal(bits);
    next_group = group + 1;
  }
  words.finish();
}

}  // namespace sarsen::storage
