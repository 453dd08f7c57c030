#pragma once
// Which segments answer for which time: Druid's VersionedIntervalTimeline. For each moment the greatest version wins; a
// version hides older ones only where its partitions are complete (shard spec "numbered" with a core set). Within one
// version all partitions answer together. Live and immutable segments are entries of the same timeline, so hand-off is
// one swap.
//
// A Timeline is a value: copy, change, publish through the Catalog (catalog.h). Thread safety: const methods from any
// thread.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "storage/base/interval.h"
#include "storage/base/json.h"
#include "storage/segment/segment.h"

namespace sarsen::storage {

/// A segment as something that can be queried: a mapped segment is one part, a live sink is its persisted hydrants and
/// the growing index.
class ServedSegment {
 public:
  virtual ~ServedSegment() = default;
  /// The parts as of now, oldest rows first. A query holds them until it ends.
  virtual std::vector<std::shared_ptr<const Segment>> acquire() const = 0;
  virtual bool is_realtime() const noexcept { return false; }
};

/// A served segment that is one immutable Segment.
class ImmutableServedSegment final : public ServedSegment {
 public:
  explicit ImmutableServedSegment(std::shared_ptr<const Segment> segment) : segment_(std::move(segment)) {}
  std::vector<std::shared_ptr<const Segment>> acquire() const override { return {segment_}; }

 private:
  std::shared_ptr<const Segment> segment_;
};

struct TimelineEntry {
  SegmentId id;
  /// Partitions that must all be present before this version is served; 0: none ("linear", "none", appended
  /// partitions).
  std::uint32_t core_partitions = 0;
  Json shard_spec;
  std::shared_ptr<const ServedSegment> segment;
};

/// One entry with the part of its interval in which it answers.
struct TimelineHit {
  Interval interval;
  const TimelineEntry* entry;
};

class Timeline {
 public:
  /// Replaces an entry of the same id. Throws kInvalidInput, as Druid refuses it, where an entry of the same version
  /// has another interval that overlaps this one: nobody could say which of them answers.
  void add(TimelineEntry entry);
  /// False where there was none.
  bool remove(const SegmentId& id);
  bool empty() const noexcept { return entries_.empty(); }

  /// All entries by id, hidden ones too.
  const std::map<SegmentId, TimelineEntry>& entries() const noexcept { return entries_; }

  /// What answers for `interval`: in order of time, then version, then partition. Pointers live as long as this
  /// Timeline.
  std::vector<TimelineHit> lookup(const Interval& interval) const;

 private:
  bool has_partition_of(const SegmentId& id) const;
  void refuse_conflict(const SegmentId& added) const;

  std::map<SegmentId, TimelineEntry> entries_;
  std::uint64_t longest_ms_ = 0;  // of all intervals ever added: how far back an overlapping one can begin
};

}  // namespace sarsen::storage
