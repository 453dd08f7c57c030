#pragma once
// The supervisors of a server: over its stores, reading from Kafka.

#include <filesystem>
#include <memory>
#include <string>

#include "ingest/supervisor/supervisor_manager.h"
#include "server/cli/segment_stores.h"
#include "storage/segment/catalog.h"

namespace sarsen::server {

class Supervision {
 public:
  /// `host_and_port`: where segments are announced to be; filled in before start(). REQUIRES: all references outlive
  /// it.
  Supervision(SegmentStores& stores, storage::Catalog& catalog, std::filesystem::path directory,
              const std::string& host_and_port);
  ~Supervision();

  ingest::SupervisorManager& manager() noexcept { return *manager_; }
  /// Runs the supervisors that the store has.
  void start() { manager_->start(); }
  void stop() { manager_->stop(); }

 private:
  const std::unique_ptr<ingest::SegmentAnnouncer> announcer_;
  const std::unique_ptr<ingest::SupervisorManager> manager_;
};

}  // namespace sarsen::server
