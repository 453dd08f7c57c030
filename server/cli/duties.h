#pragma once
// What a server does as overlord (tasks and supervisors) and as coordinator (rules of retention): where it stands for
// election in ZooKeeper, only while no other process leads.

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "ingest/zookeeper/election.h"
#include "server/cli/announcement_settings.h"
#include "server/cli/overlord_node.h"
#include "server/cli/supervision.h"
#include "storage/base/periodic_thread.h"

namespace sarsen::server {

class Duties {
 public:
  /// REQUIRES: all references outlive it.
  Duties(const AnnouncementSettings& settings, OverlordNode& overlord, Supervision& supervision,
         const CoordinatorPeriods& periods);
  /// Stops.
  ~Duties();
  Duties(const Duties&) = delete;
  Duties& operator=(const Duties&) = delete;

  /// What leader.h asks; from any thread.
  std::optional<std::string> other_overlord() const { return other(overlord_election_); }
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
  void apply(bool leads_overlord, bool leads_coordinator);

  const AnnouncementSettings settings_;
  OverlordNode& overlord_;
  Supervision& supervision_;
  const CoordinatorPeriods periods_;
  std::string host_;
  int port_ = 0;
  Elections overlord_election_;  // null where this server does not stand
  Elections coordinator_election_;
  bool does_overlord_ = false;
  bool does_coordinator_ = false;
  bool does_compaction_ = false;
  bool waited_ = false;  // for who leads already; the thread's
  PeriodicThread thread_;
};

}  // namespace sarsen::server
