#pragma once
// What supervisors keep in the metadata store, in Druid's tables: their specifications with all earlier versions
// (druid_supervisors), the segments that are being filled (druid_pendingSegments), and the offsets that an operator
// sets (druid_dataSource). Thread safety: all methods from any thread. Errors: kRuntimeFailure where the store cannot
// be read or written.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/position.h"
#include "storage/base/error.h"
#include "storage/base/interval.h"
#include "storage/base/json.h"
#include "storage/segment/segment.h"

namespace sarsen::ingest {

/// The sequence_name in druid_pendingSegments of what a task will put in the place of all others.
inline constexpr std::string_view kReplacingSequence = "replacing__";

struct AuditInfo;

struct SupervisorVersion {
  std::string id;
  Json spec;            // type NoopSupervisorSpec: it was terminated
  std::string version;  // when it was written, ISO
};

/// A place for rows of one time is wanted.
struct AllocationRequest {
  std::string data_source;
  std::string sequence;      // one sequence gets one segment per chunk
  std::string allocator_id;  // who asks
  std::int64_t time_ms = 0;
  /// Chunks that may hold the time, the one that is wanted most first.
  std::vector<Interval> intervals;
  std::string version;          // of a chunk that is new
  Interval locked = kEternity;  // what the one who asks may write to
};

struct AllocatedSegment {
  storage::SegmentId id;
  std::uint32_t core_partitions = 0;
};

/// The chunk is another one than was locked: segments have come meanwhile.
class ChunkChanged : public Error {
 public:
  explicit ChunkChanged(const Interval& chunk)
      : Error(ErrorCategory::kRuntimeFailure, "The time chunk has become " + format_iso(chunk)) {}
};

/// A row of druid_pendingSegments.
struct PendingSegment {
  storage::SegmentId id;
  bool is_published = false;  // or another version of it is: its files count
};

class SupervisorStore {
 public:
  virtual ~SupervisorStore() = default;

  /// A further version of the specification.
  virtual void add_version(const std::string& id, const Json& spec) = 0;

  /// Who posted a specification, among the changes of settings (druid_audit).
  virtual void audit_update(const std::string& id, const std::string& data_source, const AuditInfo& who) = 0;

  /// All versions of all supervisors, the newest first.
  virtual std::vector<SupervisorVersion> versions() const = 0;

  /// By Druid's rules: a chunk that has segments in use keeps its interval and version and gets the next partition;
  /// else the first of the wanted intervals that cuts none in use or being filled. Asked again, it gives the same
  /// segment. kInvalidInput where there is no such interval; ChunkChanged where it is not within the locked one.
  virtual AllocatedSegment allocate(const AllocationRequest& request) = 0;

  /// The interval of the segment that allocate() would give.
  virtual Interval chunk_of(const AllocationRequest& request) = 0;

  /// The ids that the segment got from tasks that have replaced its chunk since it was allocated.
  virtual std::vector<AllocatedSegment> upgrades_of(const storage::SegmentId& id) const = 0;

  /// What this sequence was filling is published.
  virtual void remove_pending(const std::string& data_source, const std::string& sequence) = 0;

  /// What the task has had allocated and not published.
  virtual std::vector<PendingSegment> pending_of(const std::string& allocator_id) const = 0;
  /// What was allocated before then by tasks that have no locks.
  virtual std::vector<PendingSegment> pending_before(std::int64_t created_ms) const = 0;
  virtual void remove_pending(const std::vector<PendingSegment>& segments) = 0;
  /// Of a data source, what was allocated within that time; how many there were.
  virtual std::size_t remove_pending_of(const std::string& data_source, const Interval& created) = 0;

  /// False where there were none.
  virtual bool remove_offsets(const std::string& key) = 0;

  /// Makes these the offsets of `key`, and no others.
  virtual void set_offsets(const std::string& key, const Position& offsets) = 0;
};

/// As druid_pendingSegments has it: {"dataSource","interval","version","shardSpec"}
Json pending_payload(const AllocatedSegment& segment);

/// The choice that allocate() makes, without the store. `used` and `pending` overlap the wanted intervals or hold the
/// time. nullopt where there is none.
struct ChunkSegment {
  storage::SegmentId id;
  std::uint32_t core_partitions = 0;
};
std::optional<AllocatedSegment> choose_segment(const AllocationRequest& request, const std::vector<ChunkSegment>& used,
                                               const std::vector<ChunkSegment>& pending);

}  // namespace sarsen::ingest
