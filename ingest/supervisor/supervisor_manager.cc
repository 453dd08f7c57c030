#include "ingest/supervisor/supervisor_manager.h"

#include <algorithm>

#include "ingest/supervisor/compaction_supervisors.h"
#include "ingest/supervisor/task_note.h"
#include "ingest/supervisor/tombstone.h"
#include "ingest/tasks/pending_segments.h"
#include "storage/base/error.h"
#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

void refuse_other_stream(const SupervisorSpec& before, const SupervisorSpec& spec) {
  if (before.io.stream == spec.io.stream) return;
  throw Error(
      ErrorCategory::kInvalidInput,
      "Update of the input source stream from [" + before.io.stream + "] to [" + spec.io.stream +
          "] is not supported for a running supervisor.\nTo perform the update safely, follow these steps:\n(1) "
          "Suspend this supervisor, reset its offsets and then terminate it. \n(2) Create a new supervisor with "
          "the new input source stream.\nNote that doing the reset can cause data duplication or loss if any "
          "topic used in the old supervisor is included in the new one too.");
}

/// Where the new one leaves it open, and both scale.
std::shared_ptr<const SupervisorSpec> with_task_count_of(const std::shared_ptr<const SupervisorSpec>& before,
                                                         const std::shared_ptr<const SupervisorSpec>& spec) {
  return spec->io.task_count_is_open && before->io.auto_scaler ? spec->with_task_count(before->io.task_count) : spec;
}

}  // namespace

SupervisorManager::SupervisorManager(SupervisorServices services) : services_(std::move(services)) {}

SupervisorManager::~SupervisorManager() { stop(); }

/// Of an earlier run, which was killed; those of other processes over the same store are left alone.
void SupervisorManager::clear_dead_tasks() {
  for (const std::string& id : TaskNote::left_in(services_.notes())) {
    try {
      discard(services_.store.pending_of(id), services_.store, services_.deep_storage);
      services_.locks.release(id);
      TaskNote::forget(services_.notes(), id);
    } catch (const std::exception& error) {
      log_warn("Task[{}], which was killed, leaves pending segments or locks until the next start: {}", id,
               error.what());
    }
  }
}

void SupervisorManager::start() {
  clear_dead_tasks();
  {
    const std::lock_guard lock(mutex_);
    stopped_ = false;
  }
  std::set<std::string> seen;
  for (const SupervisorVersion& version : services_.store.versions()) {
    if (!seen.insert(version.id).second || is_tombstone(version.spec)) continue;
    if (CompactionSupervisorSpec::is_type_of(version.spec)) continue;
    try {
      replace(SupervisorSpec::parse(version.spec));
      log_info("Supervisor[{}] runs again", version.id);
    } catch (const std::exception& error) {
      log_error("Failed to start supervisor: id [{}]: {}", version.id, error.what());
    }
  }
}

void SupervisorManager::stop() {
  Supervisors supervisors;
  std::vector<std::shared_ptr<Supervisor>> ending;
  {
    const std::lock_guard changing(changes_);  // what is being posted is stopped, too
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    supervisors.swap(supervisors_);
    ending.swap(ending_);
  }
}

void SupervisorManager::forget_ended() {
  std::erase_if(ending_, [](const auto& supervisor) { return supervisor->ended(); });
}

void SupervisorManager::replace(const std::shared_ptr<const SupervisorSpec>& spec) {
  const std::lock_guard lock(mutex_);
  forget_ended();
  std::shared_ptr<Supervisor> before;
  if (const auto found = supervisors_.find(spec->id); found != supervisors_.end()) {
    before = found->second;
  } else {  // one of that name may have been terminated, and publish still
    const auto last = std::find_if(ending_.rbegin(), ending_.rend(),
                                   [&](const auto& supervisor) { return supervisor->spec().id == spec->id; });
    if (last != ending_.rend()) before = *last;
  }
  auto supervisor = std::make_shared<Supervisor>(
      spec, services_, before,
      [this](const Supervisor& changed, const SupervisorSpec& present) { keep(changed, present); });
  if (before) {
    before->end();
    if (std::find(ending_.begin(), ending_.end(), before) == ending_.end()) ending_.push_back(before);
  }
  supervisors_.insert_or_assign(spec->id, std::move(supervisor));
}

/// Unless another one has taken its place: what was posted since is newer. On the supervisor's thread, which must not
/// be the last to hold it: it would wait for itself.
void SupervisorManager::keep(const Supervisor& supervisor, const SupervisorSpec& spec) {
  const std::lock_guard changing(changes_);
  if (is_present(supervisor)) services_.store.add_version(spec.id, spec.json);
}

bool SupervisorManager::is_present(const Supervisor& supervisor) const {
  const std::lock_guard lock(mutex_);
  const auto found = supervisors_.find(supervisor.spec().id);
  return found != supervisors_.end() && found->second.get() == &supervisor;
}

void SupervisorManager::refuse_while_stopped() const {
  const std::lock_guard lock(mutex_);
  if (stopped_)
    throw Error(ErrorCategory::kCapacityExceeded, "No supervisors run here: another process is the overlord");
}

bool SupervisorManager::post(const std::shared_ptr<const SupervisorSpec>& posted, bool only_if_changed) {
  std::shared_ptr<const SupervisorSpec> spec = posted;
  bool changed = true;
  if (const auto present = find(spec->id)) {
    refuse_other_stream(present->spec(), *spec);
    spec = with_task_count_of(present->present_spec(), spec);
    changed = present->present_spec()->json.dump() != spec->json.dump();
    if (only_if_changed && !changed) return false;
  }
  services_.open_stream(*spec);  // refuses settings that cannot be
  const std::lock_guard changing(changes_);
  refuse_while_stopped();
  if (changed) services_.store.add_version(spec->id, spec->json);
  replace(spec);
  return true;
}

void SupervisorManager::audit_update(const SupervisorSpec& spec, const AuditInfo& who) {
  services_.store.audit_update(spec.id, spec.schema->data_source, who);
}

bool SupervisorManager::terminate(const std::string& id) {
  const std::lock_guard changing(changes_);
  const std::lock_guard lock(mutex_);
  const auto found = supervisors_.find(id);
  if (found == supervisors_.end()) return false;
  services_.store.add_version(id, tombstone(found->second->spec().id));
  found->second->end();
  forget_ended();
  ending_.push_back(found->second);
  supervisors_.erase(found);
  return true;
}

void SupervisorManager::terminate_all() {
  for (const std::string& id : ids()) terminate(id);
}

std::shared_ptr<const SupervisorSpec> SupervisorManager::set_suspended(const std::string& id, bool suspended) {
  const auto present = find(id);
  if (!present || present->spec().suspended == suspended) return nullptr;
  auto spec = present->present_spec()->with_suspended(suspended);
  post(spec);
  return spec;
}

void SupervisorManager::set_all_suspended(bool suspended) {
  for (const std::string& id : ids()) set_suspended(id, suspended);
}

std::vector<std::string> SupervisorManager::ids() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> ids;
  for (const auto& [id, supervisor] : supervisors_) ids.push_back(id);
  return ids;
}

std::shared_ptr<Supervisor> SupervisorManager::find(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = supervisors_.find(id);
  return found == supervisors_.end() ? nullptr : found->second;
}

std::vector<std::shared_ptr<Supervisor>> SupervisorManager::all() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<Supervisor>> all = ending_;
  for (const auto& [id, supervisor] : supervisors_) all.push_back(supervisor);
  return all;
}

std::vector<TaskStatus> SupervisorManager::tasks() const {
  std::vector<TaskStatus> tasks;
  for (const auto& supervisor : all())
    for (TaskStatus& task : supervisor->tasks()) tasks.push_back(std::move(task));
  return tasks;
}

std::optional<Json> SupervisorManager::payload(const std::string& id) const {
  for (const auto& supervisor : all())
    if (auto payload = supervisor->task_payload(id)) return payload;
  return std::nullopt;
}

std::optional<Json> SupervisorManager::report(const std::string& id) const {
  for (const auto& supervisor : all())
    if (auto report = supervisor->task_report(id)) return report;
  return std::nullopt;
}

/// They log where the process logs.
std::optional<std::string> SupervisorManager::log(const std::string&, std::int64_t) const { return std::nullopt; }

bool SupervisorManager::shutdown(const std::string& id, const std::string& reason) {
  const auto supervisors = all();
  return std::any_of(supervisors.begin(), supervisors.end(),
                     [&](const auto& supervisor) { return supervisor->shutdown_task(id, reason); });
}

}  // namespace sarsen::ingest
