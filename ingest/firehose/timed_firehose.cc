// timed: the delegate is closed at a time of day, and the stream ends when it has handed out what it had.

#include <algorithm>

#include "ingest/firehose/delegate.h"
#include "ingest/firehose/firehose_types.h"
#include "storage/base/error.h"
#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

class TimedSource final : public DelegatingSource {
 public:
  TimedSource(std::unique_ptr<Source> delegate, std::int64_t shutoff_ms, Clock clock)
      : DelegatingSource(std::move(delegate)), shutoff_ms_(shutoff_ms), clock_(std::move(clock)) {}

  Batch poll(int timeout_ms) override {
    const std::int64_t left_ms = shutoff_ms_ - clock_();
    if (left_ms <= 0 && !shut_off_) {
      shut_off_ = true;
      log_info("Closing a firehose at its shutoffTime {}", format_iso(shutoff_ms_));
      close();
    }
    Batch batch =
        DelegatingSource::poll(shut_off_ ? timeout_ms : static_cast<int>(std::min<std::int64_t>(timeout_ms, left_ms)));
    if (shut_off_ && batch.messages.empty()) batch.exhausted = true;
    return batch;
  }

 private:
  const std::int64_t shutoff_ms_;
  const Clock clock_;
  bool shut_off_ = false;
};

class TimedFirehose final : public DelegatingFirehose {
 public:
  TimedFirehose(FirehosePtr delegate, std::int64_t shutoff_ms)
      : DelegatingFirehose(std::move(delegate)), shutoff_ms_(shutoff_ms) {}

  std::unique_ptr<Source> connect(const FirehoseServices& services) const override {
    return std::make_unique<TimedSource>(delegate().connect(services), shutoff_ms_, services.clock);
  }

 private:
  const std::int64_t shutoff_ms_;
};

/// ISO text, or milliseconds: as Jackson reads Joda's times.
std::int64_t parse_time(const JsonField& json) {
  if (json.present() && json.json().is_integer()) return json.integer();
  try {
    return parse_iso(json.string());
  } catch (const Error& error) {
    json.fail(error.what());
  }
}

}  // namespace

FirehosePtr parse_timed_firehose(const JsonField& json, const FirehoseOptions& options) {
  return std::make_shared<TimedFirehose>(parse_delegate(json, options), parse_time(json["shutoffTime"]));
}

}  // namespace sarsen::ingest
