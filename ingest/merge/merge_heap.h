#pragma once
// Sources by their present element, least first: what merges of rows and of dictionaries step through. A binary heap
// that gives equal elements in the order in which Druid's does, since sums of floating numbers depend on it: an element
// sinks below a child only where the child is less, and of two equal children the left one rises. Not thread-safe.

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace sarsen::ingest {

/// `Compare`: int(std::uint32_t left_source, std::uint32_t right_source), negative, 0 or positive.
template <class Compare>
class MergeHeap {
 public:
  explicit MergeHeap(Compare compare) : compare_(std::move(compare)) {}

  bool empty() const noexcept { return sources_.empty(); }
  /// REQUIRES for what follows: !empty().
  std::uint32_t top() const noexcept { return sources_.front(); }

  void add(std::uint32_t source) {
    std::size_t place = sources_.size();
    sources_.push_back(source);
    while (place != 0 && compare_(sources_[(place - 1) / 2], source) > 0) {
      sources_[place] = sources_[(place - 1) / 2];
      place = (place - 1) / 2;
    }
    sources_[place] = source;
  }

  /// The top source has moved to its next element.
  void top_changed() { sink(); }

  /// The top source has no more elements.
  void pop() {
    sources_.front() = sources_.back();
    sources_.pop_back();
    if (!sources_.empty()) sink();
  }

 private:
  void sink() {
    const std::uint32_t source = sources_.front();
    std::size_t place = 0;
    for (std::size_t child = 1; child < sources_.size(); child = 2 * place + 1) {
      if (child + 1 < sources_.size() && compare_(sources_[child + 1], sources_[child]) < 0) ++child;
      if (compare_(source, sources_[child]) <= 0) break;
      sources_[place] = sources_[child];
      place = child;
    }
    sources_[place] = source;
  }

  Compare compare_;
  std::vector<std::uint32_t> sources_;
};

}  // namespace sarsen::ingest
