#include "storage/base/large_array.h"

#include <sys/mman.h>

#include <bit>
#include <cstdint>

namespace sarsen {
namespace {

constexpr std::uintptr_t kPageBytes = 4096;

bool is_large(std::size_t bytes) noexcept { return bytes >= kHugePageBytes; }

}  // namespace

void ask_for_huge_pages(void* memory, std::size_t bytes) noexcept {
  if (!is_large(bytes)) return;
  const auto begin = std::bit_cast<std::uintptr_t>(memory) / kPageBytes * kPageBytes;
  const auto end = std::bit_cast<std::uintptr_t>(memory) + bytes;
  static_cast<void>(::madvise(std::bit_cast<void*>(begin), end - begin, MADV_HUGEPAGE));
}

void* allocate_large_array(std::size_t bytes) {
  if (!is_large(bytes)) return ::operator new(bytes);
  void* memory = ::operator new(bytes, std::align_val_t{kHugePageBytes});
  ask_for_huge_pages(memory, bytes);
  return memory;
}

void DeleteLargeArray::operator()(void* memory) const noexcept {
  if (is_large(bytes))
    ::operator delete(memory, std::align_val_t{kHugePageBytes});
  else
    ::operator delete(memory);
}

}  // namespace sarsen
