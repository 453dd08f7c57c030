#include "ingest/supervisor/ingestion_rates.h"

#include <cmath>

namespace sarsen::ingest {
namespace {

constexpr std::int64_t kTickMs = 5'000;
constexpr std::array<int, 3> kMinutes = {1, 5, 15};
constexpr std::array<const char*, 3> kNames = {"1m", "5m", "15m"};

}  // namespace

/// An exponentially weighted moving average, as Dropwizard's meters have it.
void IngestionRates::tick(std::int64_t now_ms, const RowStats& stats) {
  const std::lock_guard lock(mutex_);
  if (last_tick_ms_ == 0) last_tick_ms_ = now_ms;
  const std::int64_t ticks = (now_ms - last_tick_ms_) / kTickMs;
  if (ticks <= 0) return;
  const Counters now{stats.processed, stats.processed_bytes, stats.unparseable, stats.thrown_away,
                     stats.processed_with_error};
  const double seconds = static_cast<double>(ticks * kTickMs) / 1000;
  for (std::size_t i = 0; i < kCounters; ++i) {
    const double rate = static_cast<double>(now[i] - last_[i]) / seconds;
    for (std::size_t m = 0; m < kMinutes.size(); ++m) {
      const double kept = started_ ? std::exp(-seconds / 60 / kMinutes[m]) : 0;
      rates_[m][i] = kept * rates_[m][i] + (1 - kept) * rate;
    }
  }
  started_ = true;
  last_ = now;
  last_tick_ms_ += ticks * kTickMs;
}

Json IngestionRates::to_json() const {
  const std::lock_guard lock(mutex_);
  Json::Object json;
  for (std::size_t m = 0; m < kMinutes.size(); ++m)
    json.emplace_back(kNames[m], Json::Object{{"processed", rates_[m][0]},
                                              {"processedBytes", rates_[m][1]},
                                              {"unparseable", rates_[m][2]},
                                              {"thrownAway", rates_[m][3]},
                                              {"processedWithError", rates_[m][4]}});
  return Json(std::move(json));
}

double IngestionRates::processed_per_second() const {
  const std::lock_guard lock(mutex_);
  return rates_.back()[0];
}

}  // namespace sarsen::ingest
