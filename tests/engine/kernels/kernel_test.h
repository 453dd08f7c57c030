#pragma once
// What the tests of the kernels share: every instruction set of this machine, columns that end where the memory ends,
// and values that are hard.

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <new>
#include <random>
#include <type_traits>
#include <vector>

#include "storage/simd/arch.h"

namespace sarsen::engine::kernels {

inline constexpr std::size_t kSizes[] = {0, 1, 7, 8, 63, 64, 65, 2047, 2048, 2049};

/// Calls `check` with the tag of each instruction set that this machine has, under its name.
template <class Check>
void on_every_arch(Check check) {
  simd::Archs::for_each([&](auto arch) {
    if (!simd::runs_here(arch)) return;
    SCOPED_TRACE(arch.name());
    check(arch);
  });
}

/// An array whose last value ends where a forbidden page begins: reading or writing past the end ends the test.
template <class T>
class GuardedArray {
 public:
  explicit GuardedArray(std::size_t size) : size_(size) {
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    bytes_ = (size * sizeof(T) + page - 1) / page * page + page;
    memory_ = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory_ == MAP_FAILED) throw std::bad_alloc();
    auto* guard = static_cast<std::byte*>(memory_) + bytes_ - page;
    mprotect(guard, page, PROT_NONE);
    data_ = reinterpret_cast<T*>(guard) - size;
  }
  explicit GuardedArray(const std::vector<T>& values) : GuardedArray(values.size()) {
    if (!values.empty()) std::memcpy(data_, values.data(), values.size() * sizeof(T));
  }
  GuardedArray(const GuardedArray&) = delete;
  GuardedArray& operator=(const GuardedArray&) = delete;
  ~GuardedArray() { munmap(memory_, bytes_); }

  T* data() const noexcept { return data_; }
  std::size_t size() const noexcept { return size_; }
  T& operator[](std::size_t i) const noexcept { return data_[i]; }
  std::vector<T> copy() const { return std::vector<T>(data_, data_ + size_); }

 private:
  std::size_t size_;
  std::size_t bytes_;
  void* memory_;
  T* data_;
};

template <class T>
std::vector<T> special_values() {
  using Limits = std::numeric_limits<T>;
  if constexpr (std::is_floating_point_v<T>) {
    return {T(0),
            -T(0),
            T(1),
            -T(1),
            Limits::infinity(),
            -Limits::infinity(),
            Limits::max(),
            Limits::min(),
            Limits::lowest(),
            Limits::denorm_min(),
            -Limits::denorm_min(),
            Limits::quiet_NaN(),
            -Limits::quiet_NaN()};
  } else {
    return {T(0), T(1), static_cast<T>(-1), Limits::max(), Limits::min(), static_cast<T>(Limits::max() - 1)};
  }
}

/// How the values of a random column are made.
enum class Mix { kPlain, kSmall, kSpecial };

template <class T>
std::vector<T> random_values(std::size_t size, Mix mix, std::mt19937_64& random) {
  const std::vector<T> special = special_values<T>();
  std::vector<T> values(size);
  for (T& value : values) {
    if (mix == Mix::kSpecial && random() % 4 == 0) {
      value = special[random() % special.size()];
    } else if (mix == Mix::kSmall) {
      value = static_cast<T>(random() % 8);
    } else if constexpr (std::is_floating_point_v<T>) {
      value = static_cast<T>(std::normal_distribution<double>(0, 1e6)(random));
    } else {
      value = static_cast<T>(random());
    }
  }
  return values;
}

/// A mask in which about `percent` of the rows are set.
inline std::vector<std::uint64_t> random_mask(std::size_t count, unsigned percent, std::mt19937_64& random) {
  std::vector<std::uint64_t> mask((count + 63) / 64);
  for (std::size_t i = 0; i < count; ++i)
    if (random() % 100 < percent) mask[i / 64] |= std::uint64_t{1} << i % 64;
  return mask;
}

inline bool is_set(const std::uint64_t* mask, std::size_t i) { return (mask[i / 64] >> i % 64 & 1) != 0; }

/// The bits, so that NaN equals itself and the zeros differ.
template <class T>
auto bits_of(T value) {
  if constexpr (std::is_same_v<T, double>) {
    return std::bit_cast<std::uint64_t>(value);
  } else if constexpr (std::is_same_v<T, float>) {
    return std::bit_cast<std::uint32_t>(value);
  } else {
    return value;
  }
}

}  // namespace sarsen::engine::kernels
