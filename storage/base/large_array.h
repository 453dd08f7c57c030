#pragma once
// Arrays that may be large: from a huge page on they begin at one, and the kernel is asked to give them such. It hands
// out memory when it is touched first, page by page, and each visit costs more than what is done with a small page.
// Elements are not initialised. Counted as other memory (memory_count.h).

#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>

namespace sarsen {

/// On the machines that we know.
inline constexpr std::size_t kHugePageBytes = std::size_t{2} << 20;

struct DeleteLargeArray {
  std::size_t bytes = 0;
  void operator()(void* memory) const noexcept;
};

template <class T>
using LargeArray = std::unique_ptr<T[], DeleteLargeArray>;

/// Throws std::bad_alloc.
void* allocate_large_array(std::size_t bytes);

/// Asks for huge pages for memory that nobody has touched yet; a hint, and nothing where it is less than one.
void ask_for_huge_pages(void* memory, std::size_t bytes) noexcept;

template <class T>
LargeArray<T> make_large_array(std::size_t count) {
  static_assert(std::is_trivially_destructible_v<T> && alignof(T) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__);
  const std::size_t bytes = count * sizeof(T);
  return LargeArray<T>(static_cast<T*>(allocate_large_array(bytes)), DeleteLargeArray{bytes});
}

}  // namespace sarsen
