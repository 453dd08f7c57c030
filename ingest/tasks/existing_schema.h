#pragma once
// What segments say of themselves, put together as Druid's compaction does it for all that its specification leaves
// open. Not thread-safe.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/time/granularity.h"
#include "storage/base/interval.h"
#include "storage/base/json.h"
#include "storage/segment/segment.h"

namespace sarsen::ingest {

class ExistingSchema {
 public:
  /// A segment as it is stored, in any order; again, it changes nothing.
  void add(const storage::SegmentId& id, const storage::Segment& segment);

  /// Whether all say that they are rolled up.
  bool rollup() const;
  /// The finest, as JSON; none where no segment says it.
  Json query_granularity() const;
  /// A dimensionsSpec. Each dimension as the latest segment has it that has it at all; values of strings stay in their
  /// order.
  Json dimensions_spec() const;
  /// Aggregators that combine what is stored; null where segments contradict each other.
  Json metrics_spec() const;
  /// From the first segment's start to the last one's end.
  Interval umbrella() const;

 private:
  struct Dimension {
    std::string name;
    Json schema;  // null where the segment has no such column
  };
  struct Existing {
    storage::SegmentId id;
    bool rollup = false;
    Json query_granularity;
    Json aggregators;
    std::vector<Dimension> dimensions;  // those that it is sorted by first, __time among them
  };

  static std::vector<Dimension> dimensions_of(const storage::Segment& segment);
  std::vector<Dimension> all_dimensions() const;

  std::vector<Existing> segments_;  // the latest first
};

}  // namespace sarsen::ingest
