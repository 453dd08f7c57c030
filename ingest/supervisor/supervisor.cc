#include "ingest/supervisor/supervisor.h"

#include <algorithm>
#include <chrono>

#include "ingest/supervisor/task_names.h"
#include "ingest/supervisor/task_report.h"
#include "storage/base/error.h"
#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

constexpr std::size_t kEndedTasksMax = 100;  // that are still told of
constexpr std::int64_t kBeforePollMs = 20;   // how soon it is noticed that the one before has ended

// Druid's names for what goes wrong.
constexpr const char* kStreamFailure = "org.apache.kafka.common.errors.TimeoutException";
constexpr const char* kIllegalState = "org.apache.druid.java.util.common.ISE";

}  // namespace

Supervisor::Supervisor(std::shared_ptr<const SupervisorSpec> spec, const SupervisorServices& services,
                       std::shared_ptr<Supervisor> before, KeepSpec keep_spec)
    : spec_(std::move(spec)),
      services_(services),
      before_(std::move(before)),
      keep_spec_(std::move(keep_spec)),
      stream_(services.open_stream(*spec_)),
      state_(spec_->suspended),
      present_spec_(spec_),
      thread_([this] { run(); }) {}

Supervisor::~Supervisor() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    ring();
  }
  thread_.join();
  for (const Entry& entry : entries_) entry.task->abort("the supervisor has stopped");  // all at once
}

void Supervisor::end() {
  const std::lock_guard lock(mutex_);
  ending_ = true;
  state_.stop();
  ring();
}

bool Supervisor::ended() const {
  const std::lock_guard lock(mutex_);
  return ended_;
}

SupervisorState Supervisor::state() const {
  const std::lock_guard lock(mutex_);
  return state_.state();
}

void Supervisor::reset() {
  const std::lock_guard lock(mutex_);
  requests_.push_back({.all = true, .offsets = {}});
  ring();
}

void Supervisor::reset_offsets(const Position& offsets) {
  const std::lock_guard lock(mutex_);
  requests_.push_back({.all = false, .offsets = offsets});
  ring();
}

void Supervisor::hand_off(const std::set<std::uint32_t>& groups) {
  const std::lock_guard lock(mutex_);
  hand_off_wanted_.insert(groups.begin(), groups.end());
  ring();
}

std::shared_ptr<const SupervisorSpec> Supervisor::present_spec() const {
  const std::lock_guard lock(mutex_);
  return present_spec_;
}

/// On the supervisor's thread, which alone changes the number of tasks.
std::uint32_t Supervisor::group_of(const StreamPartition& partition) const {
  return task_group_of(partition, present_spec_->io.task_count);
}

// --- the supervisor's thread

void Supervisor::run() {
  set_thread_name("supervisor-" + spec_->id);
  if (!wait_to_begin()) return;
  std::unique_lock lock(mutex_);
  while (!stopping_ && !ended_) {
    const bool is_tick = services_.clock() >= next_tick_ms_ && !ending_;
    if (is_tick) next_tick_ms_ = services_.clock() + spec_->io.period_ms;
    lock.unlock();
    is_tick ? tick() : look_after_tasks();
    lock.lock();
    if (ended_) return;
    const std::int64_t wait_ms = next_wake_ms() - services_.clock();
    lock.unlock();
    wait_for_bell(wait_ms);
    lock.lock();
  }
}

/// For the one before to have published all that it read, and for the first start delay. False where it is not to
/// begin any more.
bool Supervisor::wait_to_begin() {
  const std::int64_t begin_ms = services_.clock() + spec_->io.start_delay_ms;
  std::unique_lock lock(mutex_);
  while (!stopping_ && !ending_ && services_.clock() < begin_ms) {
    lock.unlock();
    wait_for_bell(begin_ms - services_.clock());
    lock.lock();
  }
  while (!stopping_ && before_ && !before_->ended()) {
    lock.unlock();
    wait_for_bell(kBeforePollMs);
    lock.lock();
  }
  if (stopping_) return false;
  lock.unlock();
  before_ = nullptr;
  clear_leftovers();
  if (spec_->io.auto_scaler) scaler_ = spec_->io.auto_scaler->make(services_.clock());
  return true;
}

void Supervisor::ring() {
  const std::lock_guard lock(bell_.mutex);
  bell_.rung = true;
  bell_.changed.notify_all();
}

void Supervisor::wait_for_bell(std::int64_t length_ms) {
  std::unique_lock lock(bell_.mutex);
  bell_.changed.wait_for(lock, std::chrono::milliseconds(std::max<std::int64_t>(1, length_ms)),
                         [this] { return bell_.rung; });
  bell_.rung = false;
}

/// Between the looks at the stream.
void Supervisor::look_after_tasks() {
  try {
    maintain();
  } catch (const std::exception& error) {
    log_error("Supervisor[{}]: {}", spec_->id, error.what());
  }
}

void Supervisor::clear_leftovers() {
  std::error_code ignored;
  std::filesystem::remove_all(services_.directory / spec_->id, ignored);
}

std::int64_t Supervisor::next_wake_ms() const {
  std::int64_t wake_ms = next_tick_ms_;
  if (scaler_ && !spec_->suspended) wake_ms = std::min(wake_ms, scaler_->next_ms());
  for (const Entry& entry : entries_)
    if (!entry.finishing) wake_ms = std::min(wake_ms, entry.task->created_ms() + spec_->io.task_duration_ms);
  return std::max(wake_ms, services_.clock() + 20);
}

void Supervisor::tick() {
  {
    const std::lock_guard lock(mutex_);
    held_back_.clear();
    state_.propose(SupervisorState::kConnectingToStream);
  }
  try {
    look();
    {
      const Position stored = stored_offsets();
      const std::lock_guard lock(mutex_);
      state_.propose(SupervisorState::kDiscoveringInitialTasks);
      look_at_idleness(stored);
    }
    maintain();
  } catch (const std::exception& error) {
    log_error("Supervisor[{}]: {}", spec_->id, error.what());
    const std::lock_guard lock(mutex_);
    state_.record_error({services_.clock(), kIllegalState, error.what(), false});
  }
  const std::lock_guard lock(mutex_);
  state_.finish_run();
}

void Supervisor::note_stream_failure(const std::string& exception_class, const std::string& message) {
  log_warn("Supervisor[{}]: {}", spec_->id, message);
  const std::lock_guard lock(mutex_);
  state_.record_error({services_.clock(), exception_class, message, true});
}

/// What cannot be reached is told, and tried again with the next period; tasks go on for themselves.
void Supervisor::look() {
  Ranges ranges;
  try {
    ranges = stream_->look();
    if (ranges.empty())
      throw Error(ErrorCategory::kRuntimeFailure, "No partitions found for stream [" + spec_->io.stream + "]");
  } catch (const StreamFailure& failure) {
    return note_stream_failure(failure.exception_class, failure.what());
  } catch (const std::exception& error) {
    return note_stream_failure(kStreamFailure, error.what());
  }
  const Position stored = stored_offsets();
  const std::lock_guard lock(mutex_);
  std::set<StreamPartition> found;
  for (const auto& [partition, range] : ranges) found.insert(partition);
  if (!ranges_) {
    first_partitions_ = found;
    if (present_spec_->io.task_count > found.size())
      log_warn("Configured task count[{}] for supervisor[{}] is greater than the number of partitions[{}].",
               present_spec_->io.task_count, spec_->id, found.size());
    if (spec_->io.replicas > 1)
      log_info("Supervisor[{}] asks for {} replicas; this process is one, and reads every partition once", spec_->id,
               spec_->io.replicas);
  } else if (!std::includes(partitions_.begin(), partitions_.end(), found.begin(), found.end())) {
    log_info("Supervisor[{}] has found new partitions of stream[{}]: tasks publish, and begin anew with all of them",
             spec_->id, spec_->io.stream);
    for (Entry& entry : entries_) {
      if (!entry.finishing) entry.task->finish();
      entry.finishing = true;
    }
  }
  partitions_.insert(found.begin(), found.end());
  ranges_ = std::move(ranges);
  ranges_time_ms_ = services_.clock();
  log_lag(stored);
}

/// As Druid: without lag and with the same offsets as at the look before, for longer than inactiveAfterMillis.
void Supervisor::look_at_idleness(const Position& stored) {
  if (!spec_->io.idle_enabled || spec_->suspended || !ranges_) return;
  const std::int64_t now_ms = services_.clock();
  const auto same = [](const auto& left, const auto& right) {
    return left.first == right.first && left.second.high == right.second.high;
  };
  bool idle = last_active_ms_ > 0 && ranges_before_ && ranges_before_->size() == ranges_->size() &&
              std::equal(ranges_->begin(), ranges_->end(), ranges_before_->begin(), same);
  const Position current = current_offsets(stored);
  for (const auto& [partition, range] : *ranges_) {
    const auto offset = current.next_offsets.find(partition);
    idle = idle && (offset == current.next_offsets.end() ? range.high == 0 : offset->second >= range.high);
  }
  ranges_before_ = ranges_;
  if (!idle) {
    last_active_ms_ = now_ms;
    if (state_.state() == SupervisorState::kIdle) state_.propose(SupervisorState::kRunning);
  } else if (now_ms - last_active_ms_ > spec_->io.inactive_after_ms) {
    state_.propose(SupervisorState::kIdle);
  }
}

bool Supervisor::wants_tasks() const {
  return !spec_->suspended && !ending_ && state_.state() != SupervisorState::kIdle;
}

void Supervisor::maintain() {
  handle_requests();
  note_continuations();
  reap().clear();  // waits for the threads of what has failed, before it is begun again
  scale();
  bool create = false;
  bool rolled_over = false;
  {
    const std::lock_guard lock(mutex_);
    if (!wants_tasks()) {
      finish_tasks(nullptr);
    } else {
      finish_tasks(&hand_off_wanted_);
      rolled_over = roll_over();
      state_.propose(SupervisorState::kCreatingTasks);
      create = ranges_.has_value() && !stopping_;
    }
    hand_off_wanted_.clear();
    if (ending_ && entries_.empty()) ended_ = true;
  }
  if (rolled_over) scale_at_roll_over();
  if (create) create_missing();
}

/// Tells the tasks of these groups, or all, to publish. With mutex_ held.
void Supervisor::finish_tasks(const std::set<std::uint32_t>* groups) {
  for (Entry& entry : entries_) {
    if (entry.finishing || (groups != nullptr && !groups->contains(entry.task->group()))) continue;
    entry.task->finish();
    entry.finishing = true;
  }
}

/// How many groups may publish at a time because their tasks have read for taskDuration. nullopt: all.
std::optional<std::uint32_t> Supervisor::publishing_tasks_max() const {
  const auto& scaler = spec_->io.auto_scaler;
  if (!scaler || !scaler->stop_task_count_ratio) return spec_->io.stop_task_count;
  return std::max(1u, static_cast<std::uint32_t>(present_spec_->io.task_count * *scaler->stop_task_count_ratio));
}

/// Whether a task was told to publish.
bool Supervisor::roll_over() {
  const std::int64_t now_ms = services_.clock();
  const auto limit = publishing_tasks_max();
  const std::uint32_t most = limit.value_or(present_spec_->io.task_count);
  auto under_way = static_cast<std::uint32_t>(
      std::count_if(entries_.begin(), entries_.end(), [](const Entry& entry) { return entry.finishing; }));
  if (!limit) under_way = 0;
  bool told = false;
  for (Entry& entry : entries_) {
    if (entry.finishing || now_ms - entry.task->created_ms() < spec_->io.task_duration_ms) continue;
    if (under_way++ >= most) return told;
    log_info("Task[{}] has read for {} ms: it publishes", entry.task->id(), now_ms - entry.task->created_ms());
    entry.task->finish();
    entry.finishing = told = true;
  }
  return told;
}

void Supervisor::note_continuations() {
  const std::lock_guard lock(mutex_);
  for (Entry& entry : entries_) {
    if (entry.continued) continue;
    const auto progress = entry.task->progress();
    if (progress.state != ReadingTask::State::kPublishing && progress.state != ReadingTask::State::kSucceeded) continue;
    entry.continued = entry.finishing = true;
    for (const auto& [partition, offset] : progress.current.next_offsets) continuation_[partition] = offset;
  }
}

/// Where reading goes on after a failure: behind what was published, or where the store says.
void Supervisor::note_failure(const Entry& entry, const ReadingTask::Progress& progress) {
  held_back_.insert(entry.task->group());
  state_.record_task(false);
  state_.note_error({services_.clock(), kIllegalState, progress.error, false});
  log_error("Task[{}] has failed, and what it had not published is read again: {}", entry.task->id(), progress.error);
  for (const auto& [partition, offset] : progress.published.next_offsets)
    if (progress.inconsistent || progress.reset_wanted)
      continuation_.erase(partition);
    else
      continuation_[partition] = offset;
}

/// Of a task whose groups were made anew, and one before failed: what it has read of others' partitions is read again.
void Supervisor::note_given_up(const ReadingTask::Progress& progress, const std::set<StreamPartition>& failed) {
  for (const auto& [partition, offset] : progress.published.next_offsets)
    if (!failed.contains(partition)) continuation_[partition] = offset;
}

/// Takes out what has ended, and with a task that has failed the later ones of its partitions.
std::vector<std::shared_ptr<ReadingTask>> Supervisor::reap() {
  std::vector<std::shared_ptr<ReadingTask>> gone;
  std::vector<StreamPartition> given_up;
  {
    const std::lock_guard lock(mutex_);
    std::set<StreamPartition> failed;
    std::erase_if(entries_, [&](const Entry& entry) {
      const auto progress = entry.task->progress();
      const StreamOffsets& read = entry.task->start_position().next_offsets;
      const bool after_failure =
          std::any_of(read.begin(), read.end(), [&](const auto& part) { return failed.contains(part.first); });
      if (after_failure) entry.task->abort("one of earlier groups that was handling the same partition set has failed");
      const bool over =
          progress.state == ReadingTask::State::kSucceeded || progress.state == ReadingTask::State::kFailed;
      if (!over && !after_failure) return false;
      if (after_failure) note_given_up(progress, failed);
      if (after_failure || progress.state == ReadingTask::State::kFailed)
        for (const auto& [partition, offset] : read) failed.insert(partition);
      if (!after_failure && progress.state == ReadingTask::State::kFailed) {
        note_failure(entry, progress);
        if (progress.reset_wanted) given_up.push_back(*progress.reset_wanted);
      }
      if (!after_failure && progress.state == ReadingTask::State::kSucceeded) state_.record_task(true);
      ended_tasks_.push_back(status_of(*entry.task));
      gone.push_back(entry.task);
      return true;
    });
    if (ended_tasks_.size() > kEndedTasksMax)
      ended_tasks_.erase(ended_tasks_.begin(), ended_tasks_.end() - static_cast<std::ptrdiff_t>(kEndedTasksMax));
  }
  for (const StreamPartition& partition : given_up) give_up(partition);
  return gone;
}

void Supervisor::create_missing() {
  std::set<std::uint32_t> missing;
  {
    const std::lock_guard lock(mutex_);
    regrouping_ = regrouping_ &&
                  std::any_of(entries_.begin(), entries_.end(), [](const Entry& entry) { return !entry.continued; });
    if (regrouping_) return;  // a new group may go on with the partitions of several of them
    for (const StreamPartition& partition : partitions_) missing.insert(group_of(partition));
    for (const Entry& entry : entries_)
      if (!entry.continued) missing.erase(entry.task->group());
    for (const std::uint32_t group : held_back_) missing.erase(group);
  }
  for (const std::uint32_t group : missing) {
    try {
      const auto start = start_of(group);
      if (!start) continue;
      remember_first_offsets(*start);
      create(group, *start);
    } catch (const std::exception& error) {
      log_error("Supervisor[{}], task group {}: {}", spec_->id, group, error.what());
      const std::lock_guard lock(mutex_);
      held_back_.insert(group);
      state_.record_error({services_.clock(), kIllegalState, error.what(), true});
    }
  }
}

void Supervisor::create(std::uint32_t group, const Position& start) {
  const std::int64_t now_ms = services_.clock();
  ReadingTaskOptions options;
  options.group = group;
  options.base_sequence_name = base_sequence_name(*spec_, start, RowWindow::of(spec_->io, now_ms, now_ms));
  options.id = new_task_id(options.base_sequence_name);
  options.start = start;
  options.changed = [this] { ring(); };
  log_info("Task[{}] of group {} reads from {}", options.id, group, offsets_json(start.next_offsets).dump());
  auto task = std::make_shared<ReadingTask>(spec_, services_, *stream_, std::move(options));
  task->start();
  const std::lock_guard lock(mutex_);
  entries_.push_back({.task = std::move(task)});
}

}  // namespace sarsen::ingest
