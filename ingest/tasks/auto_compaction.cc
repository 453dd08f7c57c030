#include "ingest/tasks/auto_compaction.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "engine/time/granularity.h"
#include "ingest/tasks/compact_spec.h"
#include "ingest/tasks/compaction_status.h"
#include "ingest/tasks/coordinator_config.h"
#include "ingest/tasks/task_inputs.h"
#include "storage/base/error.h"
#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

constexpr std::string_view kIssuedPrefix = "coordinator-issued_";

using Descriptors = std::map<storage::SegmentId, storage::SegmentDescriptor>;

Descriptors used_segments(const MetadataStore& metadata, const std::string& data_source) {
  Descriptors found;
  for (storage::SegmentDescriptor& segment : metadata.used_segments())
    if (segment.id.data_source == data_source) found.emplace(segment.id, std::move(segment));
  return found;
}

/// The time before the last segment's end that is left alone.
std::int64_t skip_from(const storage::Timeline& timeline, const Period& offset) {
  std::int64_t end_ms = INT64_MIN;
  for (const auto& [id, entry] : timeline.entries()) end_ms = std::max(end_ms, id.interval.end_ms);
  return add_period(end_ms, offset, -1);
}

/// What is published and visible of the chunk; nullopt where part of it is something else.
std::optional<std::vector<const storage::SegmentDescriptor*>> published(const CompactChunk& chunk,
                                                                        const Descriptors& descriptors) {
  std::vector<const storage::SegmentDescriptor*> found;
  for (const storage::TimelineHit& hit : chunk.hits) {
    const auto descriptor = descriptors.find(hit.entry->id);
    if (descriptor == descriptors.end()) return std::nullopt;
    found.push_back(&descriptor->second);
  }
  return found;
}

/// The chunk and all of its segments: chunks that are smaller than those are made by one task.
Interval umbrella(const CompactChunk& chunk) {
  Interval all = chunk.interval;
  for (const storage::TimelineHit& hit : chunk.hits) {
    all.start_ms = std::min(all.start_ms, hit.entry->id.interval.start_ms);
    all.end_ms = std::max(all.end_ms, hit.entry->id.interval.end_ms);
  }
  return all;
}

/// Nothing but tombstones has nothing to be compacted.
bool has_rows(const std::vector<const storage::SegmentDescriptor*>& segments) {
  return std::any_of(segments.begin(), segments.end(), [](const storage::SegmentDescriptor* segment) {
    return JsonField(segment->shard_spec)["type"].string_or("") != "tombstone";
  });
}

void add(CompactionProgress::Amount& amount, std::vector<CompactionProgress::Candidate>& candidates,
         CompactionProgress::Candidate candidate) {
  amount.bytes += candidate.bytes;
  amount.segments += candidate.segments;
  ++amount.intervals;
  candidates.push_back(std::move(candidate));
}

/// In Druid's words; empty: nothing speaks against compacting it.
std::string reason_to_skip(const DataSourceCompaction& compaction, const CompactionProgress::Candidate& candidate,
                           std::int64_t skip_from_ms, bool locked) {
  if (candidate.interval.end_ms > skip_from_ms)
    return "skip offset from latest[" + compaction.skip_offset.to_string() + "]";
  if (candidate.bytes > compaction.input_segment_bytes_max)
    return "'inputSegmentSize' exceeded: Total segment size[" + std::to_string(candidate.bytes) +
           "] is larger than allowed inputSegmentSize[" + std::to_string(compaction.input_segment_bytes_max) + "]";
  return locked ? "interval locked by another task" : "";
}

std::string segment_granularity(const JsonField& task) {
  const JsonField spec = task["granularitySpec"];
  if (!spec.present() || !spec["segmentGranularity"].present()) return "";
  return engine::parse_granularity(spec["segmentGranularity"])->to_json().dump();
}

/// Whether it makes chunks of another size than is configured. What others submit without a granularitySpec leaves the
/// chunks as they are.
bool is_outdated(const DataSourceCompaction& compaction, const std::string& id, const JsonField& task) {
  const std::string wanted = segment_granularity(JsonField(compaction.json));
  const bool says = task["granularitySpec"].present() || id.starts_with(kIssuedPrefix);
  return says && !wanted.empty() && wanted != segment_granularity(task);
}

/// The parts of time in which no live segment is; all of it where others may go on appending.
std::vector<Interval> settled_times(const storage::Timeline& timeline, TaskLockType lock_type) {
  std::vector<Interval> live;
  std::optional<Interval> all;
  for (const auto& [id, entry] : timeline.entries()) {
    all = all ? Interval{std::min(all->start_ms, id.interval.start_ms), std::max(all->end_ms, id.interval.end_ms)}
              : id.interval;
    if (entry.segment->is_realtime() && lock_type != TaskLockType::kReplace) live.push_back(id.interval);
  }
  std::vector<Interval> settled;
  if (!all) return settled;
  std::sort(live.begin(), live.end());
  std::int64_t from_ms = all->start_ms;
  for (const Interval& interval : live) {
    if (interval.start_ms > from_ms) settled.push_back({from_ms, interval.start_ms});
    from_ms = std::max(from_ms, interval.end_ms);
  }
  if (from_ms < all->end_ms) settled.push_back({from_ms, all->end_ms});
  return settled;
}

/// Those of all settled times. Chunks into which live segments reach are left out.
std::vector<CompactChunk> all_chunks(const CompactSpec& spec, const storage::Timeline& timeline) {
  std::vector<CompactChunk> chunks;
  for (const Interval& settled : settled_times(timeline, spec.lock_type)) {
    try {
      for (CompactChunk& chunk : compact_chunks(spec, timeline, settled)) chunks.push_back(std::move(chunk));
    } catch (const Error& error) {
      log_debug("Nothing is compacted in {}: {}", format_iso(settled), error.what());
    }
  }
  return chunks;
}

}  // namespace

void AutoCompaction::start(std::chrono::milliseconds period) {
  duties_.start(
      "compaction", period, period, "Automatic compaction failed",
      [this] { return coordination_pauses(queue_.storage()); }, [this] { run_once(); });
}

bool AutoCompaction::change_config(const std::function<bool(CompactionConfig&)>& change, const AuditInfo& who) {
  const std::lock_guard lock(config_mutex_);
  CompactionConfig changed = config();
  if (!change(changed)) return false;
  queue_.storage().set_config(kCompactionConfigName, changed.to_json(), who);
  return true;
}

/// Changes of other data sources' are left out.
Json AutoCompaction::history(const std::string& data_source, const HistoryRange& range) const {
  Json::Array entries;
  std::string last;
  HistoryRange all;
  all.interval = range.interval;
  const Json changes = queue_.storage().config_history(kCompactionConfigName, all);
  for (const Json& change : changes.array()) {
    const CompactionConfig config = CompactionConfig::parse(Json::parse(change.find("payload")->string()));
    const DataSourceCompaction* own = config.find(data_source);
    const Json now = Json::Object{{"globalConfig", config.cluster_json()},
                                  {"compactionConfig", own == nullptr ? Json() : own->json}};
    if ((entries.empty() && own == nullptr) || now.dump() == last) continue;
    last = now.dump();
    Json::Object entry = now.object();
    entry.emplace_back("auditInfo", *change.find("auditInfo"));
    entry.emplace_back("auditTime", *change.find("auditTime"));
    entries.push_back(entry);
  }
  if (!range.count_max) return entries;
  std::reverse(entries.begin(), entries.end());
  entries.resize(std::min(entries.size(), *range.count_max));
  return entries;
}

CompactionProgress AutoCompaction::progress(const DataSourceCompaction& compaction, const CompactionPolicy& policy,
                                            const std::vector<ActiveTask>& active) const {
  CompactionProgress progress;
  const auto timeline = input_timeline({catalog_, metadata_, queue_.deep_storage()}, compaction.data_source);
  if (timeline->empty()) return progress;
  const Json task = compaction.task(kEternity, "");
  const CompactSpec spec = CompactSpec::parse(JsonField(task));
  const std::int64_t skip_from_ms = skip_from(*timeline, compaction.skip_offset);
  const Descriptors descriptors = used_segments(metadata_, compaction.data_source);
  std::vector<TaskLock> locks = queue_.locks();
  std::erase_if(locks, [&](const TaskLock& lock) { return lock.data_source != compaction.data_source; });
  std::set<Interval> queued;
  for (const CompactChunk& chunk : all_chunks(spec, *timeline)) {
    const auto segments = published(chunk, descriptors);
    if (!segments || !has_rows(*segments)) continue;  // put there by hand
    CompactionProgress::Candidate candidate{umbrella(chunk), static_cast<std::int64_t>(segments->size()), 0, {}};
    for (const storage::SegmentDescriptor* segment : *segments)
      candidate.bytes += static_cast<std::int64_t>(segment->size_bytes);
    const bool locked = std::any_of(locks.begin(), locks.end(),
                                    [&](const TaskLock& lock) {
                                      return lock.interval.overlaps(candidate.interval) &&
                                             !may_coexist(lock, spec.lock_type, candidate.interval);
                                    }) ||
                        std::any_of(active.begin(), active.end(), [&](const ActiveTask& other) {
                          return other.data_source == compaction.data_source && other.interval &&
                                 other.interval->overlaps(candidate.interval);
                        });
    const auto reason = reason_to_compact(compaction, *segments);
    std::string obstacle = reason_to_skip(compaction, candidate, skip_from_ms, locked);
    if (obstacle.empty() && !policy.is_eligible({compaction.data_source, candidate.interval}))
      obstacle = "Rejected by search policy";
    candidate.reason = obstacle.empty() ? reason.value_or("") : obstacle;
    if (!reason)
      add(progress.compacted, progress.done, std::move(candidate));
    else if (!obstacle.empty())
      add(progress.skipped, progress.left_alone, std::move(candidate));
    else if (queued.insert(candidate.interval).second)
      add(progress.awaiting, progress.waiting, std::move(candidate));
  }
  std::ranges::sort(progress.waiting, std::greater<>(), &CompactionProgress::Candidate::interval);
  return progress;
}

std::vector<AutoCompaction::ActiveTask> AutoCompaction::active_tasks() const {
  std::vector<ActiveTask> active;
  for (const TaskStatus& task : queue_.tasks()) {
    if (task.type != "compact") continue;
    std::optional<Json> payload = queue_.payload(task.id);
    if (!payload) continue;
    const std::optional<Interval> interval = CompactSpec::parse(JsonField(*payload)).interval;
    active.push_back({task.id, task.data_source, interval, std::move(*payload)});
  }
  return active;
}

void AutoCompaction::end_outdated(const CompactionConfig& config) {
  for (const ActiveTask& task : active_tasks()) {
    const DataSourceCompaction* compaction = config.find(task.data_source);
    if (compaction == nullptr || !is_outdated(*compaction, task.id, JsonField(task.payload))) continue;
    log_info("Cancelling task[{}] as its segmentGranularity differs from that of the compaction config", task.id);
    queue_.shutdown(task.id, "Shutdown by Compaction Scheduler");
  }
}

std::vector<std::string> AutoCompaction::run_once() {
  if (coordination_pauses(queue_.storage())) return {};
  const CompactionConfig present = config();
  return present.use_supervisors ? std::vector<std::string>() : run(present);
}

std::vector<std::string> AutoCompaction::run(const CompactionConfig& config) {
  if (config.task_slots_max <= 0) return {};
  end_outdated(config);
  struct Work {
    const DataSourceCompaction* compaction;
    CompactionProgress::Candidate candidate;
    CompactionPlace place() const { return {compaction->data_source, candidate.interval}; }
  };
  const std::vector<ActiveTask> active = active_tasks();
  std::vector<Work> waiting;
  for (const DataSourceCompaction& compaction : config.data_sources)
    for (CompactionProgress::Candidate& candidate : progress(compaction, config.policy, active).waiting)
      waiting.push_back({&compaction, std::move(candidate)});
  std::stable_sort(waiting.begin(), waiting.end(), [&](const Work& left, const Work& right) {
    return config.policy.comes_before(left.place(), right.place());
  });
  const std::size_t slots = config.task_slots(queue_.options().workers);
  std::size_t taken = active.size();
  std::vector<std::string> ids;
  for (auto work = waiting.begin(); work != waiting.end() && taken < slots; ++work, ++taken) {
    const std::string id = std::string(kIssuedPrefix) +
                           new_task_id("compact", work->compaction->data_source, std::nullopt, system_clock_ms());
    ids.push_back(queue_.add(work->compaction->task(work->candidate.interval, id, work->candidate.reason)));
    log_info("Submitted a compaction task[{}] for datasource[{}], umbrella interval[{}].", id,
             work->compaction->data_source, format_iso(work->candidate.interval));
  }
  return ids;
}

}  // namespace sarsen::ingest
