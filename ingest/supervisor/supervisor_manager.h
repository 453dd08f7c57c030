#pragma once
// All supervisors of this process, and their specifications in the store: what is posted is kept, with its history, and
// runs again after a restart. As Druid's SupervisorManager.
//
// Thread safety: all methods from any thread, start and stop by one.

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ingest/supervisor/supervisor.h"
#include "ingest/supervisor/supervisor_services.h"
#include "ingest/tasks/task_status.h"

namespace sarsen::ingest {

class SupervisorManager final : public TaskRunner {
 public:
  explicit SupervisorManager(SupervisorServices services);
  ~SupervisorManager() override;

  /// Runs what the store has. A specification that cannot be run is named in the log.
  void start();
  /// Reads no more; what is not published is read again after the next start.
  void stop();

  /// Creates the supervisor, or has it replaced by one that begins where its tasks stop. False where `only_if_changed`,
  /// and it is the same as before. Throws kInvalidInput where the stream is another one than before, and
  /// kCapacityExceeded between a stop and the next start: another process is the overlord.
  bool post(const std::shared_ptr<const SupervisorSpec>& spec, bool only_if_changed = false);
  /// Keeps who posted it.
  void audit_update(const SupervisorSpec& spec, const AuditInfo& who);
  /// False where there is none.
  bool terminate(const std::string& id);
  void terminate_all();
  /// nullptr where there is none, or it is so already.
  std::shared_ptr<const SupervisorSpec> set_suspended(const std::string& id, bool suspended);
  void set_all_suspended(bool suspended);

  std::vector<std::string> ids() const;
  /// nullptr where there is none.
  std::shared_ptr<Supervisor> find(const std::string& id) const;
  /// All versions, the newest first.
  std::vector<SupervisorVersion> history() const { return services_.store.versions(); }

  // As TaskRunner: the supervisors' tasks.
  std::vector<TaskStatus> tasks() const override;
  std::optional<Json> payload(const std::string& id) const override;
  std::optional<Json> report(const std::string& id) const override;
  std::optional<std::string> log(const std::string& id, std::int64_t offset) const override;
  bool shutdown(const std::string& id, const std::string& reason) override;

 private:
  void clear_dead_tasks();
  using Supervisors = std::map<std::string, std::shared_ptr<Supervisor>>;

  void replace(const std::shared_ptr<const SupervisorSpec>& spec);
  void keep(const Supervisor& supervisor, const SupervisorSpec& spec);
  bool is_present(const Supervisor& supervisor) const;
  void refuse_while_stopped() const;
  void forget_ended();
  /// The ones at work, and those that still publish.
  std::vector<std::shared_ptr<Supervisor>> all() const;

  const SupervisorServices services_;
  std::mutex changes_;        // one change of a specification at a time; taken before mutex_
  mutable std::mutex mutex_;  // guards what follows
  bool stopped_ = false;
  Supervisors supervisors_;
  std::vector<std::shared_ptr<Supervisor>> ending_;
};

}  // namespace sarsen::ingest
