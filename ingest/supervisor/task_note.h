#pragma once
// That a reading task has begun, as a file: its locks and pending segments are in the metadata store under its name,
// and whoever finds the note at a start knows that the task was this process's, and is dead. Other processes may use
// the same store. Not thread-safe.

#include <filesystem>
#include <string>
#include <vector>

namespace sarsen::ingest {

class TaskNote {
 public:
  /// `folder`: of all notes of the process.
  TaskNote(std::filesystem::path folder, const std::string& task_id);
  /// The task is over, and nothing of it is left in the store.
  ~TaskNote();
  TaskNote(const TaskNote&) = delete;
  TaskNote& operator=(const TaskNote&) = delete;

  /// Something is left after all: the note stays for the next start.
  void keep() noexcept { path_.clear(); }

  /// The tasks of earlier notes.
  static std::vector<std::string> left_in(const std::filesystem::path& folder);
  static void forget(const std::filesystem::path& folder, const std::string& task_id);

 private:
  std::filesystem::path path_;
};

}  // namespace sarsen::ingest
