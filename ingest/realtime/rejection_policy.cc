#include "ingest/realtime/rejection_policy.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace sarsen::ingest {
namespace {

class AcceptAll final : public RejectionPolicy {
 public:
  bool accept(std::int64_t) override { return true; }
  std::int64_t current_max_time_ms() const override { return 0; }
};

class ServerTime final : public RejectionPolicy {
 public:
  ServerTime(std::int64_t window_ms, Clock clock) : window_ms_(window_ms), clock_(std::move(clock)) {}
  bool accept(std::int64_t time_ms) override {
    const std::int64_t now_ms = clock_();
    return now_ms - window_ms_ <= time_ms && time_ms <= now_ms + window_ms_;
  }
  std::int64_t current_max_time_ms() const override { return clock_(); }

 private:
  const std::int64_t window_ms_;
  const Clock clock_;
};

class MessageTime final : public RejectionPolicy {
 public:
  explicit MessageTime(std::int64_t window_ms) : window_ms_(window_ms) {}
  bool accept(std::int64_t time_ms) override {
    max_time_ms_ = std::max(max_time_ms_, time_ms);
    return time_ms >= max_time_ms_ - window_ms_;
  }
  std::int64_t current_max_time_ms() const override { return max_time_ms_; }

 private:
  const std::int64_t window_ms_;
  std::int64_t max_time_ms_ = std::numeric_limits<std::int64_t>::min() / 2;  // that a window fits below it
};

}  // namespace

std::unique_ptr<RejectionPolicy> make_rejection_policy(RejectionPolicyType type, std::int64_t window_ms, Clock clock) {
  switch (type) {
    case RejectionPolicyType::kNone:
      return std::make_unique<AcceptAll>();
    case RejectionPolicyType::kServerTime:
      return std::make_unique<ServerTime>(window_ms, std::move(clock));
    case RejectionPolicyType::kMessageTime:
      return std::make_unique<MessageTime>(window_ms);
  }
  return nullptr;
}

}  // namespace sarsen::ingest
