// Times lie in the segment's interval and, unless the metadata says otherwise, ascend: queries find rows by binary
// search.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "storage/verify/checks.h"

namespace sarsen::storage {

void check_times(const Segment& segment, Findings& findings) {
  constexpr std::uint32_t kStep = 2048;
  std::array<std::int64_t, kStep> scratch;
  const auto reader = segment.column(kTimeColumn)->long_reader();
  const Interval interval = segment.data_interval();
  std::int64_t before = INT64_MIN;
  for (std::uint32_t begin = 0; begin < segment.row_count(); begin += kStep) {
    const std::uint32_t count = std::min(kStep, segment.row_count() - begin);
    const std::int64_t* times = reader->read(begin, count, scratch.data());
    for (std::uint32_t i = 0; i < count; ++i) {
      if (!interval.contains(times[i]))
        findings.damage(kTimeColumn, "values",
                        fmt::format("row {}: {} lies outside the interval {}", begin + i, format_iso(times[i]),
                                    format_iso(interval)));
      if (segment.sorted_by_time() && times[i] < before)
        findings.damage(kTimeColumn, "values",
                        fmt::format("row {}: its time is before that of the row before", begin + i));
      before = times[i];
    }
  }
}

}  // namespace sarsen::storage
