#pragma once
// SupervisorStore in the database of the metadata store, by a connection of its own.

#include <mutex>
#include <string>

#include "ingest/metadata/metadata_database.h"
#include "ingest/metadata/supervisor_store.h"
#include "ingest/realtime/clock.h"

namespace sarsen::ingest {

class SqlSupervisorStore final : public SupervisorStore {
 public:
  explicit SqlSupervisorStore(const MetadataConfig& config, Clock clock = system_clock_ms);

  void add_version(const std::string& id, const Json& spec) override;
  void audit_update(const std::string& id, const std::string& data_source, const AuditInfo& who) override;
  std::vector<SupervisorVersion> versions() const override;
  AllocatedSegment allocate(const AllocationRequest& request) override;
  Interval chunk_of(const AllocationRequest& request) override;
  std::vector<AllocatedSegment> upgrades_of(const storage::SegmentId& id) const override;
  void remove_pending(const std::string& data_source, const std::string& sequence) override;
  std::vector<PendingSegment> pending_of(const std::string& allocator_id) const override;
  std::vector<PendingSegment> pending_before(std::int64_t created_ms) const override;
  void remove_pending(const std::vector<PendingSegment>& segments) override;
  std::size_t remove_pending_of(const std::string& data_source, const Interval& created) override;
  bool remove_offsets(const std::string& key) override;
  void set_offsets(const std::string& key, const Position& offsets) override;

 private:
  std::vector<PendingSegment> pending_where(const std::string& condition, const std::string& value) const;
  std::optional<AllocatedSegment> allocated_before(const AllocationRequest& request) const;
  AllocatedSegment choose(const AllocationRequest& request) const;
  AllocatedSegment allocate_new(const AllocationRequest& request);
  std::vector<ChunkSegment> used_in(const std::string& data_source, const Interval& interval) const;
  std::vector<ChunkSegment> pending_in(const std::string& data_source, const Interval& interval) const;
  bool is_known(const storage::SegmentId& id) const;

  const Clock clock_;
  mutable std::mutex mutex_;
  MetadataDatabase database_;
};

}  // namespace sarsen::ingest
