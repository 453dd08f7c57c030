#pragma once
// A segment that is announced no more and still answers for a while: queries that were planned before must find it.

#include <memory>
#include <utility>
#include <vector>

#include "storage/segment/timeline.h"

namespace sarsen::ingest {

class LeavingSegment final : public storage::ServedSegment {
 public:
  explicit LeavingSegment(std::shared_ptr<const storage::ServedSegment> segment) : segment_(std::move(segment)) {}

  std::vector<std::shared_ptr<const storage::Segment>> acquire() const override { return segment_->acquire(); }
  bool is_realtime() const noexcept override { return segment_->is_realtime(); }
  const std::shared_ptr<const storage::ServedSegment>& segment() const noexcept { return segment_; }

 private:
  const std::shared_ptr<const storage::ServedSegment> segment_;
};

inline bool is_leaving(const storage::TimelineEntry& entry) noexcept {
  return dynamic_cast<const LeavingSegment*>(entry.segment.get()) != nullptr;
}

/// The entry, where others are told of it; else null.
inline const storage::TimelineEntry* find_announced(const storage::Timeline& timeline, const storage::SegmentId& id) {
  const auto found = timeline.entries().find(id);
  return found == timeline.entries().end() || is_leaving(found->second) ? nullptr : &found->second;
}

}  // namespace sarsen::ingest
