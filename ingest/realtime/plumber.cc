#include "ingest/realtime/plumber.h"

#include "storage/base/check.h"
#include "storage/base/log.h"

namespace sarsen::ingest {

Plumber::Plumber(std::shared_ptr<const DataSchema> schema, const RealtimeTuning& tuning,
                 const std::filesystem::path& persist_directory, FieldTable& fields, storage::Catalog& catalog,
                 SegmentAnnouncer& announcer, Clock clock, std::function<void(const Position&)> committed,
                 const HandOffServices* hand_off)
    : schema_(std::move(schema)),
      tuning_(tuning),
      fields_(fields),
      catalog_(catalog),
      announcer_(announcer),
      clock_(std::move(clock)),
      committed_(std::move(committed)),
      directory_(tuning.base_persist_directory.value_or(persist_directory), schema_->data_source),
      policy_(make_rejection_policy(tuning.rejection_policy, tuning.window_period_ms, clock_)),
      services_(hand_off) {}

/// What has taken the place of a sink stays.
Plumber::~Plumber() {
  if (hand_off_) hand_off_->stop();  // each of the two gives work to the other
  queue_ = nullptr;
  std::vector<std::shared_ptr<Sink>> served;
  for (const auto& [start_ms, sink] : sinks_) served.push_back(sink);
  for (const auto& closing : closing_)
    if (auto sink = closing.lock()) served.push_back(std::move(sink));
  if (served.empty()) return;
  catalog_.update(schema_->data_source, [&](storage::Timeline& timeline) {
    for (const auto& sink : served) {
      const auto entry = timeline.entries().find(sink->id());
      if (entry != timeline.entries().end() && entry->second.segment == sink) timeline.remove(sink->id());
    }
  });
}

Position Plumber::restore() {
  DCHECK(!queue_);
  PersistDirectory::Restored restored = directory_.restore();
  Position position = restored.position;
  if (position.empty() && services_ != nullptr)
    position = services_->metadata.offsets(offsets_key(schema_->data_source, tuning_.shard_spec.partition));
  start_queues(position);
  restore_sinks(restored, position);
  next_persist_ms_ = clock_() + tuning_.intermediate_persist_period_ms;
  return position;
}

void Plumber::start_queues(const Position& position) {
  if (services_ != nullptr)
    hand_off_ = std::make_unique<HandOff>(schema_, tuning_, *services_, directory_, catalog_, announcer_,
                                          [this](const Sink& sink) { forget(sink); });
  PersistQueue::Listener listener;
  listener.committed = committed_;
  listener.closed = [this](const std::shared_ptr<Sink>& sink, const Position& reached) {
    hand_off_->push(sink, reached);
  };
  queue_ = std::make_unique<PersistQueue>(directory_, tuning_.index_spec, tuning_.pending_persists_max,
                                          "persist-" + schema_->data_source, position, std::move(listener));
}

void Plumber::restore_sinks(PersistDirectory::Restored& restored, const Position& position) {
  for (auto& [interval, hydrants] : restored.hydrants) {
    auto sink = std::make_shared<Sink>(segment_id(interval), schema_, fields_, std::move(hydrants));
    serve(sink);
    if (!hand_off_ || !restored.closed.contains(interval)) {
      sinks_.emplace(interval.start_ms, std::move(sink));
      continue;
    }
    closed_.insert(interval.start_ms);
    closing_.push_back(sink);
    hand_off_->push(std::move(sink), position);
  }
}

/// On the hand-off's thread.
void Plumber::forget(const Sink& sink) {
  PersistQueue::Job job;
  job.handed_off.insert(sink.id().interval);
  queue_->push(std::move(job));
}

storage::SegmentId Plumber::segment_id(const Interval& interval) const {
  return {.data_source = schema_->data_source,
          .interval = interval,
          .version = tuning_.version.value_or(format_iso(interval.start_ms)),
          .partition = tuning_.shard_spec.partition};
}

void Plumber::serve(const std::shared_ptr<Sink>& sink) {
  catalog_.update(schema_->data_source, [&](storage::Timeline& timeline) {
    timeline.add({.id = sink->id(),
                  .core_partitions = tuning_.shard_spec.core_partitions,
                  .shard_spec = tuning_.shard_spec.json,
                  .segment = sink});
  });
  announcer_.announce(sink->id());
}

/// A row that comes after all for a segment that is published cannot join it, and must not take its place.
bool Plumber::is_closed(const Interval& interval) {
  if (closed_.contains(interval.start_ms)) return true;
  if (services_ == nullptr || !services_->metadata.find(segment_id(interval))) return false;
  closed_.insert(interval.start_ms);
  return true;
}

Sink* Plumber::sink_of(std::int64_t time_ms, const Interval& interval) {
  if (last_sink_ != nullptr && last_sink_->id().interval.contains(time_ms)) return last_sink_;
  const auto found = sinks_.find(interval.start_ms);
  if (found != sinks_.end()) return last_sink_ = found->second.get();
  if (is_closed(interval)) return nullptr;
  const auto sink = std::make_shared<Sink>(segment_id(interval), schema_, fields_);
  serve(sink);
  sinks_.emplace(interval.start_ms, sink);
  return last_sink_ = sink.get();
}

RowOutcome Plumber::add(const RawRow& row, std::int64_t time_ms, std::vector<std::string>& problems) {
  if (!policy_->accept(time_ms)) return RowOutcome::kThrownAway;
  const auto interval = schema_->granularity_spec.segment_interval(time_ms);
  if (!interval) return RowOutcome::kThrownAway;
  Sink* sink = sink_of(time_ms, *interval);
  if (sink == nullptr) return RowOutcome::kThrownAway;
  if (touched_.empty() || touched_.back() != sink) touched_.push_back(sink);
  IncrementalIndex& index = sink->live();
  const RowOutcome outcome = index.add(row, time_ms, problems);
  dirty_ = true;
  full_ = full_ || index.has_rows(tuning_.rows_in_memory_max);
  return outcome;
}

void Plumber::flush() {
  for (Sink* sink : touched_) sink->live().flush();
  touched_.clear();
}

void Plumber::note_first_offset(const std::string& stream, const StreamPartition& partition, std::int64_t offset) {
  PersistQueue::Job job;
  job.position.stream = stream;
  job.first_offsets.emplace(partition, offset);
  queue_->push(std::move(job));
}

bool Plumber::persist_is_due() const { return full_ || (dirty_ && clock_() > next_persist_ms_); }

void Plumber::persist(const Position& position) { persist(position, {}); }

void Plumber::persist(const Position& position, std::vector<std::shared_ptr<Sink>> closed) {
  PersistQueue::Job job;
  job.position = position;
  const auto freeze = [&job](const std::shared_ptr<Sink>& sink) {
    if (sink->live().row_count() != 0) job.parts.push_back({sink, sink->swap()});
  };
  for (const auto& [start_ms, sink] : sinks_) freeze(sink);
  for (const auto& sink : closed) freeze(sink);
  job.closed = std::move(closed);
  full_ = false;
  dirty_ = false;
  next_persist_ms_ = clock_() + tuning_.intermediate_persist_period_ms;
  queue_->push(std::move(job));
}

/// Sinks whose end the time has passed by more than the window, taken out of sinks_.
std::vector<std::shared_ptr<Sink>> Plumber::take_past_window() {
  const std::int64_t limit_ms = policy_->current_max_time_ms() - tuning_.window_period_ms;
  std::vector<std::shared_ptr<Sink>> past;
  while (!sinks_.empty() && sinks_.begin()->second->id().interval.end_ms <= limit_ms) {
    past.push_back(std::move(sinks_.begin()->second));
    sinks_.erase(sinks_.begin());
  }
  return past;
}

void Plumber::advance_hand_off(const Position& position) {
  if (tuning_.rejection_policy == RejectionPolicyType::kNone || sinks_.empty()) return;
  if (!hand_off_) return;
  DCHECK(touched_.empty());
  std::vector<std::shared_ptr<Sink>> past = take_past_window();
  if (!past.empty()) close(std::move(past), position);
}

void Plumber::close(std::vector<std::shared_ptr<Sink>> sinks, const Position& position) {
  last_sink_ = nullptr;
  std::erase_if(closing_, [](const auto& sink) { return sink.expired(); });
  for (const auto& sink : sinks) {
    closed_.insert(sink->id().interval.start_ms);
    closing_.push_back(sink);
    log_info("Segment[{}] takes no more rows, and its hand-off begins", sink->id().text());
  }
  persist(position, std::move(sinks));
}

void Plumber::end(const Position& position) {
  flush();
  if (!hand_off_) return persist(position);
  std::vector<std::shared_ptr<Sink>> all;
  for (auto& [start_ms, sink] : sinks_) all.push_back(std::move(sink));
  sinks_.clear();
  close(std::move(all), position);
}

void Plumber::begin_to_finish() {
  if (hand_off_) hand_off_->begin_to_stop();
  if (queue_) queue_->begin_to_finish();
}

bool Plumber::finish(const Position& position) {
  flush();
  if (hand_off_) hand_off_->begin_to_stop();
  persist(position);
  return queue_->finish();
}

}  // namespace sarsen::ingest
