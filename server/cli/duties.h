#pragma once
// What a server does as overlord (tasks and supervisors) and as coordinator (rules of retention): where it stands for
// election in ZooKeeper, only while no other process leads. Where it does not, and others may use its metadata store,
// one of them is the overlord (OverlordLease); the rules are everybody's, for what each serves.

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "ingest/metadata/overlord_lease.h"
#include "ingest/zookeeper/election.h"
#include "server/cli/announcement_settings.h"
#include "server/cli/overlord_node.h"
#include "server/cli/supervision.h"
#include "storage/base/periodic_thread.h"

namespace sarsen::server {

class Duties {
 public:
  /// `shared_store`: the metadata store that others may use too, null where it is this process's own; `name`: of this
  /// process, there. REQUIRES: all references outlive it.
  Duties(const AnnouncementSettings& settings, OverlordNode& overlord, Supervision& supervision,
         const CoordinatorPeriods& periods, const ingest::MetadataConfig* shared_store, std::string name);
  /// Stops.
  ~Duties();
  Duties(const Duties&) = delete;
  Duties& operator=(const Duties&) = delete;

  /// What leader.h asks; from any thread.
  std::optional<std::string> other_overlord() const { return lease_ ? lease_->other() : other(overlord_election_); }
  std::optional<std::string> other_coordinator() const { return other(coordinator_election_); }

  /// `host`, `port`: where this server listens; `announced`: "host:port" that it stands with. `zookeeper`: null where
  /// there is none; outlives this.
  void start(const std::string& host, int port, const std::string& announced, ingest::ZooKeeper* zookeeper);
  /// REQUIRES: calls to ZooKeeper return, as after its session has ended.
  void stop();

 private:
  using Elections = std::unique_ptr<ingest::Election>;

  static std::optional<std::string> other(const Elections& election) {
    return election ? election->other() : std::nullopt;
  }
  void stand(const std::string& announced);
  std::chrono::milliseconds work(ingest::ZooKeeper& zookeeper, std::chrono::steady_clock::time_point begin);
  bool look(ingest::ZooKeeper& zookeeper);
  void look_at_lease();
  void leave_lease();
  void apply(bool leads_overlord, bool leads_coordinator);
  void begin_overlord();
  void end_overlord();

  const AnnouncementSettings settings_;
  OverlordNode& overlord_;
  Supervision& supervision_;
  const CoordinatorPeriods periods_;
  const ingest::MetadataConfig* const shared_store_;
  const std::string name_;
  std::string host_;
  int port_ = 0;
  Elections overlord_election_;  // null where this server does not stand
  Elections coordinator_election_;
  std::unique_ptr<ingest::OverlordLease> lease_;  // null where ZooKeeper decides, or nobody else is there
  bool does_overlord_ = false;
  bool does_coordinator_ = false;
  bool does_compaction_ = false;
  bool waited_ = false;  // for who leads already; the thread's
  PeriodicThread thread_;
};

}  // namespace sarsen::server
