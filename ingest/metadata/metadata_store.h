#pragma once
// The metadata store: which segments are published and used, and how far each stream was read for them. Druid's meaning
// of each column (druid_segments, druid_dataSource); times are ISO text in UTC.
//
// A publication is one transaction: the offsets are compared and swapped, the segments inserted, or nothing is done.
// All of it is durable when the call returns. Thread safety: all methods from any thread. Errors: kRuntimeFailure where
// the store cannot be read or written.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ingest/position.h"
#include "storage/base/error.h"
#include "storage/segment/segment_descriptor.h"

namespace sarsen::ingest {

/// How far a stream was read for what is published now, and where that began.
struct OffsetsChange {
  std::string key;  // whose offsets: the primary key of druid_dataSource
  Position start;   // what the store must hold by now; an empty one: the caller has not published before
  Position end;
};

/// A publication comes too early: what it begins after is not published yet. It may be tried again.
class OffsetsAhead : public Error {
 public:
  explicit OffsetsAhead(const std::string& message) : Error(ErrorCategory::kInvalidInput, message) {}
};

struct PublishedSegment {
  storage::SegmentDescriptor descriptor;
  bool used = true;  // to be served
};

/// A task that ends with a publication, in the same transaction: its row in druid_tasks gets this status, and its
/// pending segments are no longer pending.
struct TaskCompletion {
  std::string task_id;
  std::string status_payload;                     // Druid's TaskStatus
  std::vector<storage::SegmentId> replaced = {};  // are out of use from here on
};

/// Who works on a data source while a task publishes under a lock of type APPEND or REPLACE (useConcurrentLocks).
struct ConcurrentTasks {
  /// A lock of type REPLACE.
  struct Replacing {
    std::string task_id;
    Interval interval;
    std::string version;
  };
  std::vector<Replacing> replacing;
  std::set<std::string> appending;  // tasks that hold locks of type APPEND
};

/// A segment that is not published yet got an id of the version that has replaced its chunk.
struct UpgradedSegment {
  storage::SegmentId from;
  storage::SegmentId id;
  std::uint32_t core_partitions = 0;
};

/// What a task's publication has done to what others append meanwhile.
struct Replacement {
  std::vector<storage::SegmentDescriptor> appended;  // published ones, in the new version
  std::vector<UpgradedSegment> pending;
};

struct UnusedSegment {
  storage::SegmentDescriptor descriptor;
  std::int64_t last_updated_ms;  // when it was put out of use
  std::string files_of;  // the text of the id under which its files were stored: another's where it was upgraded
};

class MetadataStore {
 public:
  virtual ~MetadataStore() = default;

  /// Inserts the segments as used; ids that are there stay as they are. With `offsets`, as Druid does it: partitions
  /// that the store and `start` both know must agree, else nothing is done and it throws: OffsetsAhead where `start` is
  /// further than the store, else kInvalidInput ("Inconsistency between stored metadata state[…] and target state[…]").
  /// Where all the segments are there already, the offsets do not matter: an earlier call did it. With
  /// `completion`, kCanceled where the task is not active any more.
  virtual void publish(const std::vector<storage::SegmentDescriptor>& segments,
                       const std::optional<OffsetsChange>& offsets = {},
                       const std::optional<TaskCompletion>& completion = {}) = 0;

  /// publish() of segments that were allocated under locks of type APPEND: where tasks have replaced their chunks
  /// since, they are published in those versions, too, with the same files; for tasks that replace them still they are
  /// noted. Returns all that is published so: `segments`, then the other versions.
  virtual std::vector<storage::SegmentDescriptor> publish_appended(
      const std::vector<storage::SegmentDescriptor>& segments, const ConcurrentTasks& tasks,
      const std::optional<OffsetsChange>& offsets = {}, const std::optional<TaskCompletion>& completion = {}) = 0;

  /// publish() of a task's segments under its locks of type REPLACE: what others have appended to their chunks since it
  /// has them, published or not, gets their version. Throws kUnsupported where a chunk is cut into smaller ones, and
  /// one of these does not hold what is appended.
  virtual Replacement publish_replacing(const std::string& data_source,
                                        const std::vector<storage::SegmentDescriptor>& segments,
                                        const ConcurrentTasks& tasks, const TaskCompletion& completion) = 0;

  /// Ids of what was appended under the eyes of this task, which replaces: it is no input of the task, as it is
  /// upgraded.
  virtual std::set<std::string> appended_meanwhile(const std::string& task_id) const = 0;

  /// The segments that are to be served, by id.
  virtual std::vector<storage::SegmentDescriptor> used_segments() const = 0;

  /// Ids of all segments ever published and not forgotten, and of those whose files they have, in the order of their
  /// text.
  virtual std::vector<std::string> segment_ids() const = 0;

  /// The segment as it was published; nullopt where it was not.
  virtual std::optional<PublishedSegment> find(const storage::SegmentId& id) const = 0;

  /// How far the stream of `key` was read for what is published; empty where nothing is.
  virtual Position offsets(const std::string& key) const = 0;

  /// Returns how many of them were used until now.
  virtual std::size_t mark_unused(const std::vector<storage::SegmentId>& ids) = 0;

  /// Returns how many of them were unused until now.
  virtual std::size_t mark_used(const std::vector<storage::SegmentId>& ids) = 0;

  /// Another description of a segment that was published: it lies elsewhere now, and has files of its own. False where
  /// there is none of its id.
  virtual bool describe_anew(const storage::SegmentDescriptor& segment) = 0;

  /// Those of the data source that lie in the interval as a whole, by id.
  virtual std::vector<UnusedSegment> unused_segments(const std::string& data_source,
                                                     const Interval& interval) const = 0;

  /// The segment whose id has this text, and its upgrades, used or not: each has its files, unless one was moved.
  virtual std::vector<storage::SegmentDescriptor> with_upgrades(const std::string& data_source,
                                                                const std::string& id) const = 0;

  /// Forgets segments; those that are used stay. Returns how many it forgot.
  virtual std::size_t forget(const std::vector<storage::SegmentId>& ids) = 0;
};

/// "wikipedia", and "wikipedia_2" for partition 2.
std::string offsets_key(const std::string& data_source, std::uint32_t partition);

}  // namespace sarsen::ingest
