#include "ingest/supervisor/sequence.h"

#include <algorithm>
#include <utility>

#include "ingest/deep_storage/served_swap.h"
#include "ingest/supervisor/chunk_candidates.h"
#include "storage/base/error.h"
#include "storage/base/log.h"
#include "storage/segment/segment_descriptor.h"

namespace sarsen::ingest {

namespace fs = std::filesystem;

Sequence::Sequence(std::shared_ptr<const SupervisorSpec> spec, const SupervisorServices& services, ChunkLocks& locks,
                   std::string name, FieldTable& fields, Position start)
    : spec_(std::move(spec)),
      services_(services),
      locks_(locks),
      name_(std::move(name)),
      fields_(fields),
      start_(std::move(start)),
      created_ms_(services.clock()),
      directory_(services.directory / spec_->id / name_),
      persists_(directory_, "segments"),
      next_persist_ms_(created_ms_ + spec_->tuning.intermediate_persist_period_ms) {
  persists_.restore();  // empty; makes the directory
  queue_ = std::make_unique<PersistQueue>(persists_, spec_->tuning.index_spec_for_persists,
                                          spec_->tuning.pending_persists_max, "persist-" + spec_->id, start_,
                                          PersistQueue::Listener{});
}

Sequence::~Sequence() {
  queue_->begin_to_finish();
  queue_ = nullptr;
  stop_serving();
  std::error_code ignored;  // emptied at the next start too
  fs::remove_all(directory_, ignored);
}

void Sequence::stop_serving() {
  std::vector<std::shared_ptr<const storage::ServedSegment>> sinks;
  for (const auto& [interval, segment] : segments_)
    if (segment.served) sinks.push_back(segment.sink);
  if (sinks.empty()) return;
  services_.catalog.update(spec_->id, [&](storage::Timeline& timeline) { remove_served(timeline, sinks); });
  for (const auto& [interval, segment] : segments_)
    if (segment.served) services_.announcer.unannounce(segment.sink->id());
}

AllocationRequest Sequence::request_for(std::int64_t time_ms) const {
  return {.data_source = spec_->id,
          .sequence = name_,
          .allocator_id = locks_.task_id(),
          .time_ms = time_ms,
          .intervals = chunk_candidates(spec_->schema->granularity_spec, time_ms),
          .version = {}};
}

void Sequence::serve(const OpenSegment& segment) {
  const storage::SegmentId& id = segment.sink->id();
  services_.catalog.update(spec_->id, [&](storage::Timeline& timeline) {
    timeline.add({.id = id,
                  .core_partitions = segment.core_partitions,
                  .shard_spec = storage::numbered_shard_spec(id.partition, segment.core_partitions),
                  .segment = segment.sink});
  });
  services_.announcer.announce(id);
}

/// Whoever has replaced the chunk since the segment was allocated did not find it served.
void Sequence::serve_upgrades(const storage::SegmentId& id) {
  const std::vector<AllocatedSegment> upgrades = services_.store.upgrades_of(id);
  if (upgrades.empty()) return;
  services_.catalog.update(spec_->id, [&](storage::Timeline& timeline) {
    for (const AllocatedSegment& upgrade : upgrades)
      serve_upgraded(timeline, {id, upgrade.id, upgrade.core_partitions});
  });
}

/// Under the chunk's lock, whose version is that of a chunk that is new.
AllocatedSegment Sequence::allocate(std::int64_t time_ms) {
  AllocationRequest request = request_for(time_ms);
  while (true) {
    request.locked = services_.store.chunk_of(request);
    request.version = locks_.acquire(request.locked).version;
    try {
      return services_.store.allocate(request);
    } catch (const ChunkChanged& changed) {
      log_info("Sequence[{}]: {}", name_, changed.what());
    }
  }
}

Sequence::OpenSegment& Sequence::open_segment(std::int64_t time_ms) {
  AllocatedSegment allocated = allocate(time_ms);
  OpenSegment segment;
  segment.core_partitions = allocated.core_partitions;
  segment.sink = std::make_shared<Sink>(allocated.id, spec_->schema, fields_);
  serve(segment);
  if (locks_.are_concurrent()) serve_upgrades(allocated.id);
  const Interval& interval = allocated.id.interval;
  longest_ms_ = std::max(longest_ms_, interval.end_ms - interval.start_ms);
  return segments_.insert_or_assign(interval, std::move(segment)).first->second;
}

Sequence::OpenSegment& Sequence::segment_of(std::int64_t time_ms) {
  if (last_ != nullptr && last_->sink->id().interval.contains(time_ms)) return *last_;
  for (auto after = segments_.upper_bound({time_ms, INT64_MAX}); after != segments_.begin();) {
    auto& [interval, segment] = *--after;
    if (interval.contains(time_ms)) return *(last_ = &segment);
    if (time_ms - interval.start_ms >= longest_ms_) break;
  }
  return *(last_ = &open_segment(time_ms));
}

RowOutcome Sequence::add(const RawRow& row, std::int64_t time_ms, std::vector<std::string>& problems) {
  OpenSegment& segment = segment_of(time_ms);
  if (touched_.empty() || touched_.back() != &segment) touched_.push_back(&segment);
  IncrementalIndex& index = segment.sink->live();
  const RowOutcome outcome = index.add(row, time_ms, problems);
  note_growth(index);
  dirty_ = true;
  if (has_many_rows(segment) || memory_has_many_rows()) check_limits(segment);
  return outcome;
}

void Sequence::note_growth(IncrementalIndex& index) {
  const auto growth = static_cast<std::uint64_t>(index.take_growth());  // less than zero goes round
  rows_ += growth;
  live_rows_ += growth;
}

bool Sequence::has_many_rows(const OpenSegment& segment) const {
  return segment.rows() >= spec_->tuning.rows_per_segment_max || rows_ >= spec_->tuning.total_rows_max;
}

bool Sequence::memory_has_many_rows() const { return live_rows_ >= spec_->tuning.rows_in_memory_max; }

/// With rows counted after rollup.
void Sequence::check_limits(const OpenSegment& segment) {
  for (const OpenSegment* touched : touched_) {
    IncrementalIndex& index = touched->sink->live();
    index.settle();
    note_growth(index);
  }
  full_ = full_ || has_many_rows(segment);
  memory_full_ = memory_full_ || memory_has_many_rows();
}

void Sequence::note_bytes(OpenSegment& segment) {
  const std::size_t before = std::exchange(segment.live_bytes, segment.sink->live().size_bytes());
  live_bytes_ += segment.live_bytes - before;  // less than zero goes round
}

void Sequence::flush() {
  for (OpenSegment* segment : touched_) {
    IncrementalIndex& index = segment->sink->live();
    index.flush();
    note_growth(index);
    if (spec_->tuning.bytes_in_memory_max != 0) note_bytes(*segment);
  }
  if (!touched_.empty() && spec_->tuning.bytes_in_memory_max != 0)
    memory_full_ = memory_full_ || live_bytes_ >= spec_->tuning.bytes_in_memory_max;
  touched_.clear();
}

bool Sequence::persist_is_due() const { return memory_full_ || (dirty_ && services_.clock() > next_persist_ms_); }

void Sequence::persist(const Position& position) {
  flush();
  PersistQueue::Job job;
  job.position = position;
  for (auto& [interval, segment] : segments_) {
    const std::uint32_t rows = segment.sink->live().row_count();
    if (rows == 0) continue;
    job.parts.push_back({segment.sink, segment.sink->swap()});
    segment.frozen_rows += rows;
    segment.live_bytes = 0;
  }
  memory_full_ = false;
  dirty_ = false;
  live_rows_ = 0;
  live_bytes_ = 0;
  next_persist_ms_ = services_.clock() + spec_->tuning.intermediate_persist_period_ms;
  queue_->push(std::move(job));
}

void Sequence::close(const Position& end) {
  end_ = end;
  persist(end);
}

std::vector<Sequence::OpenSegment*> Sequence::segments() {
  std::vector<OpenSegment*> open;
  for (auto& [interval, segment] : segments_) open.push_back(&segment);
  return open;
}

fs::path Sequence::merged_path(const OpenSegment& segment) const {
  return persists_.merged_path(segment.sink->id().interval);
}

void Sequence::handed_off(OpenSegment& segment) {
  segment.served = false;
  services_.announcer.unannounce(segment.sink->id());
}

}  // namespace sarsen::ingest
