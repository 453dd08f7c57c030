#pragma once
// Rows per second of late, as Druid's reports have them: moving averages over one, five and fifteen minutes, each five
// seconds anew. Thread safety: tick by one thread, to_json from any.

#include <array>
#include <cstdint>
#include <mutex>

#include "ingest/row/row_counts.h"
#include "storage/base/json.h"

namespace sarsen::ingest {

class IngestionRates {
 public:
  /// To be called now and then with the counters of that time.
  void tick(std::int64_t now_ms, const RowStats& stats);

  /// {"1m":{"processed":…,"unparseable":…,"thrownAway":…,"processedWithError":…,"processedBytes":…},"5m":…,"15m":…}
  Json to_json() const;

  /// Over fifteen minutes.
  double processed_per_second() const;

 private:
  static constexpr std::size_t kCounters = 5;
  using Counters = std::array<std::uint64_t, kCounters>;

  mutable std::mutex mutex_;
  std::int64_t last_tick_ms_ = 0;
  bool started_ = false;
  Counters last_{};
  std::array<std::array<double, kCounters>, 3> rates_{};  // by minutes
};

}  // namespace sarsen::ingest
