#include "ingest/merge/source_rows.h"

#include <algorithm>

#include "engine/vector/selection.h"

namespace sarsen::ingest {

SourceRows select_rows(std::shared_ptr<const storage::Segment> segment, const std::optional<Interval>& interval) {
  SourceRows source{.segment = std::move(segment)};
  const std::uint32_t row_count = source.segment->row_count();
  source.end = row_count;
  if (!interval || row_count == 0) return source;
  const auto reader = source.segment->column(storage::kTimeColumn)->long_reader();
  std::vector<std::int64_t> scratch(engine::kVectorRows);
  for (std::uint32_t begin = 0; begin < row_count; begin += engine::kVectorRows) {
    const std::uint32_t count = std::min(engine::kVectorRows, row_count - begin);
    const std::int64_t* times_ms = reader->read(begin, count, scratch.data());
    for (std::uint32_t i = 0; i < count; ++i)
      if (interval->contains(times_ms[i])) source.rows.push_back(begin + i);
  }
  const auto count = static_cast<std::uint32_t>(source.rows.size());
  const bool adjacent = count == 0 || source.rows.back() - source.rows.front() == count - 1;
  source.begin = adjacent && count != 0 ? source.rows.front() : 0;
  source.end = source.begin + count;
  if (adjacent) source.rows = {};
  return source;
}

}  // namespace sarsen::ingest
