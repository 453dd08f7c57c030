#pragma once
// Some rows of a segment as a segment of their own, for tests of merging: the parts into which a whole was cut. Columns
// keep the dictionaries of the whole, so that some of their values do not occur.

#include <memory>
#include <vector>

#include "storage/segment/segment.h"

namespace sarsen::ingest {

/// Rows in the order given. Without bitmap indexes, as the columns say: those of the whole are shown, for merging asks
/// only whether there are any.
std::shared_ptr<const storage::Segment> pick_rows(std::shared_ptr<const storage::Segment> whole,
                                                  std::vector<std::uint32_t> rows);

/// Deals the rows out to `count` segments, by chance.
std::vector<std::shared_ptr<const storage::Segment>> deal_rows(const std::shared_ptr<const storage::Segment>& whole,
                                                               std::uint32_t count, unsigned seed);

}  // namespace sarsen::ingest
