#pragma once
// Rows on their way to the states of many groups: a hash each, ordered by group as far as it takes so that the states
// of neighbouring groups stay in a core's own cache. Not thread-safe.

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>

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

  /// Calls visit(group, hash) for all rows, those of a group in the order in which they came. None are left.
  template <class Visit>
  void take(Visit visit) {
    if (rows_.size() == 0) return;
    const LargeVector<Row>& ordered = order();
    for (std::size_t i = 0; i < ordered.size(); ++i) visit(ordered[i].group, ordered[i].hash);
    rows_.truncate(0);
    groups_ = 0;
  }

 private:
  struct Row {
    std::uint32_t group;
    Hash hash;
  };
  static constexpr int kPartBits = 10;

  /// By parts of neighbouring groups.
  const LargeVector<Row>& order() {
    const int shift = std::max(static_cast<int>(std::bit_width(groups_)) - kPartBits, 0);
    std::array<std::uint32_t, (1 << kPartBits) + 1> begins{};
    for (std::size_t i = 0; i < rows_.size(); ++i) ++begins[(rows_[i].group >> shift) + 1];
    for (std::size_t part = 1; part < begins.size(); ++part) begins[part] += begins[part - 1];
    ordered_.truncate(0);
    Row* const out = ordered_.extend(rows_.size());
    for (std::size_t i = 0; i < rows_.size(); ++i) out[begins[rows_[i].group >> shift]++] = rows_[i];
    return ordered_;
  }

  LargeVector<Row> rows_;
  LargeVector<Row> ordered_;
  std::uint32_t groups_ = 0;  // the greatest of their numbers
};

}  // namespace sarsen::engine
