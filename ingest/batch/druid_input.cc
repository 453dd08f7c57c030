// Input source druid: rows of segments that are there already (segment_rows.h).

#include <utility>

#include "ingest/batch/input_types.h"

namespace sarsen::ingest {
namespace {

class SegmentsInput final : public Input {
 public:
  explicit SegmentsInput(SegmentInput segments) : segments_(std::move(segments)) {}

  const SegmentInput* segments() const noexcept override { return &segments_; }

 private:
  SegmentInput segments_;
};

}  // namespace

Inputs druid_inputs(const JsonField& json, const std::filesystem::path&) {
  return {std::make_shared<SegmentsInput>(SegmentInput::parse(json))};
}

}  // namespace sarsen::ingest
