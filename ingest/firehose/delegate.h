#pragma once
// What wrappers around one other firehose share: everything they do not change is the delegate's.

#include <memory>
#include <utility>

#include "ingest/firehose/firehose.h"

namespace sarsen::ingest {

/// The field `delegate` of a wrapper.
inline FirehosePtr parse_delegate(const JsonField& json, const FirehoseOptions& options) {
  if (!json["delegate"].present()) json["delegate"].fail("the firehose that is wrapped is missing");
  return parse_firehose(json["delegate"], options);
}

class DelegatingFirehose : public Firehose {
 public:
  explicit DelegatingFirehose(FirehosePtr delegate) : delegate_(std::move(delegate)) {}

  std::string stream() const override { return delegate_->stream(); }
  void adapt(DataSchema& schema, const JsonField& json) const override { delegate_->adapt(schema, json); }
  bool has_times() const override { return delegate_->has_times(); }
  void add_topics(std::set<std::string>& topics) const override { delegate_->add_topics(topics); }

 protected:
  const Firehose& delegate() const noexcept { return *delegate_; }

 private:
  const FirehosePtr delegate_;
};

class DelegatingSource : public Source {
 public:
  explicit DelegatingSource(std::unique_ptr<Source> delegate) : delegate_(std::move(delegate)) {}

  void start(const Position& resume) override { delegate_->start(resume); }
  Batch poll(int timeout_ms) override { return delegate_->poll(timeout_ms); }
  void committed(const Position& position) override { delegate_->committed(position); }
  void close() override { delegate_->close(); }

 private:
  const std::unique_ptr<Source> delegate_;
};

}  // namespace sarsen::ingest
