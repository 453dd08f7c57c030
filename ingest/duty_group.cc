#include "ingest/duty_group.h"

#include <numeric>
#include <utility>

namespace sarsen::ingest {
namespace {

constexpr std::size_t kLatest = 20;  // as many as Druid looks at

void add(std::deque<std::int64_t>& lengths, std::int64_t length_ms) {
  lengths.push_back(length_ms);
  if (lengths.size() > kLatest) lengths.pop_front();
}

std::int64_t average(const std::deque<std::int64_t>& lengths) {
  if (lengths.empty()) return 0;
  return std::accumulate(lengths.begin(), lengths.end(), std::int64_t{0}) / static_cast<std::int64_t>(lengths.size());
}

}  // namespace

DutyGroup::DutyGroup(std::string name, std::vector<std::string> duties, Clock clock)
    : name_(std::move(name)), duties_(std::move(duties)), clock_(std::move(clock)) {}

void DutyGroup::start(const std::string& thread_name, std::chrono::milliseconds first, std::chrono::milliseconds period,
                      std::string failure, std::function<bool()> pauses, std::function<void()> action) {
  {
    const std::lock_guard lock(mutex_);
    period_ = period;
    last_start_ms_ = last_end_ms_ = std::nullopt;
    lengths_.clear();
    gaps_.clear();
  }
  thread_.repeat(thread_name, first, period, std::move(failure),
                 [this, pauses = std::move(pauses), action = std::move(action)] {
                   note_start();
                   if (pauses()) return;
                   action();
                   note_end();
                 });
}

void DutyGroup::stop() {
  thread_.stop();
  const std::lock_guard lock(mutex_);
  period_ = std::nullopt;
}

void DutyGroup::note_start() {
  const std::lock_guard lock(mutex_);
  const std::int64_t now_ms = clock_();
  if (last_start_ms_) add(gaps_, now_ms - *last_start_ms_);
  last_start_ms_ = now_ms;
}

void DutyGroup::note_end() {
  const std::lock_guard lock(mutex_);
  last_end_ms_ = clock_();
  add(lengths_, *last_end_ms_ - *last_start_ms_);
}

std::optional<DutyGroup::Status> DutyGroup::status() const {
  const std::lock_guard lock(mutex_);
  if (!period_) return std::nullopt;
  return Status{.name = name_,
                .duties = duties_,
                .period = *period_,
                .last_start_ms = last_start_ms_,
                .last_end_ms = last_end_ms_,
                .average_length_ms = average(lengths_),
                .average_gap_ms = average(gaps_)};
}

}  // namespace sarsen::ingest
