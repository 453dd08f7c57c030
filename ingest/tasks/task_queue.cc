#include "ingest/tasks/task_queue.h"

#include <algorithm>
#include <utility>

#include "storage/base/atomic_file.h"
#include "storage/base/log.h"
#include "storage/base/log_copy.h"
#include "storage/base/thread_priority.h"
#include "storage/base/whole_file.h"

namespace sarsen::ingest {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLogFile = "log";
constexpr const char* kReportFile = "report.json";
constexpr const char* kWorkFolder = "work";
constexpr std::chrono::milliseconds kLockPoll{100};
constexpr std::chrono::milliseconds kStoreRetry{1'000};  // while the metadata store cannot be used
constexpr const char* kInterruptedMessage = "The task was told to end";

TaskStatus new_status(const TaskIdentity& identity, std::int64_t now_ms) {
  TaskStatus status;
  status.id = identity.id;
  status.group_id = identity.group_id;
  status.type = identity.type;
  status.data_source = identity.data_source;
  status.created_time_ms = now_ms;
  return status;
}

}  // namespace

struct TaskQueue::Entry {
  TaskIdentity identity;
  std::unique_ptr<const Task> task;
  TaskStatus status;                     // guarded by the queue's mutex
  bool blocked = false;                  // others hold its locks; guarded, too
  const TaskToolbox* toolbox = nullptr;  // while it runs; guarded, too
  TaskInterrupt interrupt;
};

/// Others see a task's toolbox for as long as it lives, however it ends.
class TaskQueue::ShownToolbox {
 public:
  ShownToolbox(TaskQueue& queue, Entry& entry, const TaskToolbox& toolbox) : queue_(queue), entry_(entry) {
    show(&toolbox);
  }
  ~ShownToolbox() { show(nullptr); }
  ShownToolbox(const ShownToolbox&) = delete;
  ShownToolbox& operator=(const ShownToolbox&) = delete;

 private:
  void show(const TaskToolbox* toolbox) {
    const std::lock_guard lock(queue_.mutex_);
    entry_.toolbox = toolbox;
  }

  TaskQueue& queue_;
  Entry& entry_;
};

TaskQueue::TaskQueue(TaskQueueOptions options, TaskServices services)
    : options_(std::move(options)), services_(std::move(services)) {}

TaskQueue::~TaskQueue() { stop(); }

void TaskQueue::start(TaskLocation location) {
  {
    const std::lock_guard lock(mutex_);
    location_ = std::move(location);
    stopping_ = false;
    waiting_.clear();  // the store has them, as far as nobody else has run them
    services_.locks.forget();
  }
  restore();
  for (std::size_t i = 0; i < options_.workers; ++i) workers_.emplace_back([this, i] { work(i); });
}

void TaskQueue::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (const EntryPointer& entry : running_) entry->interrupt.raise();
    changed_.notify_all();
  }
  for (std::thread& worker : workers_) worker.join();
  workers_.clear();
}

void TaskQueue::restore() {
  services_.storage.remove_locks_of_ended_tasks();
  for (const std::string& id : services_.storage.ended_tasks_with_pending())
    discard_pending_segments(id, services_.storage, services_.deep_storage);
  for (const StoredTask& stored : services_.storage.active())
    if (is_task_type(stored.status.type)) resume(stored);
}

/// What was not done is done again; where its specification cannot be read any more, it has failed.
void TaskQueue::resume(const StoredTask& stored) {
  try {
    ParsedTask parsed = parse_task(stored.payload, options_.base_directory, services_.clock());
    services_.locks.restore(stored.status.id);
    log_info("Task[{}] was not done when the server ended, and is run from its beginning", stored.status.id);
    enqueue(std::move(parsed), stored.status);
  } catch (const Error& error) {
    TaskStatus failed = stored.status;
    failed.status_code = TaskState::kFailed;
    failed.error_message = error.what();
    services_.storage.set_status(failed);
    log_error("Task[{}] cannot be run again after a restart: {}", failed.id, error.what());
  }
}

void TaskQueue::refuse_while_stopped() const {
  const std::lock_guard lock(mutex_);
  if (stopping_)
    throw Error(ErrorCategory::kCapacityExceeded, "No tasks are run here: another process is the overlord");
}

std::string TaskQueue::add(const Json& specification) {
  refuse_while_stopped();
  const std::int64_t now_ms = services_.clock();
  ParsedTask parsed = parse_task(specification, options_.base_directory, now_ms);
  const std::string id = parsed.identity.id;
  const TaskStatus status = new_status(parsed.identity, now_ms);
  if (!services_.storage.insert(status, parsed.identity.payload)) throw TaskExists(id);
  enqueue(std::move(parsed), status);
  return id;
}

void TaskQueue::enqueue(ParsedTask parsed, TaskStatus status) {
  auto entry = std::make_shared<Entry>();
  entry->identity = std::move(parsed.identity);
  entry->task = std::move(parsed.task);
  entry->status = std::move(status);
  entry->status.runner_status_code = RunnerTaskState::kPending;
  const std::lock_guard lock(mutex_);
  if (holds(entry->identity.id)) return;  // a start found in the store what add() has just put there
  waiting_.push_back(std::move(entry));
  changed_.notify_all();
}

/// REQUIRES: the mutex is held.
bool TaskQueue::holds(const std::string& id) const {
  const auto is_it = [&id](const EntryPointer& entry) { return entry->identity.id == id; };
  return std::any_of(waiting_.begin(), waiting_.end(), is_it) || std::any_of(running_.begin(), running_.end(), is_it);
}

/// The first one whose locks can be had. REQUIRES: the mutex is held.
TaskQueue::EntryPointer TaskQueue::next_runnable() {
  for (auto next = waiting_.begin(); next != waiting_.end(); ++next) {
    const EntryPointer entry = *next;
    const TaskIdentity& identity = entry->identity;
    const auto request = entry->task->locks();
    entry->blocked =
        request &&
        !services_.locks.try_acquire({identity.id, identity.group_id, identity.priority}, *request).has_value();
    entry->status.runner_status_code = entry->blocked ? RunnerTaskState::kWaiting : RunnerTaskState::kPending;
    if (entry->blocked) continue;
    waiting_.erase(next);
    return entry;
  }
  return nullptr;
}

/// Where locks cannot be stored no task begins until they can.
TaskQueue::EntryPointer TaskQueue::try_next_runnable(std::unique_lock<std::mutex>& lock) {
  try {
    return next_runnable();
  } catch (const std::exception& error) {
    log_error("No task can begin for now, and it is tried again: {}", error.what());
  }
  changed_.wait_for(lock, kStoreRetry, [this] { return stopping_; });
  return nullptr;
}

void TaskQueue::work(std::size_t number) {
  set_thread_name("task-" + std::to_string(number));
  set_thread_priority(ThreadPriority::kWriting);
  std::unique_lock lock(mutex_);
  while (true) {
    if (stopping_) return;
    const EntryPointer entry = try_next_runnable(lock);
    if (!entry) {
      wait_for_work(lock);
      continue;
    }
    entry->status.runner_status_code = RunnerTaskState::kRunning;
    entry->status.location = location_;
    running_.push_back(entry);
    lock.unlock();
    run(*entry);
    finish(entry);
    lock.lock();
  }
}

/// A lock that a task waits for may be a supervisor's, which tells nobody that it gives it back.
void TaskQueue::wait_for_work(std::unique_lock<std::mutex>& lock) {
  waiting_.empty() ? changed_.wait(lock) : void(changed_.wait_for(lock, kLockPoll));
}

/// Its locks and its place are free for others.
void TaskQueue::finish(const EntryPointer& entry) {
  const std::lock_guard lock(mutex_);
  if (entry->status.complete()) release_locks(entry->identity.id);
  std::erase(running_, entry);
  changed_.notify_all();
}

/// What cannot be removed from the store is in nobody's way, and removed at the next start.
void TaskQueue::release_locks(const std::string& id) {
  try {
    services_.locks.release(id);
  } catch (const std::exception& error) {
    log_warn("The locks of task[{}] are given back, and stay in the store for now: {}", id, error.what());
  }
}

void TaskQueue::run(Entry& entry) {
  const fs::path directory = directory_of(entry.identity.id);
  try {
    fs::remove_all(directory / kWorkFolder);
    fs::create_directories(directory / kWorkFolder);
    const LogCopy copy(directory / kLogFile);
    TaskToolbox toolbox(entry.identity, services_, appending_, entry.interrupt, directory / kWorkFolder, location_);
    const ShownToolbox shown(*this, entry, toolbox);
    attempt(entry, toolbox);
  } catch (const std::exception& error) {  // the disk, or the metadata store
    log_error("Task[{}] failed: {}", entry.identity.id, error.what());
    end(entry, TaskState::kFailed, error.what(), -1);
  }
  std::error_code ignored;
  fs::remove_all(directory / kWorkFolder, ignored);
}

void TaskQueue::attempt(Entry& entry, TaskToolbox& toolbox) {
  log_info("Running task[{}]", entry.identity.id);
  try {
    toolbox.discard_pending();
    succeed(entry, toolbox, entry.task->run(toolbox));
  } catch (const TaskInterrupted&) {
    interrupted(entry, toolbox);
  } catch (const std::exception& error) {
    fail(entry, toolbox, error.what());
  }
}

void TaskQueue::succeed(Entry& entry, TaskToolbox& toolbox, const Json& report) {
  services_.served.serve(toolbox.published(), toolbox.replaced(), toolbox.upgraded());
  write_file_atomically(directory_of(entry.identity.id) / kReportFile, report.dump());
  log_info("Task[{}] ended with SUCCESS", entry.identity.id);
  end(entry, TaskState::kSuccess, {}, toolbox.elapsed_ms());
}

void TaskQueue::fail(Entry& entry, TaskToolbox& toolbox, const std::string& problem) {
  log_error("Task[{}] {}: {}", entry.identity.id,
            toolbox.has_published() ? "has published, but what comes after that failed" : "failed", problem);
  if (!toolbox.has_published()) toolbox.discard_pending();
  const Json report = toolbox.report();
  if (!report.is_null()) write_file_atomically(directory_of(entry.identity.id) / kReportFile, report.dump());
  end(entry, toolbox.has_published() ? TaskState::kSuccess : TaskState::kFailed, problem, toolbox.elapsed_ms());
}

/// The server stops: the next start runs it again. Or it was shut down, and has its status already.
void TaskQueue::interrupted(Entry& entry, TaskToolbox& toolbox) {
  log_info("Task[{}] ends, as it was told to", entry.identity.id);
  {
    const std::lock_guard lock(mutex_);
    if (!entry.status.complete() && stopping_) return;
  }
  fail(entry, toolbox, kInterruptedMessage);
}

/// REQUIRES: the mutex is held. False where the task has ended before.
bool TaskQueue::set_status(Entry& entry, TaskState state, const std::string& problem, std::int64_t duration_ms) {
  if (entry.status.complete()) return false;
  TaskStatus status = entry.status;
  status.status_code = state;
  status.runner_status_code = RunnerTaskState::kNone;
  status.duration_ms = duration_ms;
  if (state == TaskState::kFailed) status.error_message = problem;
  const bool changed = services_.storage.set_status(status);
  // A publication has written its own: it cannot be taken back.
  if (!changed && state == TaskState::kFailed) return false;
  entry.status = std::move(status);
  return true;
}

/// For as long as that takes: what is not stored would be run again by the next start.
void TaskQueue::end(Entry& entry, TaskState state, const std::string& problem, std::int64_t duration_ms) {
  std::unique_lock lock(mutex_);
  do {
    try {
      const bool is_set = set_status(entry, state, problem, duration_ms);
      // Its publication has written another one.
      if (!is_set && !entry.status.complete()) entry.status.status_code = TaskState::kSuccess;
      return;
    } catch (const std::exception& error) {
      log_error("The end of task[{}] cannot be stored, and it is tried again: {}", entry.identity.id, error.what());
    }
  } while (!changed_.wait_for(lock, kStoreRetry, [this] { return stopping_; }));
}

bool TaskQueue::shutdown(const std::string& id, const std::string& reason) {
  const std::lock_guard lock(mutex_);
  const EntryPointer entry = find_entry(id);
  if (!entry || !set_status(*entry, TaskState::kFailed, reason, -1)) return false;
  log_info("Task[{}] is shut down: {}", id, reason);
  entry->interrupt.raise();
  if (std::erase(waiting_, entry) > 0) release_locks(id);
  changed_.notify_all();
  return true;
}

TaskQueue::EntryPointer TaskQueue::find_entry(const std::string& id) const {
  const auto is_it = [&](const EntryPointer& entry) { return entry->identity.id == id; };
  const auto running = std::find_if(running_.begin(), running_.end(), is_it);
  if (running != running_.end()) return *running;
  const auto waiting = std::find_if(waiting_.begin(), waiting_.end(), is_it);
  return waiting == waiting_.end() ? nullptr : *waiting;
}

std::vector<TaskStatus> TaskQueue::tasks() const {
  const std::lock_guard lock(mutex_);
  std::vector<TaskStatus> tasks;
  for (const EntryPointer& entry : running_)
    if (!entry->status.complete()) tasks.push_back(entry->status);
  for (const EntryPointer& entry : waiting_) tasks.push_back(entry->status);
  return tasks;
}

std::optional<TaskStatus> TaskQueue::find(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const EntryPointer entry = find_entry(id);
  if (!entry) return std::nullopt;
  return entry->status;
}

std::optional<Json> TaskQueue::payload(const std::string& id) const {
  {
    const std::lock_guard lock(mutex_);
    if (const EntryPointer entry = find_entry(id)) return entry->identity.payload;
  }
  auto stored = services_.storage.find(id);
  if (!stored) return std::nullopt;
  return std::move(stored->payload);
}

std::optional<Json> TaskQueue::report(const std::string& id) const {
  {
    const std::lock_guard lock(mutex_);
    const EntryPointer entry = find_entry(id);
    if (entry && entry->toolbox != nullptr) {
      Json live = entry->toolbox->report();
      if (!live.is_null()) return live;
    }
  }
  const fs::path file = directory_of(id) / kReportFile;
  if (!fs::is_regular_file(file)) return std::nullopt;
  return Json::parse(read_whole_file(file));
}

std::optional<std::string> TaskQueue::log(const std::string& id, std::int64_t offset) const {
  const fs::path file = directory_of(id) / kLogFile;
  if (!fs::is_regular_file(file)) return std::nullopt;
  const std::string text = read_whole_file(file);
  const auto size = static_cast<std::int64_t>(text.size());
  const std::int64_t begin = offset < 0 ? std::max<std::int64_t>(0, size + offset) : std::min(offset, size);
  return text.substr(static_cast<std::size_t>(begin));
}

std::size_t TaskQueue::used_workers() const {
  const std::lock_guard lock(mutex_);
  return running_.size();
}

/// Ids that no task can have lead nowhere.
fs::path TaskQueue::directory_of(const std::string& id) const {
  check_task_id(id);
  return options_.directory / id;
}

}  // namespace sarsen::ingest
