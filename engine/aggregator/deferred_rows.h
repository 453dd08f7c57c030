#pragma once
// Rows on their way to the states of many groups: a hash each, ordered by group, so that what a state owns is brought
// near once for many rows. Not thread-safe.

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "storage/base/large_vector.h"

namespace sarsen::engine {

template <class Hash>
class DeferredRows {
 public:
  /// More rows must be taken before others are added.
  static constexpr std::size_t kRowsMax = std::size_t{1} << 19;

  std::size_t size() const noexcept { return rows_.size(); }
  void add(std::uint32_t group, Hash hash) {
    rows_.push_back({group, hash});
    groups_ = std::max(groups_, group);
  }

  /// Calls visit(group, hashes) with the rows of each group in the order in which they came, all at once unless groups
  /// have few rows. None are left.
  template <class Visit>
  void take(Visit visit) {
    if (rows_.size() == 0) return;
    order();
    for (std::size_t part = 0; part + 1 < begins_.size(); ++part)
      if (begins_[part] < begins_[part + 1]) take_part(part, visit);
    rows_.truncate(0);
    groups_ = 0;
  }

 private:
  struct Row {
    std::uint32_t group;
    Hash hash;
  };
  static constexpr int kPartBits = 10;

  /// By parts of neighbouring groups, of which part i begins at begins_[i].
  void order() {
    shift_ = std::max(static_cast<int>(std::bit_width(groups_)) - kPartBits, 0);
    begins_.assign((std::size_t{1} << kPartBits) + 1, 0);
    for (std::size_t i = 0; i < rows_.size(); ++i) ++begins_[(rows_[i].group >> shift_) + 1];
    for (std::size_t part = 1; part < begins_.size(); ++part) begins_[part] += begins_[part - 1];
    ends_ = begins_;
    ordered_.truncate(0);
    Row* const out = ordered_.extend(rows_.size());
    for (std::size_t i = 0; i < rows_.size(); ++i) out[ends_[rows_[i].group >> shift_]++] = rows_[i];
  }

  /// The rows of a part by group, which a core's own cache holds.
  template <class Visit>
  void take_part(std::size_t part, Visit& visit) {
    const std::span<const Row> rows(&ordered_[begins_[part]], begins_[part + 1] - begins_[part]);
    const std::uint32_t groups = std::uint32_t{1} << shift_;
    if (groups > rows.size()) {
      for (const Row& row : rows) visit(row.group, std::span<const Hash>(&row.hash, 1));
      return;
    }
    ends_.assign(groups + std::size_t{1}, 0);
    for (const Row& row : rows) ++ends_[(row.group & (groups - 1)) + 1];
    for (std::uint32_t group = 1; group <= groups; ++group) ends_[group] += ends_[group - 1];
    hashes_.resize(std::max(hashes_.size(), rows.size()));
    for (const Row& row : rows) hashes_[ends_[row.group & (groups - 1)]++] = row.hash;
    std::uint32_t begin = 0;
    for (std::uint32_t group = 0; group < groups; ++group) {
      const std::uint32_t end = ends_[group];
      const auto number = static_cast<std::uint32_t>(part << shift_) + group;
      if (begin < end) visit(number, std::span<const Hash>(&hashes_[begin], end - begin));
      begin = end;
    }
  }

  LargeVector<Row> rows_;
  LargeVector<Row> ordered_;
  std::uint32_t groups_ = 0;  // the greatest of their numbers
  int shift_ = 0;             // from a group to its part
  std::vector<std::uint32_t> begins_;
  std::vector<std::uint32_t> ends_;
  std::vector<Hash> hashes_;  // of a part, by group
};

}  // namespace sarsen::engine
