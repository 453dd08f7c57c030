#include "storage/segment/time_bounds.h"

#include <algorithm>
#include <array>

namespace sarsen::storage {

namespace {

constexpr std::uint32_t kScanRows = 2048;

Interval scan(NumericReader<std::int64_t>& reader, std::uint32_t row_count) {
  Interval bounds{INT64_MAX, INT64_MIN};
  std::array<std::int64_t, kScanRows> scratch;
  for (std::uint32_t row = 0; row < row_count; row += kScanRows) {
    const std::uint32_t count = std::min(kScanRows, row_count - row);
    const std::int64_t* times = reader.read(row, count, scratch.data());
    const auto [least, greatest] = std::minmax_element(times, times + count);
    bounds = {std::min(bounds.start_ms, *least), std::max(bounds.end_ms, *greatest)};
  }
  return bounds;
}

}  // namespace

std::optional<Interval> time_bounds_of(const Column& time, bool sorted) {
  const std::uint32_t rows = time.row_count();
  if (rows == 0) return std::nullopt;
  const std::unique_ptr<NumericReader<std::int64_t>> reader = time.long_reader();
  if (!sorted) return scan(*reader, rows);
  std::int64_t scratch = 0;
  const std::int64_t first = *reader->read(0, 1, &scratch);
  return Interval{first, *reader->read(rows - 1, 1, &scratch)};
}

}  // namespace sarsen::storage
