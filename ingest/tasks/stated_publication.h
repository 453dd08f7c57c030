#pragma once
// A publication whose segments say what made them: their descriptors get a lastCompactionState. Used as the publication
// that it stands before.

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "ingest/batch/segment_output.h"

namespace sarsen::ingest {

class StatedPublication final : public Publication {
 public:
  /// `state` is asked when all segments of the task are written. REQUIRES: `publication` outlives this.
  using State = std::function<Json(const Interval& chunk)>;
  StatedPublication(Publication& publication, State state) : publication_(publication), state_(std::move(state)) {}

  void begin(const std::vector<Interval>& chunks) override { publication_.begin(chunks); }
  std::string version(const Interval& chunk) const override { return publication_.version(chunk); }
  bool is_taken(const storage::SegmentId& id) const override { return publication_.is_taken(id); }
  bool allocates() const override { return publication_.allocates(); }
  void announce(std::vector<storage::SegmentDescriptor>& segments) override {
    for (storage::SegmentDescriptor& segment : segments) segment.last_compaction_state = state_(segment.id.interval);
    publication_.announce(segments);
  }
  void publish(const std::vector<storage::SegmentDescriptor>& segments) override { publication_.publish(segments); }

 private:
  Publication& publication_;
  const State state_;
};

}  // namespace sarsen::ingest
