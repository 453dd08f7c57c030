#pragma once
// The supervisors of a server: over its stores, reading from Kafka.

#include <filesystem>
#include <memory>

#include "ingest/realtime/announcer.h"
#include "ingest/supervisor/supervisor_manager.h"
#include "server/cli/segment_stores.h"
#include "storage/segment/catalog.h"

namespace sarsen::server {

class Supervision {
 public:
  /// `watch`: where others serve what is published; may be null. REQUIRES: all references outlive it.
  Supervision(SegmentStores& stores, storage::Catalog& catalog, std::filesystem::path directory,
              ingest::SegmentAnnouncer& announcer, ingest::TaskLockbox& locks, ingest::HandOffWatch* watch = nullptr);
  ~Supervision();

  ingest::SupervisorManager& manager() noexcept { return *manager_; }
  /// Runs the supervisors that the store has.
  void start() { manager_->start(); }
  void stop() { manager_->stop(); }

 private:
  const std::unique_ptr<ingest::SupervisorManager> manager_;
};

}  // namespace sarsen::server
