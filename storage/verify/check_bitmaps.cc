// The bitmap of each id holds exactly the rows that hold the id. One set of bits serves all ids: what a bitmap adds is
// taken away again row by row, so the time is that of the bitmaps' own sizes, not of ids times rows. A row that a
// bitmap has too many stays behind and is met later, at the id that owns it or at the end.
#include <fmt/format.h>

#include <algorithm>

#include "storage/verify/checks.h"

namespace sarsen::storage {
namespace {

constexpr std::uint32_t kFailuresMax = 10;

class BitmapCheck {
 public:
  BitmapCheck(const CheckedColumn& checked, const BitmapIndex& bitmaps, const RowsById& rows, std::string_view part)
      : checked_(checked),
        bitmaps_(bitmaps),
        rows_(rows),
        part_(part),
        words_((rows.row_count() + std::size_t{63}) / 64) {}

  void check(std::uint32_t id, bool lenient) {
    const std::span<const std::uint32_t> wanted = rows_.rows(id);
    for (const std::uint32_t row : wanted)
      if (take(row)) stray(row);
    bitmaps_.or_into(id, words_);
    std::uint64_t missing = 0;
    std::uint32_t first = 0;
    for (const std::uint32_t row : wanted)
      if (!take(row) && missing++ == 0) first = row;
    if (missing > 0) return lacks(id, missing, first, lenient);
    const std::uint64_t stated = bitmaps_.cardinality(id);
    if (stated != wanted.size())
      damage(fmt::format("the bitmap of id {} states {} rows, but {} rows hold the value", id, stated, wanted.size()));
  }

  void check_strays() {
    for (std::uint32_t row = 0; row < rows_.row_count(); ++row) {
      if (row % 64 == 0 && words_[row / 64] == 0) {
        row += 63;
        continue;
      }
      if (take(row)) stray(row);
    }
  }

  void clear() { std::ranges::fill(words_, 0); }
  void damage(std::string problem) { checked_.findings.damage(checked_.name, part_, std::move(problem)); }

 private:
  bool take(std::uint32_t row) {
    const std::uint64_t bit = 1ULL << row % 64;
    const bool set = (words_[row / 64] & bit) != 0;
    words_[row / 64] &= ~bit;
    return set;
  }

  void stray(std::uint32_t row) {
    damage(fmt::format("row {} is in the bitmap of a value that it does not hold", row));
  }

  void lacks(std::uint32_t id, std::uint64_t missing, std::uint32_t first, bool lenient) {
    const std::string problem =
        fmt::format("the bitmap of id {} lacks {} of the rows that hold the value, row {} first", id, missing, first);
    if (lenient)
      checked_.findings.note(checked_.name, part_, problem + " (Druid 0.7 and 0.8 wrote the empty entry so)");
    else
      damage(problem);
  }

  const CheckedColumn& checked_;
  const BitmapIndex& bitmaps_;
  const RowsById& rows_;
  std::string part_;
  std::vector<std::uint64_t> words_;
};

}  // namespace

void check_bitmaps(const CheckedColumn& checked, const BitmapIndex& bitmaps, const RowsById& rows,
                   std::optional<std::uint32_t> lenient_id, std::string_view part) {
  if (bitmaps.size() != rows.ids())
    return checked.findings.damage(checked.name, std::string(part),
                                   fmt::format("{} bitmaps for {} values", bitmaps.size(), rows.ids()));
  BitmapCheck check(checked, bitmaps, rows, part);
  std::uint32_t failures = 0;
  for (std::uint32_t id = 0; id < rows.ids(); ++id) {
    try {
      check.check(id, lenient_id == id);
    } catch (const Error& error) {
      check.damage(fmt::format("the bitmap of id {} cannot be read: {}", id, error.what()));
      check.clear();
      if (++failures == kFailuresMax) return;
    }
  }
  check.check_strays();
}

}  // namespace sarsen::storage
