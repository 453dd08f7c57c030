#include "ingest/realtime/plumber.h"

#include "storage/base/check.h"
#include "storage/base/log.h"

namespace sarsen::ingest {

Plumber::Plumber(std::shared_ptr<const DataSchema> schema, const RealtimeTuning& tuning,
                 const std::filesystem::path& persist_directory, FieldTable& fields, storage::Catalog& catalog,
                 SegmentAnnouncer& announcer, Clock clock, std::function<void(const Position&)> committed)
    : schema_(std::move(schema)),
      tuning_(tuning),
      fields_(fields),
      catalog_(catalog),
      announcer_(announcer),
      clock_(std::move(clock)),
      committed_(std::move(committed)),
      directory_(tuning.base_persist_directory.value_or(persist_directory), schema_->data_source),
      policy_(make_rejection_policy(tuning.rejection_policy, tuning.window_period_ms, clock_)) {}

Plumber::~Plumber() {
  queue_ = nullptr;
  if (sinks_.empty()) return;
  catalog_.update(schema_->data_source, [this](storage::Timeline& timeline) {
    for (const auto& [start_ms, sink] : sinks_) timeline.remove(sink->id());
  });
}

Position Plumber::restore() {
  DCHECK(!queue_);
  PersistDirectory::Restored restored = directory_.restore();
  for (auto& [interval, hydrants] : restored.hydrants) {
    auto sink = std::make_shared<Sink>(segment_id(interval), schema_, fields_, std::move(hydrants));
    sinks_.emplace(interval.start_ms, sink);
    serve(sink);
  }
  queue_ = std::make_unique<PersistQueue>(directory_, tuning_.index_spec, tuning_.pending_persists_max,
                                          "persist-" + schema_->data_source, restored.position, committed_);
  next_persist_ms_ = clock_() + tuning_.intermediate_persist_period_ms;
  return restored.position;
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

Sink& Plumber::sink_of(std::int64_t time_ms, const Interval& interval) {
  if (last_sink_ != nullptr && last_sink_->id().interval.contains(time_ms)) return *last_sink_;
  auto& sink = sinks_[interval.start_ms];
  if (!sink) {
    sink = std::make_shared<Sink>(segment_id(interval), schema_, fields_);
    serve(sink);
  }
  last_sink_ = sink.get();
  return *sink;
}

RowOutcome Plumber::add(const RawRow& row, std::int64_t time_ms, std::vector<std::string>& problems) {
  if (!policy_->accept(time_ms)) return RowOutcome::kThrownAway;
  const auto interval = schema_->granularity_spec.segment_interval(time_ms);
  if (!interval) return RowOutcome::kThrownAway;
  Sink& sink = sink_of(time_ms, *interval);
  if (touched_.empty() || touched_.back() != &sink) touched_.push_back(&sink);
  IncrementalIndex& index = sink.live();
  const RowOutcome outcome = index.add(row, time_ms, problems);
  dirty_ = true;
  full_ = full_ || index.row_count() >= tuning_.rows_in_memory_max;
  return outcome;
}

void Plumber::flush() {
  for (Sink* sink : touched_) sink->live().flush();
  touched_.clear();
}

void Plumber::note_first_offset(const std::string& stream, std::int32_t partition, std::int64_t offset) {
  PersistQueue::Job job;
  job.position.stream = stream;
  job.first_offsets.emplace(partition, offset);
  queue_->push(std::move(job));
}

bool Plumber::persist_is_due() const { return full_ || (dirty_ && clock_() > next_persist_ms_); }

void Plumber::persist(const Position& position) {
  PersistQueue::Job job;
  job.position = position;
  for (const auto& [start_ms, sink] : sinks_)
    if (sink->live().row_count() != 0) job.parts.push_back({sink, sink->swap()});
  full_ = false;
  dirty_ = false;
  next_persist_ms_ = clock_() + tuning_.intermediate_persist_period_ms;
  queue_->push(std::move(job));
}

void Plumber::advance_hand_off() {
  if (hand_off_missing_logged_) return;
  const std::int64_t now_ms = policy_->current_max_time_ms();
  for (const auto& [start_ms, sink] : sinks_) {
    if (now_ms - tuning_.window_period_ms < sink->id().interval.end_ms) continue;
    log_warn(
        "Segment[{}] is past its window. Handing segments off is not built yet: it stays served from here, and its "
        "files stay",
        sink->id().text());
    hand_off_missing_logged_ = true;
    return;
  }
}

void Plumber::begin_to_finish() {
  if (queue_) queue_->begin_to_finish();
}

bool Plumber::finish(const Position& position) {
  flush();
  persist(position);
  return queue_->finish();
}

}  // namespace sarsen::ingest
