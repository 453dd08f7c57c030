#pragma once
// The time of day as ingestion sees it: tests give their own.

#include <chrono>
#include <cstdint>
#include <functional>

namespace sarsen::ingest {

/// Milliseconds since 1970 UTC.
using Clock = std::function<std::int64_t()>;

inline std::int64_t system_clock_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace sarsen::ingest
