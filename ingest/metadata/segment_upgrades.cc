#include "ingest/metadata/segment_upgrades.h"

#include <algorithm>

#include "ingest/metadata/sha1_text.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

using storage::SegmentDescriptor;
using storage::SegmentId;

constexpr const char* kUpgradedPrefix = "upgraded_to_version__";  // of the sequence's name, as in Druid

SegmentDescriptor parse_segment(const std::string& payload) { return SegmentDescriptor::parse(Json::parse(payload)); }

/// The same files under another id.
SegmentDescriptor with_id(SegmentDescriptor segment, const SegmentId& id, std::uint32_t core_partitions) {
  segment.id = id;
  segment.core_partitions = core_partitions;
  segment.shard_spec = storage::numbered_shard_spec(id.partition, core_partitions);
  return segment;
}

}  // namespace

// --- who appends

void SegmentUpgrades::note(const std::vector<SegmentDescriptor>& appended,
                           const std::vector<ConcurrentTasks::Replacing>& replacing) const {
  for (const SegmentDescriptor& segment : appended)
    for (const ConcurrentTasks::Replacing& lock : replacing)
      if (lock.interval.contains(segment.id.interval))
        database_.run("INSERT INTO $upgradeSegments (task_id, segment_id, lock_version) VALUES (?, ?, ?)",
                      {{lock.task_id}, {segment.id.text()}, {lock.version}});
}

/// The payloads of what was upgraded from this segment. The database may take "Wiki" and "wiki" for the same.
std::vector<std::string> SegmentUpgrades::upgraded_from(const SegmentId& id, const std::string& rest) const {
  std::vector<std::string> payloads;
  for (auto& row : database_.run("SELECT payload, upgraded_from_segment_id FROM " + rest +
                                     " AND dataSource = ? AND upgraded_from_segment_id = ?",
                                 {{id.data_source}, {id.text()}}))
    if (row[1] == id.text()) payloads.push_back(std::move(row[0]));
  return payloads;
}

std::vector<SegmentUpgrade> SegmentUpgrades::of_pending(const std::vector<SegmentDescriptor>& appended) const {
  std::vector<SegmentUpgrade> upgrades;
  for (const SegmentDescriptor& segment : appended)
    for (const std::string& payload : upgraded_from(segment.id, "$pendingSegments WHERE TRUE")) {
      const SegmentDescriptor pending = parse_segment(payload);
      upgrades.push_back({with_id(segment, pending.id, pending.core_partitions), segment.id.text()});
    }
  return upgrades;
}

void SegmentUpgrades::remove_pending(const SegmentId& id) const {
  database_.run("DELETE FROM $pendingSegments WHERE id = ?", {{id.text()}});
}

std::vector<SegmentDescriptor> SegmentUpgrades::published(const std::vector<SegmentDescriptor>& appended) const {
  std::vector<SegmentDescriptor> found;
  for (const SegmentDescriptor& segment : appended)
    for (const std::string& payload : upgraded_from(segment.id, "$segments WHERE used = TRUE"))
      found.push_back(parse_segment(payload));
  return found;
}

// --- who replaces

/// In the order in which they were noted; one may be there twice.
std::vector<std::string> SegmentUpgrades::noted(const std::string& task_id) const {
  std::vector<std::string> ids;
  for (auto& row : database_.run("SELECT segment_id FROM $upgradeSegments WHERE task_id = ? ORDER BY id", {{task_id}}))
    if (std::find(ids.begin(), ids.end(), row.front()) == ids.end()) ids.push_back(std::move(row.front()));
  return ids;
}

/// Or another version of it is: then this one may be out of use only because it is hidden.
bool SegmentUpgrades::is_used(const std::string& data_source, const std::string& from) const {
  return !database_
              .run(
                  "SELECT 1 FROM $segments WHERE used = TRUE AND dataSource = ? AND (id = ? OR "
                  "upgraded_from_segment_id = ?)",
                  {{data_source}, {from}, {from}})
              .empty();
}

std::vector<SegmentUpgrade> SegmentUpgrades::of_noted(const std::string& task_id, Chunks& chunks) const {
  std::vector<SegmentUpgrade> upgrades;
  for (const std::string& id : noted(task_id))
    for (const auto& row :
         database_.run("SELECT payload, COALESCE(upgraded_from_segment_id, id) FROM $segments WHERE id = ?", {{id}})) {
      SegmentDescriptor segment = parse_segment(row[0]);
      if (segment.id.text() != id || !is_used(segment.id.data_source, row[1])) continue;
      if (const auto next = chunks.next(segment.id))
        upgrades.push_back({with_id(std::move(segment), next->id, next->core_partitions), row[1]});
    }
  return upgrades;
}

/// Pending segments of tasks that are over count for nothing.
std::vector<UpgradedSegment> SegmentUpgrades::upgrade_pending(const ConcurrentTasks& tasks, Chunks& chunks) const {
  std::map<SegmentId, std::string> pending;  // and who fills it
  for (const auto& row : database_.run("SELECT payload, task_allocator_id FROM $pendingSegments WHERE dataSource = ? "
                                       "AND upgraded_from_segment_id IS NULL",
                                       {{chunks.data_source()}}))
    if (tasks.appending.contains(row[1])) pending.emplace(parse_segment(row[0]).id, row[1]);
  std::vector<UpgradedSegment> upgrades;
  for (const auto& [id, allocator_id] : pending) {
    const auto next = chunks.next(id);
    if (!next) continue;
    upgrades.push_back({.from = id, .id = next->id, .core_partitions = next->core_partitions});
    add_pending(upgrades.back(), allocator_id);
  }
  return upgrades;
}

/// Unique as Druid makes it for a sequence that heeds the lineage of segments.
void SegmentUpgrades::add_pending(const UpgradedSegment& upgraded, const std::string& allocator_id) const {
  const SegmentId& id = upgraded.id;
  const std::string sequence = kUpgradedPrefix + id.version, from = upgraded.from.text();
  database_.run(
      "INSERT INTO $pendingSegments (id, dataSource, created_date, start, \"end\", sequence_name, sequence_prev_id, "
      "sequence_name_prev_id_sha1, payload, upgraded_from_segment_id, task_allocator_id) VALUES (?, ?, ?, ?, ?, ?, ?, "
      "?, ?, ?, ?)",
      {{id.text()},
       {id.data_source},
       {format_iso(clock_())},
       {format_iso(id.interval.start_ms)},
       {format_iso(id.interval.end_ms)},
       {sequence},
       {from},
       {sha1_text(sequence + '\xff' + from + '\xff' + id.version)},
       {pending_payload({id, upgraded.core_partitions}).dump(), true},
       {from},
       {allocator_id}});
}

SegmentUpgrades::Chunks::Chunks(std::string data_source, const std::vector<SegmentDescriptor>& segments,
                                const TaskCompletion& completion, const ConcurrentTasks& tasks)
    : data_source_(std::move(data_source)), replaced_(completion.replaced) {
  for (const SegmentDescriptor& segment : segments) {
    Chunk& chunk = chunks_[segment.id.interval];
    chunk.version = segment.id.version;
    chunk.next_partition = std::max(chunk.next_partition, segment.id.partition + 1);
    chunk.core_partitions = segment.core_partitions;
  }
  for (const ConcurrentTasks::Replacing& lock : tasks.replacing)
    if (lock.task_id == completion.task_id) locks_.push_back(lock);
}

/// Where the task has put segments out of use and has nothing in their place, what is appended stands for itself.
SegmentUpgrades::Chunks::Found SegmentUpgrades::Chunks::emptied(const Interval& interval) {
  const bool is_replaced = std::any_of(replaced_.begin(), replaced_.end(),
                                       [&](const SegmentId& id) { return id.interval.overlaps(interval); });
  const auto lock =
      std::find_if(locks_.begin(), locks_.end(), [&](const auto& held) { return held.interval.contains(interval); });
  if (!is_replaced || lock == locks_.end()) return chunks_.end();
  return chunks_.emplace(interval, Chunk{lock->version, 0, 0}).first;
}

SegmentUpgrades::Chunks::Found SegmentUpgrades::Chunks::chunk_of(const SegmentId& id) {
  for (auto chunk = chunks_.begin(); chunk != chunks_.end(); ++chunk) {
    if (chunk->first.contains(id.interval)) return chunk;
    if (chunk->first.overlaps(id.interval))
      throw Error(ErrorCategory::kUnsupported,
                  "Replacing with a finer segment granularity than a concurrent append is unsupported. Cannot upgrade "
                  "segment[" +
                      id.text() + "] to version[" + chunk->second.version + "] as the replace interval[" +
                      format_iso(chunk->first) + "] does not fully contain the pending segment interval[" +
                      format_iso(id.interval) + "].");
  }
  return emptied(id.interval);
}

std::optional<AllocatedSegment> SegmentUpgrades::Chunks::next(const SegmentId& id) {
  const auto found = chunk_of(id);
  if (found == chunks_.end() || id.version >= found->second.version) return std::nullopt;
  Chunk& chunk = found->second;
  return AllocatedSegment{{.data_source = id.data_source,
                           .interval = found->first,
                           .version = chunk.version,
                           .partition = chunk.next_partition++},
                          chunk.core_partitions};
}

}  // namespace sarsen::ingest
