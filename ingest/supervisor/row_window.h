#pragma once
// Which rows a task takes by their time: lateMessageRejectionPeriod and its relatives. Both ends belong to it; a task
// that lives longer than taskDuration moves them on by as much. A value.

#include <algorithm>
#include <cstdint>
#include <limits>

#include "ingest/supervisor/supervisor_spec.h"

namespace sarsen::ingest {

struct RowWindow {
  static constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
  static constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

  std::int64_t min_ms = kMin;
  std::int64_t max_ms = kMax;

  bool contains(std::int64_t time_ms) const noexcept { return min_ms <= time_ms && time_ms <= max_ms; }

  /// Of a task that was made at `created_ms`.
  static RowWindow of(const SupervisorIo& io, std::int64_t created_ms, std::int64_t now_ms) noexcept {
    const std::int64_t lived = std::max<std::int64_t>(io.task_duration_ms, 1);
    const std::int64_t moved_ms = std::max<std::int64_t>(0, now_ms - created_ms) / lived * lived;
    RowWindow window;
    if (io.late_rejection_start_ms) window.min_ms = *io.late_rejection_start_ms + moved_ms;
    if (io.late_rejection_ms) window.min_ms = created_ms - *io.late_rejection_ms + moved_ms;
    if (io.early_rejection_ms) window.max_ms = created_ms + io.task_duration_ms + *io.early_rejection_ms + moved_ms;
    return window;
  }
};

}  // namespace sarsen::ingest
