// combining: firehoses that are read one after the other. Each is connected from the beginning, and started when the
// one before has ended. Partitions of the delegate with number i are told apart by "i/" before their topic.

#include <algorithm>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "ingest/firehose/firehose_types.h"

namespace sarsen::ingest {
namespace {

struct Part {
  std::string stream;
  std::unique_ptr<Source> source;
};

class CombiningSource final : public Source {
 public:
  explicit CombiningSource(std::vector<Part> parts) : parts_(std::move(parts)) {}

  void start(const Position& resume) override {
    resume_ = resume;
    start_current();
  }

  Batch poll(int timeout_ms) override {
    Part& part = parts_[current_];
    Batch batch = part.source->poll(timeout_ms);
    for (Message& message : batch.messages) message.topic = prefixed(message.topic);
    const bool last = current_ + 1 == parts_.size();
    if (batch.exhausted && !last && start_next()) batch.exhausted = false;
    return batch;
  }

  void committed(const Position& position) override {
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i <= current_; ++i) parts_[i].source->committed(part_of(position, i));
  }

  void close() override {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    parts_[current_].source->close();
  }

 private:
  static std::string prefix_of(std::size_t part) { return std::to_string(part) + "/"; }

  Position part_of(const Position& position, std::size_t i) const {
    const std::string prefix = prefix_of(i);
    Position part{.stream = parts_[i].stream, .next_offsets = {}};
    for (const auto& [partition, offset] : position.next_offsets)
      if (partition.topic.starts_with(prefix))
        part.next_offsets[{partition.topic.substr(prefix.size()), partition.number}] = offset;
    return part;
  }

  /// Names live as long as the source: messages point to them.
  std::string_view prefixed(std::string_view topic) {
    if (const auto known = names_.find(topic); known != names_.end()) return known->second;
    return names_.emplace(topic, prefix_of(current_) + std::string(topic)).first->second;
  }

  void start_current() { parts_[current_].source->start(part_of(resume_, current_)); }

  bool start_next() {
    const std::lock_guard lock(mutex_);
    if (closed_) return false;
    ++current_;
    retired_.push_back(std::move(names_));
    names_.clear();
    start_current();
    return true;
  }

  std::vector<Part> parts_;
  Position resume_;
  std::map<std::string, std::string, std::less<>> names_;                 // of the current part's topics
  std::vector<std::map<std::string, std::string, std::less<>>> retired_;  // which a batch may still point to
  std::mutex mutex_;                                                      // guards what follows, for other threads
  std::size_t current_ = 0;
  bool closed_ = false;
};

class CombiningFirehose final : public Firehose {
 public:
  explicit CombiningFirehose(std::vector<FirehosePtr> delegates) : delegates_(std::move(delegates)) {}

  std::string stream() const override {
    std::string streams;
    for (const FirehosePtr& delegate : delegates_) streams += (streams.empty() ? "" : " + ") + delegate->stream();
    return streams;
  }

  std::unique_ptr<Source> connect(const FirehoseServices& services) const override {
    std::vector<Part> parts;
    for (const FirehosePtr& delegate : delegates_) parts.push_back({delegate->stream(), delegate->connect(services)});
    return std::make_unique<CombiningSource>(std::move(parts));
  }

  void adapt(DataSchema& schema, const JsonField& json) const override {
    for (const FirehosePtr& delegate : delegates_) delegate->adapt(schema, json);
  }

  bool has_times() const override { return delegates_.front()->has_times(); }

  void add_topics(std::set<std::string>& topics) const override {
    for (const FirehosePtr& delegate : delegates_) delegate->add_topics(topics);
  }

 private:
  const std::vector<FirehosePtr> delegates_;
};

}  // namespace

FirehosePtr parse_combining_firehose(const JsonField& json, const FirehoseOptions& options) {
  std::vector<FirehosePtr> delegates;
  for (const JsonField& delegate : json["delegates"].elements()) delegates.push_back(parse_firehose(delegate, options));
  if (delegates.empty()) json["delegates"].fail("at least one firehose is wanted");
  for (const FirehosePtr& delegate : delegates)
    if (delegate->has_times() != delegates.front()->has_times())
      json["delegates"].fail("segments and other inputs cannot be combined: their rows have their times elsewhere");
  return std::make_shared<CombiningFirehose>(std::move(delegates));
}

}  // namespace sarsen::ingest
