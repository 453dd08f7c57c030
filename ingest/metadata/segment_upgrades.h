#pragma once
// What becomes of appended segments where another task replaces their chunk meanwhile (useConcurrentLocks), in Druid's
// tables: each is there in the replacing task's version, too, under an id of its own and with the same files.
//
// * Who appends notes its published segments for the tasks that replace still (druid_upgradeSegments).
// * Who replaces publishes what was noted for it in its version (druid_segments.upgraded_from_segment_id), and gives
// what
//   is not published yet an id of that version (druid_pendingSegments.upgraded_from_segment_id), by which its rows can
//   be asked for, and under which they are published later.
//
// All calls are parts of the caller's transaction. Errors: kRuntimeFailure where the store cannot be read or written.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ingest/metadata/metadata_database.h"
#include "ingest/metadata/metadata_store.h"
#include "ingest/metadata/supervisor_store.h"
#include "ingest/realtime/clock.h"

namespace sarsen::ingest {

/// A segment in another version. `from`: the text of the id under which its files were stored.
struct SegmentUpgrade {
  storage::SegmentDescriptor descriptor;
  std::string from;
};

class SegmentUpgrades {
 public:
  /// REQUIRES: both outlive it.
  SegmentUpgrades(const MetadataDatabase& database, const Clock& clock) : database_(database), clock_(clock) {}

  // --- who appends
  void note(const std::vector<storage::SegmentDescriptor>& appended,
            const std::vector<ConcurrentTasks::Replacing>& replacing) const;
  /// The segments in the versions that their ids were given while they were pending.
  std::vector<SegmentUpgrade> of_pending(const std::vector<storage::SegmentDescriptor>& appended) const;
  void remove_pending(const storage::SegmentId& id) const;
  /// All other versions that are published of the segments.
  std::vector<storage::SegmentDescriptor> published(const std::vector<storage::SegmentDescriptor>& appended) const;

  // --- who replaces. `chunks`: below
  class Chunks;
  std::vector<SegmentUpgrade> of_noted(const std::string& task_id, Chunks& chunks) const;
  std::vector<UpgradedSegment> upgrade_pending(const ConcurrentTasks& tasks, Chunks& chunks) const;

 private:
  std::vector<std::string> upgraded_from(const storage::SegmentId& id, const std::string& rest) const;
  std::vector<std::string> noted(const std::string& task_id) const;
  bool is_used(const std::string& data_source, const std::string& from) const;
  void add_pending(const UpgradedSegment& upgraded, const std::string& allocator_id) const;

  const MetadataDatabase& database_;
  const Clock& clock_;
};

/// The chunks that a task replaces, and the numbers that are free in its version of them.
class SegmentUpgrades::Chunks {
 public:
  Chunks(std::string data_source, const std::vector<storage::SegmentDescriptor>& segments,
         const TaskCompletion& completion, const ConcurrentTasks& tasks);

  const std::string& data_source() const noexcept { return data_source_; }

  /// Another id for a segment of a chunk, and how many core partitions there are; nullopt where nothing is replaced, or
  /// by nothing newer. Throws kUnsupported where the chunk is cut into smaller ones, as in Druid.
  std::optional<AllocatedSegment> next(const storage::SegmentId& id);

 private:
  struct Chunk {
    std::string version;
    std::uint32_t next_partition = 0;
    std::uint32_t core_partitions = 0;
  };
  using Found = std::map<Interval, Chunk>::iterator;

  Found chunk_of(const storage::SegmentId& id);
  Found emptied(const Interval& interval);

  const std::string data_source_;
  std::map<Interval, Chunk> chunks_;
  std::vector<storage::SegmentId> replaced_;       // put out of use
  std::vector<ConcurrentTasks::Replacing> locks_;  // of the task
};

}  // namespace sarsen::ingest
