#pragma once
// The groups of a scan without the scan: values instead of a cursor's ids, so that they can be kept for later queries
// that group and aggregate alike. Immutable, shared by threads.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/aggregator/aggregator_set.h"
#include "engine/group/group_scan.h"

namespace sarsen::engine {

class KeptGroups {
 public:
  KeptGroups(const Grouping& grouping, const GroupScan& scan);

  std::uint32_t size() const noexcept { return states_.size(); }
  std::int64_t bucket_ms(std::uint32_t group) const noexcept { return buckets_ms_[group]; }
  /// By dimension: numbers from 0 on, that stand for the same value where they are the same.
  const std::uint32_t* ids(std::uint32_t group) const noexcept { return numbers_.data() + group * values_.size(); }
  const Value& value(std::size_t dimension, std::uint32_t number) const noexcept { return values_[dimension][number]; }
  const std::byte* states(std::uint32_t group) const noexcept { return states_.row(group); }
  /// Of memory. What states hold apart from their rows is reckoned by the size of its stored form.
  std::size_t bytes() const noexcept { return bytes_; }

 private:
  void add_values(std::size_t dimension, const GroupScan& scan);
  std::size_t count_bytes() const;

  std::shared_ptr<const AggregatorSet> aggregators_;
  std::vector<std::int64_t> buckets_ms_;    // by group
  std::vector<std::vector<Value>> values_;  // by dimension
  std::vector<std::uint32_t> numbers_;      // groups x dimensions
  StateRows states_;
  std::size_t bytes_ = 0;
};

}  // namespace sarsen::engine
