#pragma once
// Some groups on their way from one set of groups to another, as tuples of numbers: a bucket, then the dimensions'
// values. Not thread-safe.

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sarsen::engine {

class GroupBlock {
 public:
  GroupBlock(std::size_t width, std::uint32_t capacity)
      : capacity_(capacity), numbers_(width * capacity), keys_(capacity), groups_(capacity) {}

  /// Element i of all tuples, by tuple.
  std::uint32_t* column(std::size_t i) noexcept { return numbers_.data() + i * capacity_; }
  /// Room for what finds them.
  std::uint64_t* keys() noexcept { return keys_.data(); }
  /// Where they belong.
  std::uint32_t* groups() noexcept { return groups_.data(); }
  std::uint32_t size() const noexcept { return size_; }
  /// REQUIRES: no more than the capacity.
  void set_size(std::uint32_t size) noexcept { size_ = size; }

 private:
  std::size_t capacity_;
  std::vector<std::uint32_t> numbers_;
  std::vector<std::uint64_t> keys_;
  std::vector<std::uint32_t> groups_;
  std::uint32_t size_ = 0;
};

}  // namespace sarsen::engine
