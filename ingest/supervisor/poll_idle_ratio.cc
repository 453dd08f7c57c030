#include "ingest/supervisor/poll_idle_ratio.h"

#include <algorithm>

namespace sarsen::ingest {
namespace {

constexpr std::int64_t kWindowUs = 30'000'000;

}  // namespace

void PollIdleRatio::note(std::int64_t begin_us, std::int64_t end_us) {
  const std::lock_guard lock(mutex_);
  const std::int64_t all_us = end_us - last_end_us_.value_or(begin_us);
  last_end_us_ = end_us;
  if (end_us - windows_[1].begin_us >= kWindowUs) {
    const bool old = end_us - windows_[1].begin_us >= 2 * kWindowUs;
    windows_[0] = old ? Window{} : windows_[1];
    windows_[1] = {.begin_us = end_us};
  }
  if (all_us <= 0) return;
  windows_[1].sum += static_cast<double>(end_us - begin_us) / static_cast<double>(all_us);
  ++windows_[1].polls;
}

std::optional<double> PollIdleRatio::value() const {
  const std::lock_guard lock(mutex_);
  const std::size_t polls = windows_[0].polls + windows_[1].polls;
  if (polls == 0) return std::nullopt;
  return (windows_[0].sum + windows_[1].sum) / static_cast<double>(polls);
}

}  // namespace sarsen::ingest
