#pragma once
// The metadata store in a database with Druid's tables.

#include <mutex>
#include <string>

#include "ingest/metadata/metadata_database.h"
#include "ingest/metadata/metadata_store.h"
#include "ingest/metadata/segment_upgrades.h"
#include "ingest/realtime/clock.h"

namespace sarsen::ingest {

class SqlMetadataStore final : public MetadataStore {
 public:
  explicit SqlMetadataStore(const MetadataConfig& config, Clock clock = system_clock_ms);

  void publish(const std::vector<storage::SegmentDescriptor>& segments,
               const std::optional<OffsetsChange>& offsets = {},
               const std::optional<TaskCompletion>& completion = {}) override;
  std::vector<storage::SegmentDescriptor> publish_appended(const std::vector<storage::SegmentDescriptor>& segments,
                                                           const ConcurrentTasks& tasks,
                                                           const std::optional<OffsetsChange>& offsets,
                                                           const std::optional<TaskCompletion>& completion) override;
  Replacement publish_replacing(const std::string& data_source, const std::vector<storage::SegmentDescriptor>& segments,
                                const ConcurrentTasks& tasks, const TaskCompletion& completion) override;
  std::set<std::string> appended_meanwhile(const std::string& task_id) const override;
  std::vector<storage::SegmentDescriptor> used_segments() const override;
  std::vector<std::string> segment_ids() const override;
  std::optional<PublishedSegment> find(const storage::SegmentId& id) const override;
  Position offsets(const std::string& key) const override;
  std::size_t mark_unused(const std::vector<storage::SegmentId>& ids) override;
  std::size_t mark_used(const std::vector<storage::SegmentId>& ids) override;
  std::vector<UnusedSegment> unused_segments(const std::string& data_source, const Interval& interval) const override;
  bool describe_anew(const storage::SegmentDescriptor& segment) override;
  std::vector<storage::SegmentDescriptor> with_upgrades(const std::string& data_source,
                                                        const std::string& id) const override;
  std::size_t forget(const std::vector<storage::SegmentId>& ids) override;

 private:
  bool contains(const std::string& id) const;
  std::vector<storage::SegmentDescriptor> missing(const std::vector<storage::SegmentDescriptor>& segments) const;
  void insert(const storage::SegmentDescriptor& segment, const std::string& upgraded_from = "");
  void insert_appended(const std::vector<storage::SegmentDescriptor>& segments, const ConcurrentTasks& tasks);
  void swap_offsets(const OffsetsChange& change);
  void complete(const TaskCompletion& completion);
  std::size_t mark(const std::vector<storage::SegmentId>& ids, bool used);

  const Clock clock_;
  mutable std::mutex mutex_;
  MetadataDatabase database_;
  const SegmentUpgrades upgrades_{database_, clock_};
};

}  // namespace sarsen::ingest
