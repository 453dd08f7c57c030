#pragma once
// A segment that a coordinator has ordered here, with what it said of it.

#include <memory>
#include <utility>
#include <vector>

#include "storage/segment/segment_descriptor.h"
#include "storage/segment/timeline.h"

namespace sarsen::ingest {

class OrderedSegment final : public storage::ServedSegment {
 public:
  OrderedSegment(storage::SegmentDescriptor descriptor, std::shared_ptr<const storage::Segment> segment)
      : descriptor_(std::move(descriptor)), segment_(std::move(segment)) {}

  std::vector<std::shared_ptr<const storage::Segment>> acquire() const override { return {segment_}; }
  const storage::SegmentDescriptor& descriptor() const noexcept { return descriptor_; }

 private:
  const storage::SegmentDescriptor descriptor_;
  const std::shared_ptr<const storage::Segment> segment_;
};

}  // namespace sarsen::ingest
