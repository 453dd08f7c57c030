// fixedCount: the stream ends after so many rows of the delegate, those that cannot be read included.

#include <string>

#include "ingest/firehose/delegate.h"
#include "ingest/firehose/firehose_types.h"

namespace sarsen::ingest {
namespace {

class FixedCountSource final : public DelegatingSource {
 public:
  FixedCountSource(std::unique_ptr<Source> delegate, std::int64_t count)
      : DelegatingSource(std::move(delegate)), rows_left_(count) {}

  Batch poll(int timeout_ms) override {
    Batch batch;
    if (rows_left_ > 0) batch = DelegatingSource::poll(timeout_ms);
    batch.exhausted = batch.exhausted || rows_left_ <= 0;
    batch.limits.push_back({.rows_left = &rows_left_});
    return batch;
  }

 private:
  std::int64_t rows_left_;
};

class FixedCountFirehose final : public DelegatingFirehose {
 public:
  FixedCountFirehose(FirehosePtr delegate, std::int64_t count)
      : DelegatingFirehose(std::move(delegate)), count_(count) {}

  std::unique_ptr<Source> connect(const FirehoseServices& services) const override {
    return std::make_unique<FixedCountSource>(delegate().connect(services), count_);
  }

 private:
  const std::int64_t count_;
};

}  // namespace

FirehosePtr parse_fixed_count_firehose(const JsonField& json, const FirehoseOptions& options) {
  const std::int64_t count = json["count"].integer_or(0);
  if (count < 0) json["count"].fail("a number of rows is wanted, not " + std::to_string(count));
  return std::make_shared<FixedCountFirehose>(parse_delegate(json, options), count);
}

}  // namespace sarsen::ingest
