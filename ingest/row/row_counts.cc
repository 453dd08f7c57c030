#include "ingest/row/row_counts.h"

#include <chrono>
#include <utility>

namespace sarsen::ingest {
namespace {

constexpr std::size_t kErrorInputBytesMax = 500;

Json json_of(std::uint64_t count) { return Json(static_cast<std::int64_t>(count)); }

}  // namespace

Json RowStats::to_json() const {
  Json::Object stats;
  stats.emplace_back("processed", json_of(processed));
  stats.emplace_back("processedBytes", json_of(processed_bytes));
  stats.emplace_back("processedWithError", json_of(processed_with_error));
  stats.emplace_back("thrownAway", json_of(thrown_away));
  stats.emplace_back("unparseable", json_of(unparseable));
  return Json(std::move(stats));
}

Json RowError::to_json() const {
  return Json::Object{{"timeOfExceptionMillis", time_ms},
                      {"input", input},
                      {"errorType", outcome == RowOutcome::kUnparseable ? "unparseable" : "processedWithError"},
                      {"details", Json(Json::Array(details.begin(), details.end()))}};
}

Json newest_first(const std::vector<RowError>& errors) {
  Json::Array array;
  for (auto error = errors.rbegin(); error != errors.rend(); ++error) array.push_back(error->to_json());
  return Json(std::move(array));
}

void RowCounts::count_error(RowOutcome outcome, std::string_view input, std::vector<std::string> details) {
  count(outcome);
  if (errors_max_ == 0) return;
  const std::lock_guard lock(mutex_);
  if (errors_.size() == errors_max_) errors_.pop_front();
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  errors_.push_back({outcome, std::string(input.substr(0, kErrorInputBytesMax)), std::move(details),
                     std::chrono::duration_cast<std::chrono::milliseconds>(now).count()});
}

RowStats RowCounts::stats() const noexcept {
  const auto counter = [this](RowOutcome outcome) {
    return counters_[static_cast<std::size_t>(outcome)].load(std::memory_order_relaxed);
  };
  return {.processed = counter(RowOutcome::kProcessed),
          .processed_with_error = counter(RowOutcome::kProcessedWithError),
          .unparseable = counter(RowOutcome::kUnparseable),
          .thrown_away = counter(RowOutcome::kThrownAway),
          .processed_bytes = bytes_.load(std::memory_order_relaxed)};
}

std::vector<RowError> RowCounts::errors() const {
  const std::lock_guard lock(mutex_);
  return {errors_.begin(), errors_.end()};
}

}  // namespace sarsen::ingest
