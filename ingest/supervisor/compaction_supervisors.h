#pragma once
// Supervisors of type autocompact, and the overlord's schedule of what they ask for: Druid's CompactionSupervisor and
// OverlordCompactionScheduler. What is posted is kept in the store and is there again after a restart. They compact
// only while the cluster's compaction configuration has useSupervisors: the coordinator does nothing then.
//
// Thread safety: all methods from any thread, start and stop by one.

#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/metadata/supervisor_store.h"
#include "ingest/tasks/auto_compaction.h"
#include "ingest/tasks/compaction_config.h"
#include "storage/base/json.h"
#include "storage/base/periodic_thread.h"

namespace sarsen::ingest {

/// {"type":"autocompact","spec":{what DataSourceCompaction reads},"suspended":…}
struct CompactionSupervisorSpec {
  static constexpr std::string_view kType = "autocompact";

  DataSourceCompaction compaction;
  bool suspended = false;

  static bool is_type_of(const Json& json);
  /// Throws kInvalidInput naming the field, kUnsupported for what compaction cannot do.
  static CompactionSupervisorSpec parse(const Json& json);
  static std::string id_of(const std::string& data_source) { return std::string(kType) + "__" + data_source; }

  std::string id() const { return id_of(compaction.data_source); }
  Json to_json() const;
};

class CompactionSupervisors {
 public:
  /// REQUIRES: both outlive it.
  CompactionSupervisors(SupervisorStore& store, AutoCompaction& compaction) : store_(store), compaction_(compaction) {}
  /// Stops.
  ~CompactionSupervisors() { stop(); }

  /// Takes up what the store has and looks for work each `period`. A specification that cannot be run is named in the
  /// log.
  void start(std::chrono::milliseconds period = std::chrono::seconds(5));
  void stop();

  /// Whether the cluster's configuration wants them.
  bool is_enabled() const { return compaction_.config().use_supervisors; }
  /// Whether they have looked for work since that is so.
  bool is_running() const noexcept { return running_; }

  /// Creates the supervisor or gives it another specification, which is a further version only if it differs.
  void post(const CompactionSupervisorSpec& spec, const AuditInfo& who);
  /// False where there is none. Tasks that it has submitted go on.
  bool terminate(const std::string& id);
  /// nullopt where there is none, or it is so already.
  std::optional<CompactionSupervisorSpec> set_suspended(const std::string& id, bool suspended);

  std::vector<CompactionSupervisorSpec> all() const;
  std::optional<CompactionSupervisorSpec> find(const std::string& id) const;
  /// Druid's name for it.
  std::string_view state(const CompactionSupervisorSpec& spec) const;
  /// What it has to do; nullopt where it does nothing: suspended, not there, or not wanted.
  std::optional<CompactionProgress> progress(const std::string& id) const;
  /// The cluster's configuration, with what supervisors that are not suspended ask for.
  CompactionConfig active() const;
  /// The versions of a data source's specification, the newest first; without those that say that it was terminated.
  std::vector<SupervisorVersion> history(const std::string& data_source) const;

 private:
  void take_up();
  void look();
  void put(const CompactionSupervisorSpec& spec);

  SupervisorStore& store_;
  AutoCompaction& compaction_;
  mutable std::mutex mutex_;  // guards specs_
  std::map<std::string, CompactionSupervisorSpec> specs_;
  std::atomic<bool> running_ = false;
  PeriodicThread thread_;
};

}  // namespace sarsen::ingest
