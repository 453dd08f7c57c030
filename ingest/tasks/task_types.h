#pragma once
// The kinds of task, for the list in parse_task.cc: each makes the task of a specification. Throw as parse_task().

#include <filesystem>
#include <memory>

#include "ingest/tasks/task.h"
#include "storage/base/json.h"

namespace sarsen::ingest {

std::unique_ptr<Task> make_index_task(const JsonField& json, const std::filesystem::path& base_directory);
std::unique_ptr<Task> make_compact_task(const JsonField& json, const std::filesystem::path& base_directory);
std::unique_ptr<Task> make_kill_task(const JsonField& json, const std::filesystem::path& base_directory);
std::unique_ptr<Task> make_move_task(const JsonField& json, const std::filesystem::path& base_directory);
std::unique_ptr<Task> make_archive_task(const JsonField& json, const std::filesystem::path& base_directory);
std::unique_ptr<Task> make_restore_task(const JsonField& json, const std::filesystem::path& base_directory);
std::unique_ptr<Task> make_noop_task(const JsonField& json, const std::filesystem::path& base_directory);

/// Where each finds the name of its data source.
std::string data_source_of_index(const JsonField& json);
std::string data_source_of_task(const JsonField& json);
std::string data_source_of_noop(const JsonField& json);

/// {"<key>":{"type":"<key>","taskId":…,"payload":…}}, as Druid's reports begin.
Json::Object task_report(const std::string& key, const std::string& task_id, Json payload);

}  // namespace sarsen::ingest
