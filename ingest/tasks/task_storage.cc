#include "ingest/tasks/task_storage.h"

#include <algorithm>

#include "ingest/metadata/sha1_text.h"
#include "ingest/metadata/supervisor_store.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

constexpr std::size_t kTasksMax = 1'000'000'000;
constexpr const char* kColumns = "id, created_date, datasource, status_payload, type, group_id";

void read_status_payload(const std::string& text, TaskStatus& status) {
  const Json json = Json::parse(text);
  const JsonField payload(json);
  status.status_code = parse_task_state(payload["status"].string());
  status.duration_ms = payload["duration"].integer_or(-1);
  status.error_message = payload["errorMsg"].string_or("");
  const JsonField location = payload["location"];
  if (!location.present()) return;
  status.location.host = location["host"].string_or("");
  status.location.port = static_cast<int>(location["port"].integer_or(-1));
  status.location.tls_port = static_cast<int>(location["tlsPort"].integer_or(-1));
}

std::string select(std::string_view rest) {
  std::string text = "SELECT ";
  text += kColumns;
  text += rest;
  return text;
}

/// Of a row of kColumns.
TaskStatus status_of(const MetadataDatabase::Row& row) {
  TaskStatus status;
  status.id = row[0];
  status.created_time_ms = parse_iso(row[1]);
  status.data_source = row[2];
  read_status_payload(row[3], status);
  status.type = row[4];
  status.group_id = row[5].empty() ? row[0] : row[5];
  status.runner_status_code = status.complete() ? RunnerTaskState::kNone : RunnerTaskState::kWaiting;
  return status;
}

}  // namespace

Json status_payload(const TaskStatus& status) {
  return Json::Object{{"id", status.id},
                      {"status", to_text(status.status_code)},
                      {"duration", status.duration_ms},
                      {"errorMsg", status.error_message.empty() ? Json() : Json(status.error_message)},
                      {"location", status.location.to_json()}};
}

TaskStorage::TaskStorage(const MetadataConfig& config, Clock clock) : clock_(std::move(clock)), database_(config) {}

bool TaskStorage::insert(const TaskStatus& status, const Json& payload) {
  const std::lock_guard lock(mutex_);
  bool inserted = false;
  database_.transaction([&] {
    inserted = database_.run("SELECT 1 FROM $tasks WHERE id = ?", {{status.id}}).empty();
    if (!inserted) return;
    database_.run(
        "INSERT INTO $tasks (id, created_date, datasource, payload, status_payload, active, type, group_id) VALUES (?, "
        "?, ?, ?, ?, TRUE, ?, ?)",
        {{status.id},
         {format_iso(status.created_time_ms)},
         {status.data_source},
         {payload.dump(), true},
         {status_payload(status).dump(), true},
         {status.type},
         {status.group_id}});
  });
  return inserted;
}

bool TaskStorage::set_status(const TaskStatus& status) {
  const std::lock_guard lock(mutex_);
  database_.run(status.complete()
                    ? "UPDATE $tasks SET status_payload = ?, active = FALSE WHERE id = ? AND active = TRUE"
                    : "UPDATE $tasks SET status_payload = ? WHERE id = ? AND active = TRUE",
                {{status_payload(status).dump(), true}, {status.id}});
  return database_.changed() > 0;
}

std::optional<StoredTask> TaskStorage::find(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto rows = database_.run(select(", payload FROM $tasks WHERE id = ?"), {{id}});
  if (rows.empty()) return std::nullopt;
  return StoredTask{status_of(rows.front()), Json::parse(rows.front()[6])};
}

std::vector<StoredTask> TaskStorage::active() const {
  const std::lock_guard lock(mutex_);
  std::vector<StoredTask> tasks;
  for (const auto& row : database_.run(
           select(", payload FROM $tasks WHERE active = TRUE ORDER BY created_date, " + database_.row_order())))
    tasks.push_back({status_of(row), Json::parse(row[6])});
  return tasks;
}

std::vector<TaskStatus> TaskStorage::complete(std::int64_t created_since_ms, std::size_t count_max) const {
  const std::lock_guard lock(mutex_);
  std::vector<TaskStatus> tasks;
  for (const auto& row :
       database_.run(select(" FROM $tasks WHERE active = FALSE AND created_date >= ? ORDER BY created_date DESC, " +
                            database_.row_order() + " DESC LIMIT " + std::to_string(std::min(count_max, kTasksMax))),
                     {{format_iso(created_since_ms)}}))
    tasks.push_back(status_of(row));
  return tasks;
}

void TaskStorage::add_lock(const std::string& task_id, const TaskLock& task_lock) {
  const std::lock_guard lock(mutex_);
  database_.run("INSERT INTO $tasklocks (task_id, lock_payload) VALUES (?, ?)",
                {{task_id}, {task_lock.to_json().dump(), true}});
}

void TaskStorage::replace_lock(const std::string& task_id, const TaskLock& from, const TaskLock& to) {
  const std::lock_guard lock(mutex_);
  database_.run("UPDATE $tasklocks SET lock_payload = ? WHERE task_id = ? AND lock_payload = ?",
                {{to.to_json().dump(), true}, {task_id}, {from.to_json().dump(), true}});
}

void TaskStorage::remove_locks(const std::string& task_id) {
  const std::lock_guard lock(mutex_);
  database_.transaction([&] {
    database_.run("DELETE FROM $tasklocks WHERE task_id = ?", {{task_id}});
    database_.run("DELETE FROM $upgradeSegments WHERE task_id = ?", {{task_id}});
  });
}

void TaskStorage::remove_locks_of_ended_tasks() {
  const std::lock_guard lock(mutex_);
  for (const char* table : {"$tasklocks", "$upgradeSegments"})
    database_.run("DELETE FROM " + std::string(table) +
                  " WHERE task_id IN (SELECT id FROM $tasks WHERE active = FALSE)");
}

std::vector<std::string> TaskStorage::ended_tasks_with_pending() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> ids;
  for (const auto& row : database_.run("SELECT DISTINCT task_allocator_id FROM $pendingSegments WHERE "
                                       "task_allocator_id IN (SELECT id FROM $tasks WHERE active = FALSE)"))
    ids.push_back(row.front());
  return ids;
}

std::vector<TaskLock> TaskStorage::locks(const std::string& task_id) const {
  const std::lock_guard lock(mutex_);
  std::vector<TaskLock> locks;
  for (const auto& row :
       database_.run("SELECT lock_payload FROM $tasklocks WHERE task_id = ? ORDER BY id", {{task_id}}))
    locks.push_back(TaskLock::parse(Json::parse(row.front())));
  return locks;
}

void TaskStorage::add_pending(const std::string& task_id, const std::vector<storage::SegmentDescriptor>& segments,
                              bool replacing) {
  const std::string sequence = replacing ? std::string(kReplacingSequence) : task_id;
  const std::lock_guard lock(mutex_);
  database_.transaction([&] {
    for (const storage::SegmentDescriptor& segment : segments) {
      const std::string unique = sha1_text(task_id + segment.id.text());
      if (!database_
               .run("SELECT 1 FROM $pendingSegments WHERE id = ? OR sequence_name_prev_id_sha1 = ?",
                    {{segment.id.text()}, {unique}})
               .empty())
        throw Error(ErrorCategory::kRuntimeFailure,
                    "Segment[" + segment.id.text() + "] is being filled by another; run the task again");
      database_.run(
          "INSERT INTO $pendingSegments (id, dataSource, created_date, start, \"end\", "
          "sequence_name, sequence_prev_id, sequence_name_prev_id_sha1, payload, task_allocator_id) "
          "VALUES (?, ?, ?, ?, ?, ?, '', ?, ?, ?)",
          {{segment.id.text()},
           {segment.id.data_source},
           {format_iso(clock_())},
           {format_iso(segment.id.interval.start_ms)},
           {format_iso(segment.id.interval.end_ms)},
           {sequence},
           {unique},
           {segment.to_json().dump(), true},
           {task_id}});
    }
  });
}

std::vector<storage::SegmentDescriptor> TaskStorage::pending(const std::string& task_id) const {
  const std::lock_guard lock(mutex_);
  std::vector<storage::SegmentDescriptor> segments;
  for (const auto& row :
       database_.run("SELECT payload FROM $pendingSegments WHERE task_allocator_id = ? ORDER BY id", {{task_id}}))
    segments.push_back(storage::SegmentDescriptor::parse(Json::parse(row.front())));
  return segments;
}

std::vector<std::string> TaskStorage::pending_ids() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> ids;
  for (const auto& row : database_.run("SELECT id FROM $pendingSegments")) ids.push_back(row.front());
  std::sort(ids.begin(), ids.end());
  return ids;
}

bool TaskStorage::is_pending(const storage::SegmentId& id) const {
  const std::lock_guard lock(mutex_);
  return !database_.run("SELECT 1 FROM $pendingSegments WHERE id = ?", {{id.text()}}).empty();
}

std::optional<std::string> TaskStorage::allocator_of(const storage::SegmentId& id) const {
  const std::lock_guard lock(mutex_);
  const auto rows = database_.run("SELECT task_allocator_id FROM $pendingSegments WHERE id = ?", {{id.text()}});
  if (rows.empty()) return std::nullopt;
  return rows.front().front();
}

void TaskStorage::remove_pending(const std::string& task_id) {
  const std::lock_guard lock(mutex_);
  database_.run("DELETE FROM $pendingSegments WHERE task_allocator_id = ?", {{task_id}});
}

std::optional<Json> TaskStorage::config(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  return kept_config(name);
}

std::optional<Json> TaskStorage::kept_config(const std::string& name) const {
  const auto rows = database_.run("SELECT payload FROM $config WHERE name = ?", {{name}});
  if (rows.empty()) return std::nullopt;
  return Json::parse(rows.front().front());
}

void TaskStorage::set_config(const std::string& name, const Json& payload, const AuditInfo& who) {
  change_config(name, [&](const std::optional<Json>&) { return payload; }, who);
}

void TaskStorage::change_config(const std::string& name, const ConfigChange& change, const AuditInfo& who) {
  const std::lock_guard lock(mutex_);
  database_.transaction([&] {
    const std::optional<Json> kept = kept_config(name);
    const Json payload = change(kept);
    if (kept)
      database_.run("UPDATE $config SET payload = ? WHERE name = ?", {{payload.dump(), true}, {name}});
    else
      database_.run("INSERT INTO $config (name, payload) VALUES (?, ?)", {{name}, {payload.dump(), true}});
    add_audit_entry(database_, name, name, payload, who, clock_());
  });
}

Json TaskStorage::config_history(const std::string& name, const HistoryRange& range) const {
  const std::lock_guard lock(mutex_);
  return audit_entries(database_, name, range, clock_());
}

}  // namespace sarsen::ingest
