#pragma once
// The allocations of this program by way of operator new, counted and limited: a length field of a stranger must never
// become an allocation. Beyond a limit operator new throws std::bad_alloc and the excess is remembered, so that nobody
// who catches it can hide it. Without a limit, nothing is counted. Thread safety: for a program of one thread.

#include <cstddef>

namespace sarsen {

/// While it lives, allocations are counted.
class AllocationLimit {
 public:
  /// `single_bytes_max` for one allocation, `total_bytes_max` for all that live at the same time.
  AllocationLimit(std::size_t single_bytes_max, std::size_t total_bytes_max);
  ~AllocationLimit();
  AllocationLimit(const AllocationLimit&) = delete;
  AllocationLimit& operator=(const AllocationLimit&) = delete;

  bool exceeded() const noexcept;
  std::size_t largest_bytes() const noexcept;  // asked for at once
  std::size_t peak_bytes() const noexcept;     // alive at the same time
};

}  // namespace sarsen
