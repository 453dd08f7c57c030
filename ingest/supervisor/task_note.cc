#include "ingest/supervisor/task_note.h"

#include <system_error>
#include <utility>

#include "storage/base/atomic_file.h"

namespace sarsen::ingest {

namespace fs = std::filesystem;

TaskNote::TaskNote(fs::path folder, const std::string& task_id) : path_(std::move(folder)) {
  fs::create_directories(path_);
  path_ /= task_id;
  write_file_atomically(path_, std::string_view());
}

TaskNote::~TaskNote() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove(path_, ignored);
}

std::vector<std::string> TaskNote::left_in(const fs::path& folder) {
  std::vector<std::string> ids;
  std::error_code none;
  for (const auto& file : fs::directory_iterator(folder, none))
    if (!file.path().filename().string().starts_with(kTemporaryPrefix)) ids.push_back(file.path().filename());
  return ids;
}

void TaskNote::forget(const fs::path& folder, const std::string& task_id) {
  std::error_code ignored;
  fs::remove(folder / task_id, ignored);
}

}  // namespace sarsen::ingest
