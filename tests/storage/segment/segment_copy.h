#pragma once
// Reads a whole segment into memory in the shape in which write_segment takes it: what tests of the writer, and of the
// two together, begin with.

#include <deque>
#include <memory>
#include <vector>

#include "storage/segment/segment.h"
#include "storage/segment/segment_writer.h"

namespace sarsen::storage {

class SegmentCopy {
 public:
  explicit SegmentCopy(std::shared_ptr<const Segment> segment);

  /// Valid as long as this object, which must not move.
  const SegmentData& data() const { return data_; }

  SegmentCopy(const SegmentCopy&) = delete;
  SegmentCopy& operator=(const SegmentCopy&) = delete;

 private:
  ColumnData copy(const std::string& name);
  StringColumnData strings(const Column& column);
  template <class T>
  NumericColumnData<T> numbers(NumericReader<T>& reader, std::deque<std::vector<T>>& kept);
  ComplexColumnData complex(const Column& column);
  StructuredColumnData structured(const Column& column);

  std::shared_ptr<const Segment> segment_;
  SegmentData data_;
  // Deques: their elements stay where they are.
  std::deque<std::vector<std::uint32_t>> ids_;
  std::deque<std::vector<std::uint64_t>> nulls_;
  std::deque<std::vector<std::int64_t>> longs_;
  std::deque<std::vector<float>> floats_;
  std::deque<std::vector<double>> doubles_;
  std::deque<std::vector<Json>> jsons_;
};

}  // namespace sarsen::storage
