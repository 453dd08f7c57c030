// clipped: rows outside an interval are left out, and counted nowhere.

#include "ingest/firehose/delegate.h"
#include "ingest/firehose/firehose_types.h"
#include "storage/base/interval_field.h"

namespace sarsen::ingest {
namespace {

class ClippedSource final : public DelegatingSource {
 public:
  ClippedSource(std::unique_ptr<Source> delegate, const Interval& interval)
      : DelegatingSource(std::move(delegate)), interval_(interval) {}

  Batch poll(int timeout_ms) override {
    Batch batch = DelegatingSource::poll(timeout_ms);
    batch.limits.push_back({.interval = interval_});
    return batch;
  }

 private:
  const Interval interval_;
};

class ClippedFirehose final : public DelegatingFirehose {
 public:
  ClippedFirehose(FirehosePtr delegate, const Interval& interval)
      : DelegatingFirehose(std::move(delegate)), interval_(interval) {}

  std::unique_ptr<Source> connect(const FirehoseServices& services) const override {
    return std::make_unique<ClippedSource>(delegate().connect(services), interval_);
  }

 private:
  const Interval interval_;
};

}  // namespace

FirehosePtr parse_clipped_firehose(const JsonField& json, const FirehoseOptions& options) {
  return std::make_shared<ClippedFirehose>(parse_delegate(json, options), parse_interval(json["interval"]));
}

}  // namespace sarsen::ingest
