#include "ingest/metadata/sql_metadata_store.h"

#include <algorithm>

#include "ingest/fault_point.h"
#include "ingest/metadata/sha1_text.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

/// Partitions that both know, of one stream.
bool agree(const Position& stored, const Position& start) {
  if (stored.empty() || start.empty()) return true;
  if (stored.stream != start.stream) return false;
  return std::all_of(start.next_offsets.begin(), start.next_offsets.end(), [&](const auto& offset) {
    const auto found = stored.next_offsets.find(offset.first);
    return found == stored.next_offsets.end() || found->second == offset.second;
  });
}

/// Where they do not agree: whether that is only because `start` has come further.
bool is_ahead(const Position& stored, const Position& start) {
  if (stored.stream != start.stream) return false;
  return std::all_of(start.next_offsets.begin(), start.next_offsets.end(), [&](const auto& offset) {
    const auto found = stored.next_offsets.find(offset.first);
    return found == stored.next_offsets.end() || found->second <= offset.second;
  });
}

/// `stored`, with the offsets of `end` laid over it; another stream takes its place.
Position overlaid(const Position& stored, const Position& end) {
  if (stored.stream != end.stream) return end;
  Position next = stored;
  for (const auto& [partition, offset] : end.next_offsets) next.next_offsets[partition] = offset;
  return next;
}

Position parse_position(const std::string& payload) {
  const Json json = Json::parse(payload);
  return Position::parse(JsonField(json));
}

}  // namespace

SqlMetadataStore::SqlMetadataStore(const MetadataConfig& config, Clock clock)
    : clock_(std::move(clock)), database_(config) {}

bool SqlMetadataStore::contains(const std::string& id) const {
  // The column may take "Wiki" and "wiki" for the same, where Druid has made it in MySQL.
  for (const auto& row : database_.run("SELECT id FROM $segments WHERE id = ?", {{id}}))
    if (row.front() == id) return true;
  return false;
}

std::vector<storage::SegmentDescriptor> SqlMetadataStore::missing(
    const std::vector<storage::SegmentDescriptor>& segments) const {
  std::vector<storage::SegmentDescriptor> missing;
  for (const storage::SegmentDescriptor& segment : segments)
    if (!contains(segment.id.text())) missing.push_back(segment);
  return missing;
}

void SqlMetadataStore::insert(const storage::SegmentDescriptor& segment, const std::string& upgraded_from) {
  const std::string now = format_iso(clock_());
  const storage::SegmentId& id = segment.id;
  database_.run(
      "INSERT INTO $segments (id, dataSource, created_date, start, \"end\", partitioned, version, used, "
      "payload, used_status_last_updated, upgraded_from_segment_id) VALUES (?, ?, ?, ?, ?, TRUE, ?, TRUE, ?, ?, "
      "NULLIF(?, ''))",
      {{id.text()},
       {id.data_source},
       {now},
       {format_iso(id.interval.start_ms)},
       {format_iso(id.interval.end_ms)},
       {id.version},
       {segment.to_json().dump(), true},
       {now},
       {upgraded_from}});
}

void SqlMetadataStore::swap_offsets(const OffsetsChange& change) {
  const auto rows = database_.run(
      "SELECT commit_metadata_payload, commit_metadata_sha1 FROM $dataSource WHERE dataSource = ?", {{change.key}});
  const Position stored = rows.empty() ? Position() : parse_position(rows.front().front());
  if (!agree(stored, change.start) && is_ahead(stored, change.start))
    throw OffsetsAhead("The new start metadata state[" + change.start.to_json().dump() +
                       "] is ahead of the last committed end state[" + stored.to_json().dump() +
                       "]. Try resetting the supervisor.");
  if (!agree(stored, change.start))
    throw Error(ErrorCategory::kInvalidInput, "Inconsistency between stored metadata state[" + stored.to_json().dump() +
                                                  "] and target state[" + change.start.to_json().dump() +
                                                  "]: another process has published for " + change.key);
  const std::string payload = overlaid(stored, change.end).to_json().dump();
  if (rows.empty()) {
    database_.run(
        "INSERT INTO $dataSource (dataSource, created_date, commit_metadata_payload, "
        "commit_metadata_sha1) VALUES (?, ?, ?, ?)",
        {{change.key}, {format_iso(clock_())}, {payload, true}, {sha1_text(payload)}});
    return;
  }
  database_.run(
      "UPDATE $dataSource SET commit_metadata_payload = ?, commit_metadata_sha1 = ? WHERE dataSource = ? "
      "AND commit_metadata_sha1 = ?",
      {{payload, true}, {sha1_text(payload)}, {change.key}, {rows.front().back()}});
  if (database_.changed() == 0)
    throw TransactionConflict("Somebody else has published for " + change.key + " at the same time");
}

void SqlMetadataStore::publish(const std::vector<storage::SegmentDescriptor>& segments,
                               const std::optional<OffsetsChange>& offsets,
                               const std::optional<TaskCompletion>& completion) {
  const std::lock_guard lock(mutex_);
  database_.transaction([&] {
    if (completion) complete(*completion);
    const std::vector<storage::SegmentDescriptor> wanted = missing(segments);
    if (wanted.empty() && !segments.empty()) return;
    if (offsets) swap_offsets(*offsets);
    fault_point("publish.offsets");
    for (const storage::SegmentDescriptor& segment : wanted) insert(segment);
    fault_point("publish.segments");
  });
}

void SqlMetadataStore::insert_appended(const std::vector<storage::SegmentDescriptor>& segments,
                                       const ConcurrentTasks& tasks) {
  upgrades_.note(segments, tasks.replacing);
  for (const storage::SegmentDescriptor& segment : segments) insert(segment);
  fault_point("publish.segments");
  for (const SegmentUpgrade& upgrade : upgrades_.of_pending(segments)) {
    insert(upgrade.descriptor, upgrade.from);
    upgrades_.remove_pending(upgrade.descriptor.id);
  }
  for (const storage::SegmentDescriptor& segment : segments) upgrades_.remove_pending(segment.id);
  fault_point("publish.upgrades");
}

std::vector<storage::SegmentDescriptor> SqlMetadataStore::publish_appended(
    const std::vector<storage::SegmentDescriptor>& segments, const ConcurrentTasks& tasks,
    const std::optional<OffsetsChange>& offsets, const std::optional<TaskCompletion>& completion) {
  const std::lock_guard lock(mutex_);
  std::vector<storage::SegmentDescriptor> all;
  database_.transaction([&] {
    const std::vector<storage::SegmentDescriptor> wanted = missing(segments);
    if (!wanted.empty() || segments.empty()) {
      if (offsets) swap_offsets(*offsets);
      fault_point("publish.offsets");
      insert_appended(wanted, tasks);
    }
    if (completion) complete(*completion);
    all = segments;
    for (storage::SegmentDescriptor& upgraded : upgrades_.published(segments)) all.push_back(std::move(upgraded));
  });
  return all;
}

Replacement SqlMetadataStore::publish_replacing(const std::string& data_source,
                                                const std::vector<storage::SegmentDescriptor>& segments,
                                                const ConcurrentTasks& tasks, const TaskCompletion& completion) {
  const std::lock_guard lock(mutex_);
  Replacement done;
  database_.transaction([&] {
    done = {};
    complete(completion);
    for (const storage::SegmentDescriptor& segment : missing(segments)) insert(segment);
    fault_point("publish.segments");
    SegmentUpgrades::Chunks chunks(data_source, segments, completion, tasks);
    for (SegmentUpgrade& upgrade : upgrades_.of_noted(completion.task_id, chunks)) {
      insert(upgrade.descriptor, upgrade.from);
      done.appended.push_back(std::move(upgrade.descriptor));
    }
    done.pending = upgrades_.upgrade_pending(tasks, chunks);
    fault_point("publish.upgrades");
  });
  return done;
}

std::set<std::string> SqlMetadataStore::appended_meanwhile(const std::string& task_id) const {
  const std::lock_guard lock(mutex_);
  std::set<std::string> ids;
  for (const auto& row : database_.run(
           "SELECT segment_id FROM $upgradeSegments WHERE task_id = ? UNION ALL SELECT id FROM $segments WHERE "
           "upgraded_from_segment_id IN (SELECT segment_id FROM $upgradeSegments WHERE task_id = ?)",
           {{task_id}, {task_id}}))
    ids.insert(row.front());
  return ids;
}

std::vector<storage::SegmentDescriptor> SqlMetadataStore::with_upgrades(const std::string& data_source,
                                                                        const std::string& id) const {
  const std::lock_guard lock(mutex_);
  std::vector<storage::SegmentDescriptor> segments;
  for (const char* column : {"id", "upgraded_from_segment_id"})
    for (const auto& row :
         database_.run("SELECT payload FROM $segments WHERE dataSource = ? AND " + std::string(column) + " = ?",
                       {{data_source}, {id}})) {
      auto segment = storage::SegmentDescriptor::parse(Json::parse(row.front()));
      if (segment.id.data_source == data_source) segments.push_back(std::move(segment));
    }
  return segments;
}

std::vector<storage::SegmentDescriptor> SqlMetadataStore::used_segments() const {
  const std::lock_guard lock(mutex_);
  std::vector<storage::SegmentDescriptor> segments;
  for (const auto& row : database_.run("SELECT payload FROM $segments WHERE used = TRUE"))
    segments.push_back(storage::SegmentDescriptor::parse(Json::parse(row.front())));
  std::sort(segments.begin(), segments.end(),
            [](const auto& left, const auto& right) { return left.id.text() < right.id.text(); });
  return segments;
}

std::vector<std::string> SqlMetadataStore::segment_ids() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> ids;
  for (const auto& row : database_.run("SELECT id FROM $segments UNION ALL SELECT upgraded_from_segment_id FROM "
                                       "$segments WHERE upgraded_from_segment_id IS NOT NULL"))
    ids.push_back(row.front());
  std::sort(ids.begin(), ids.end());  // databases differ in the order of texts
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

std::optional<PublishedSegment> SqlMetadataStore::find(const storage::SegmentId& id) const {
  const std::lock_guard lock(mutex_);
  const auto rows = database_.run("SELECT payload, used FROM $segments WHERE id = ?", {{id.text()}});
  if (rows.empty()) return std::nullopt;
  return PublishedSegment{storage::SegmentDescriptor::parse(Json::parse(rows.front()[0])), rows.front()[1] == "1"};
}

Position SqlMetadataStore::offsets(const std::string& key) const {
  const std::lock_guard lock(mutex_);
  const auto rows = database_.run("SELECT commit_metadata_payload FROM $dataSource WHERE dataSource = ?", {{key}});
  return rows.empty() ? Position() : parse_position(rows.front().front());
}

void SqlMetadataStore::complete(const TaskCompletion& completion) {
  database_.run("UPDATE $tasks SET active = FALSE, status_payload = ? WHERE id = ? AND active = TRUE",
                {{completion.status_payload, true}, {completion.task_id}});
  if (database_.changed() == 0)
    throw Error(ErrorCategory::kCanceled, "The task was shut down before it published: " + completion.task_id);
  database_.run("DELETE FROM $pendingSegments WHERE task_allocator_id = ?", {{completion.task_id}});
  for (const storage::SegmentId& id : completion.replaced)
    database_.run("UPDATE $segments SET used = FALSE, used_status_last_updated = ? WHERE id = ? AND used = TRUE",
                  {{format_iso(clock_())}, {id.text()}});
}

std::size_t SqlMetadataStore::mark(const std::vector<storage::SegmentId>& ids, bool used) {
  const std::lock_guard lock(mutex_);
  const std::string statement = used ? "UPDATE $segments SET used = TRUE, used_status_last_updated = ? WHERE id = ? "
                                       "AND used = FALSE"
                                     : "UPDATE $segments SET used = FALSE, used_status_last_updated = ? WHERE id = "
                                       "? AND used = TRUE";
  std::size_t count = 0;
  database_.transaction([&] {
    count = 0;
    for (const storage::SegmentId& id : ids) {
      database_.run(statement, {{format_iso(clock_())}, {id.text()}});
      count += database_.changed();
    }
  });
  return count;
}

std::size_t SqlMetadataStore::mark_unused(const std::vector<storage::SegmentId>& ids) { return mark(ids, false); }
std::size_t SqlMetadataStore::mark_used(const std::vector<storage::SegmentId>& ids) { return mark(ids, true); }

std::vector<UnusedSegment> SqlMetadataStore::unused_segments(const std::string& data_source,
                                                             const Interval& interval) const {
  const std::lock_guard lock(mutex_);
  std::vector<UnusedSegment> segments;
  for (const auto& row : database_.run("SELECT payload, COALESCE(used_status_last_updated, created_date), "
                                       "COALESCE(upgraded_from_segment_id, id) FROM $segments WHERE dataSource = ? AND "
                                       "used = FALSE ORDER BY id",
                                       {{data_source}})) {
    auto descriptor = storage::SegmentDescriptor::parse(Json::parse(row[0]));
    if (interval.contains(descriptor.id.interval))
      segments.push_back({std::move(descriptor), parse_iso(row[1]), row[2]});
  }
  return segments;
}

bool SqlMetadataStore::describe_anew(const storage::SegmentDescriptor& segment) {
  const std::lock_guard lock(mutex_);
  bool found = false;
  database_.transaction([&] {
    found = contains(segment.id.text());
    database_.run("UPDATE $segments SET payload = ?, upgraded_from_segment_id = NULL WHERE id = ?",
                  {{segment.to_json().dump(), true}, {segment.id.text()}});
  });
  return found;
}

std::size_t SqlMetadataStore::forget(const std::vector<storage::SegmentId>& ids) {
  const std::lock_guard lock(mutex_);
  std::size_t count = 0;
  database_.transaction([&] {
    count = 0;
    for (const storage::SegmentId& id : ids) {
      database_.run("DELETE FROM $segments WHERE id = ? AND used = FALSE", {{id.text()}});
      count += database_.changed();
    }
  });
  return count;
}

std::string offsets_key(const std::string& data_source, std::uint32_t partition) {
  return partition == 0 ? data_source : data_source + "_" + std::to_string(partition);
}

}  // namespace sarsen::ingest
