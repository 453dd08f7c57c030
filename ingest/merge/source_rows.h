#pragma once
// The rows of one segment that take part in a merge, and their order in it. A *position* counts them in that order;
// most segments are in order already, and a position is then a row number.

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "engine/filter/filter.h"
#include "storage/base/interval.h"
#include "storage/segment/segment.h"

namespace sarsen::ingest {

struct SourceRows {
  std::shared_ptr<const storage::Segment> segment;
  std::uint32_t begin = 0;  // positions are [begin, end)
  std::uint32_t end = 0;
  std::vector<std::uint32_t> rows = {};  // row by position, from 0; empty: a position is a row number

  std::uint32_t size() const noexcept { return end - begin; }
  std::uint32_t row(std::uint32_t position) const noexcept { return rows.empty() ? position : rows[position]; }
};

using Sources = std::vector<SourceRows>;

/// Which rows of a segment are wanted.
struct RowChoice {
  std::optional<Interval> interval = {};
  engine::FilterPtr filter = {};
  std::uint32_t begin = 0;  // by number
  std::uint32_t end = UINT32_MAX;
};

/// Throws where the segment's times, or a column that the filter reads, cannot be read.
SourceRows select_rows(std::shared_ptr<const storage::Segment> segment, const RowChoice& choice);

}  // namespace sarsen::ingest
