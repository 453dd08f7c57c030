#include "ingest/metadata/sql_supervisor_store.h"

#include <algorithm>

#include "ingest/metadata/audit_log.h"
#include "ingest/metadata/sha1_text.h"
#include "storage/base/error.h"
#include "storage/segment/segment_descriptor.h"

namespace sarsen::ingest {
namespace {

constexpr std::size_t kIsoBytes = std::string_view("2013-08-31T00:00:00.000Z").size();

/// Guava's hashing of a long: little-endian.
void append_long(std::string& bytes, std::int64_t value) {
  for (int i = 0; i < 8; ++i) bytes.push_back(static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i)));
}

/// As Druid makes it unique for a sequence that skips the lineage of segments.
std::string sequence_sha1(const AllocationRequest& request, const storage::SegmentId& id) {
  std::string bytes = request.sequence + '\xff';
  append_long(bytes, id.interval.start_ms);
  append_long(bytes, id.interval.end_ms);
  return sha1_text(bytes + '\xff' + id.version);
}

/// All of the wanted intervals, and the time.
Interval around(const AllocationRequest& request) {
  Interval all{request.time_ms, request.time_ms + 1};
  for (const Interval& interval : request.intervals) {
    all.start_ms = std::min(all.start_ms, interval.start_ms);
    all.end_ms = std::max(all.end_ms, interval.end_ms);
  }
  return all;
}

ChunkSegment parse_pending(const std::string& payload) {
  const Json json = Json::parse(payload);
  const JsonField field(json);
  ChunkSegment segment;
  segment.id.data_source = field["dataSource"].string();
  segment.id.interval = parse_interval(field["interval"].string());
  segment.id.version = field["version"].string();
  segment.id.partition = static_cast<std::uint32_t>(field["shardSpec"]["partitionNum"].integer_or(0));
  segment.core_partitions = static_cast<std::uint32_t>(field["shardSpec"]["partitions"].integer_or(0));
  return segment;
}

bool has_four_digits(std::int64_t time_ms) { return format_iso(time_ms).size() == kIsoBytes; }

/// Finds what may overlap an interval. The store compares times as text, as Druid does, which is right for years of
/// four digits; what is outside of them is longer. The rest is looked at when it was read.
struct Overlap {
  std::string condition = "dataSource = ?";
  std::vector<SqlValue> values;

  Overlap(const std::string& data_source, const Interval& interval) : values{{data_source}} {
    compare("start <", interval.end_ms);
    compare("\"end\" >", interval.start_ms);
  }

 private:
  void compare(const char* compared, std::int64_t time_ms) {
    if (!has_four_digits(time_ms)) return;
    const std::string longer = " > " + std::to_string(kIsoBytes);
    condition +=
        std::string(" AND (") + compared + " ? OR LENGTH(start)" + longer + " OR LENGTH(\"end\")" + longer + ")";
    values.push_back({format_iso(time_ms)});
  }
};

}  // namespace

Json pending_payload(const AllocatedSegment& segment) {
  return Json::Object{{"dataSource", segment.id.data_source},
                      {"interval", format_iso(segment.id.interval)},
                      {"version", segment.id.version},
                      {"shardSpec", storage::numbered_shard_spec(segment.id.partition, segment.core_partitions)}};
}

SqlSupervisorStore::SqlSupervisorStore(const MetadataConfig& config, Clock clock)
    : clock_(std::move(clock)), database_(config) {}

void SqlSupervisorStore::add_version(const std::string& id, const Json& spec) {
  const std::lock_guard lock(mutex_);
  database_.run("INSERT INTO $supervisors (spec_id, created_date, payload) VALUES (?, ?, ?)",
                {{id}, {format_iso(clock_())}, {spec.dump(), true}});
}

void SqlSupervisorStore::audit_update(const std::string& id, const std::string& data_source, const AuditInfo& who) {
  const std::lock_guard lock(mutex_);
  const std::string what = "Update supervisor[" + id + "] for datasource[[" + data_source + "]]";
  add_audit_entry(database_, "supervisor", id, what, who, clock_());
}

std::vector<SupervisorVersion> SqlSupervisorStore::versions() const {
  const std::lock_guard lock(mutex_);
  std::vector<SupervisorVersion> versions;
  for (const auto& row : database_.run("SELECT spec_id, created_date, payload FROM $supervisors ORDER BY id DESC"))
    versions.push_back({.id = row[0], .spec = Json::parse(row[2]), .version = row[1]});
  return versions;
}

std::optional<AllocatedSegment> SqlSupervisorStore::allocated_before(const AllocationRequest& request) const {
  const auto rows = database_.run("SELECT payload FROM $pendingSegments WHERE dataSource = ? AND sequence_name = ?",
                                  {{request.data_source}, {request.sequence}});
  for (const auto& row : rows)
    if (ChunkSegment found = parse_pending(row.front()); found.id.interval.contains(request.time_ms))
      return AllocatedSegment{std::move(found.id), found.core_partitions};
  return std::nullopt;
}

std::vector<ChunkSegment> SqlSupervisorStore::used_in(const std::string& data_source, const Interval& interval) const {
  std::vector<ChunkSegment> segments;
  const Overlap overlap(data_source, interval);
  const auto rows =
      database_.run("SELECT payload FROM $segments WHERE used = TRUE AND " + overlap.condition, overlap.values);
  for (const auto& row : rows) {
    const auto segment = storage::SegmentDescriptor::parse(Json::parse(row.front()));
    segments.push_back({segment.id, segment.core_partitions});
  }
  return segments;
}

/// Those that others add to; what a task is about to put in the place of all is in nobody's way.
std::vector<ChunkSegment> SqlSupervisorStore::pending_in(const std::string& data_source,
                                                         const Interval& interval) const {
  std::vector<ChunkSegment> segments;
  const Overlap overlap(data_source, interval);
  const auto rows =
      database_.run("SELECT payload, sequence_name FROM $pendingSegments WHERE " + overlap.condition, overlap.values);
  for (const auto& row : rows)
    if (row[1] != kReplacingSequence) segments.push_back(parse_pending(row[0]));
  return segments;
}

/// Also where it is not used any more, or only its files are: an id is never given twice.
bool SqlSupervisorStore::is_known(const storage::SegmentId& id) const {
  return !database_
              .run(
                  "SELECT 1 FROM $segments WHERE id = ? UNION SELECT 1 FROM $pendingSegments WHERE id = ? UNION "
                  "SELECT 1 FROM $segments WHERE dataSource = ? AND upgraded_from_segment_id = ?",
                  {{id.text()}, {id.text()}, {id.data_source}, {id.text()}})
              .empty();
}

AllocatedSegment SqlSupervisorStore::choose(const AllocationRequest& request) const {
  const Interval all = around(request);
  auto chosen = choose_segment(request, used_in(request.data_source, all), pending_in(request.data_source, all));
  if (!chosen)
    throw Error(ErrorCategory::kInvalidInput,
                "Could not allocate segment for row with timestamp[" + format_iso(request.time_ms) + "]");
  return *std::move(chosen);
}

AllocatedSegment SqlSupervisorStore::allocate_new(const AllocationRequest& request) {
  AllocatedSegment chosen = choose(request);
  if (!request.locked.contains(chosen.id.interval)) throw ChunkChanged(chosen.id.interval);
  while (is_known(chosen.id)) ++chosen.id.partition;
  const storage::SegmentId& id = chosen.id;
  database_.run(
      "INSERT INTO $pendingSegments (id, dataSource, created_date, start, \"end\", sequence_name, "
      "sequence_prev_id, sequence_name_prev_id_sha1, payload, task_allocator_id) "
      "VALUES (?, ?, ?, ?, ?, ?, '', ?, ?, ?)",
      {{id.text()},
       {id.data_source},
       {format_iso(clock_())},
       {format_iso(id.interval.start_ms)},
       {format_iso(id.interval.end_ms)},
       {request.sequence},
       {sequence_sha1(request, id)},
       {pending_payload(chosen).dump(), true},
       {request.allocator_id}});
  return chosen;
}

AllocatedSegment SqlSupervisorStore::allocate(const AllocationRequest& request) {
  const std::lock_guard lock(mutex_);
  std::optional<AllocatedSegment> segment;
  database_.transaction([&] {
    segment = allocated_before(request);
    if (!segment) segment = allocate_new(request);
  });
  return *segment;
}

Interval SqlSupervisorStore::chunk_of(const AllocationRequest& request) {
  const std::lock_guard lock(mutex_);
  std::optional<AllocatedSegment> segment;
  database_.transaction([&] {
    segment = allocated_before(request);
    if (!segment) segment = choose(request);
  });
  return segment->id.interval;
}

std::vector<AllocatedSegment> SqlSupervisorStore::upgrades_of(const storage::SegmentId& id) const {
  const std::lock_guard lock(mutex_);
  std::vector<AllocatedSegment> upgrades;
  for (const auto& row :
       database_.run("SELECT payload FROM $pendingSegments WHERE dataSource = ? AND upgraded_from_segment_id = ?",
                     {{id.data_source}, {id.text()}})) {
    ChunkSegment upgraded = parse_pending(row.front());
    if (upgraded.id.data_source == id.data_source)  // and not only to the database
      upgrades.push_back({std::move(upgraded.id), upgraded.core_partitions});
  }
  return upgrades;
}

void SqlSupervisorStore::remove_pending(const std::string& data_source, const std::string& sequence) {
  const std::lock_guard lock(mutex_);
  database_.run("DELETE FROM $pendingSegments WHERE dataSource = ? AND sequence_name = ?", {{data_source}, {sequence}});
}

std::vector<PendingSegment> SqlSupervisorStore::pending_where(const std::string& condition,
                                                              const std::string& value) const {
  const std::lock_guard lock(mutex_);
  std::vector<PendingSegment> found;
  for (const auto& row : database_.run("SELECT payload FROM $pendingSegments WHERE " + condition, {{value}})) {
    PendingSegment segment{parse_pending(row.front()).id};
    segment.is_published = !database_
                                .run(
                                    "SELECT 1 FROM $segments WHERE id = ? UNION SELECT 1 FROM $segments WHERE "
                                    "dataSource = ? AND upgraded_from_segment_id = ?",
                                    {{segment.id.text()}, {segment.id.data_source}, {segment.id.text()}})
                                .empty();
    found.push_back(std::move(segment));
  }
  return found;
}

std::vector<PendingSegment> SqlSupervisorStore::pending_of(const std::string& allocator_id) const {
  return pending_where("task_allocator_id = ?", allocator_id);
}

/// Times are compared as text, as Druid does.
std::vector<PendingSegment> SqlSupervisorStore::pending_before(std::int64_t created_ms) const {
  return pending_where("created_date < ? AND NOT EXISTS (SELECT 1 FROM $tasklocks WHERE task_id = task_allocator_id)",
                       format_iso(created_ms));
}

void SqlSupervisorStore::remove_pending(const std::vector<PendingSegment>& segments) {
  if (segments.empty()) return;
  const std::lock_guard lock(mutex_);
  database_.transaction([&] {
    for (const PendingSegment& segment : segments)
      database_.run("DELETE FROM $pendingSegments WHERE id = ?", {{segment.id.text()}});
  });
}

std::size_t SqlSupervisorStore::remove_pending_of(const std::string& data_source, const Interval& created) {
  const std::lock_guard lock(mutex_);
  database_.run("DELETE FROM $pendingSegments WHERE dataSource = ? AND created_date >= ? AND created_date < ?",
                {{data_source}, {format_iso(created.start_ms)}, {format_iso(created.end_ms)}});
  return static_cast<std::size_t>(database_.changed());
}

bool SqlSupervisorStore::remove_offsets(const std::string& key) {
  const std::lock_guard lock(mutex_);
  database_.run("DELETE FROM $dataSource WHERE dataSource = ?", {{key}});
  return database_.changed() != 0;
}

void SqlSupervisorStore::set_offsets(const std::string& key, const Position& offsets) {
  const std::lock_guard lock(mutex_);
  const std::string payload = offsets.to_json().dump();
  database_.transaction([&] {
    database_.run("UPDATE $dataSource SET commit_metadata_payload = ?, commit_metadata_sha1 = ? WHERE dataSource = ?",
                  {{payload, true}, {sha1_text(payload)}, {key}});
    if (database_.changed() == 0)
      database_.run(
          "INSERT INTO $dataSource (dataSource, created_date, commit_metadata_payload, commit_metadata_sha1) VALUES "
          "(?, ?, ?, ?)",
          {{key}, {format_iso(clock_())}, {payload, true}, {sha1_text(payload)}});
  });
}

}  // namespace sarsen::ingest
