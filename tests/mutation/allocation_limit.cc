#include "tests/mutation/allocation_limit.h"

#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <new>

namespace sarsen {
namespace {

struct Count {
  bool counting = false;
  bool exceeded = false;
  std::size_t single_bytes_max = 0;
  std::size_t total_bytes_max = 0;
  std::size_t largest_bytes = 0;
  std::size_t peak_bytes = 0;
  // Signed: what was allocated before may be freed meanwhile.
  std::ptrdiff_t live_bytes = 0;
};

Count count;

void* checked(std::size_t size, void* memory) {
  if (memory == nullptr) throw std::bad_alloc();
  if (!count.counting) return memory;
  count.live_bytes += static_cast<std::ptrdiff_t>(malloc_usable_size(memory));
  count.largest_bytes = std::max(count.largest_bytes, size);
  count.peak_bytes =
      std::max(count.peak_bytes, static_cast<std::size_t>(std::max<std::ptrdiff_t>(count.live_bytes, 0)));
  return memory;
}

void refuse_excess(std::size_t size) {
  if (!count.counting) return;
  const auto live = static_cast<std::size_t>(std::max<std::ptrdiff_t>(count.live_bytes, 0));
  if (size <= count.single_bytes_max && size <= count.total_bytes_max - std::min(live, count.total_bytes_max)) return;
  count.exceeded = true;
  count.largest_bytes = std::max(count.largest_bytes, size);
  throw std::bad_alloc();
}

void release(void* memory) noexcept {
  if (count.counting && memory != nullptr) count.live_bytes -= static_cast<std::ptrdiff_t>(malloc_usable_size(memory));
  std::free(memory);
}

void* allocate(std::size_t size) {
  refuse_excess(size);
  return checked(size, std::malloc(std::max<std::size_t>(size, 1)));
}

void* allocate(std::size_t size, std::align_val_t alignment) {
  refuse_excess(size);
  const auto step = static_cast<std::size_t>(alignment);
  return checked(size, std::aligned_alloc(step, (std::max<std::size_t>(size, 1) + step - 1) / step * step));
}

void* allocate_or_nothing(std::size_t size) noexcept {
  try {
    return allocate(size);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

}  // namespace

AllocationLimit::AllocationLimit(std::size_t single_bytes_max, std::size_t total_bytes_max) {
  count = Count{};
  count.single_bytes_max = single_bytes_max;
  count.total_bytes_max = total_bytes_max;
  count.counting = true;
}

AllocationLimit::~AllocationLimit() { count.counting = false; }

bool AllocationLimit::exceeded() const noexcept { return count.exceeded; }
std::size_t AllocationLimit::largest_bytes() const noexcept { return count.largest_bytes; }
std::size_t AllocationLimit::peak_bytes() const noexcept { return count.peak_bytes; }

}  // namespace sarsen

// All forms are replaced that anything here calls: sanitizers hold a form of theirs against a release of ours.
void* operator new(std::size_t size) { return sarsen::allocate(size); }
void* operator new[](std::size_t size) { return sarsen::allocate(size); }
void* operator new(std::size_t size, std::align_val_t alignment) { return sarsen::allocate(size, alignment); }
void* operator new[](std::size_t size, std::align_val_t alignment) { return sarsen::allocate(size, alignment); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return sarsen::allocate_or_nothing(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return sarsen::allocate_or_nothing(size); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { sarsen::release(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { sarsen::release(memory); }
void operator delete(void* memory) noexcept { sarsen::release(memory); }
void operator delete[](void* memory) noexcept { sarsen::release(memory); }
void operator delete(void* memory, std::size_t) noexcept { sarsen::release(memory); }
void operator delete[](void* memory, std::size_t) noexcept { sarsen::release(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { sarsen::release(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { sarsen::release(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { sarsen::release(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { sarsen::release(memory); }
