#pragma once
// What became of the input rows. Every row ends in exactly one of the four outcomes, so that the sum is the number of
// rows read. Druid's names and meanings (ingestion report, "rowStats").

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "storage/base/json.h"

namespace sarsen::ingest {

enum class RowOutcome : std::uint8_t {
  kProcessed,           // added without any problem
  kProcessedWithError,  // added, but at least one column could not be read and is null
  kUnparseable,         // no row could be made of it
  kThrownAway,          // a good row that is not wanted: outside the intervals or the window, a record without value
};
inline constexpr std::size_t kRowOutcomes = 4;

/// A picture of the counters.
struct RowStats {
  std::uint64_t processed = 0;
  std::uint64_t processed_with_error = 0;
  std::uint64_t unparseable = 0;
  std::uint64_t thrown_away = 0;
  std::uint64_t processed_bytes = 0;

  std::uint64_t rows() const noexcept { return processed + processed_with_error + unparseable + thrown_away; }
  /// {"processed":…,"processedBytes":…,"processedWithError":…,"thrownAway":…,"unparseable":…}
  Json to_json() const;
  bool operator==(const RowStats&) const = default;
};

/// An input row that could not be read, wholly or in part.
struct RowError {
  RowOutcome outcome;                // kUnparseable or kProcessedWithError
  std::string input;                 // its beginning
  std::vector<std::string> details;  // what is wrong, one sentence each
  std::int64_t time_ms = 0;          // when it was met

  /// {"timeOfExceptionMillis","input","errorType","details"}
  Json to_json() const;
};

/// What a report lists of them, as kept: the newest first.
Json newest_first(const std::vector<RowError>& errors);

/// Counted by one thread, read by any.
class RowCounts {
 public:
  /// Keeps the last `errors_max` errors (Druid's maxSavedParseExceptions).
  explicit RowCounts(std::size_t errors_max = 10) : errors_max_(errors_max) {}

  void count(RowOutcome outcome) noexcept {
    counters_[static_cast<std::size_t>(outcome)].fetch_add(1, std::memory_order_relaxed);
  }
  void add_bytes(std::uint64_t bytes) noexcept { bytes_.fetch_add(bytes, std::memory_order_relaxed); }
  /// Counts the error's outcome and keeps it. Only the beginning of `input` is kept.
  void count_error(RowOutcome outcome, std::string_view input, std::vector<std::string> details);

  RowStats stats() const noexcept;
  std::vector<RowError> errors() const;

 private:
  std::array<std::atomic<std::uint64_t>, kRowOutcomes> counters_{};
  std::atomic<std::uint64_t> bytes_{0};
  const std::size_t errors_max_;
  mutable std::mutex mutex_;  // guards errors_
  std::deque<RowError> errors_;
};

}  // namespace sarsen::ingest
