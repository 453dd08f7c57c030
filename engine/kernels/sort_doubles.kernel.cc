// Networks of exchanges, so that nothing depends on what the values are: registers side by side are sorted lane by
// lane, and each lane's run is written as one piece; runs of equal length meet as in Batcher's bitonic sort. In between
// values are whole numbers of the same order.

#include "engine/kernels/sort_doubles.kernel.h"

#include <cstdint>
#include <utility>

namespace sarsen::engine::kernels {
namespace {

template <class Arch>
using Keys = xsimd::batch<std::int64_t, Arch>;

/// Registers that are sorted side by side.
constexpr std::size_t kRegisters = 16;

/// Machines with two lanes have no comparison of whole numbers of 64 bits, or gain nothing by it.
template <class Arch>
constexpr bool pays() noexcept {
  return Keys<Arch>::size >= 4;
}

/// The key of a value, and the value of a key, as bits.
template <class Arch>
XSIMD_INLINE Keys<Arch> flipped(const Keys<Arch>& bits) noexcept {
  return bits ^ xsimd::select(bits < Keys<Arch>(0), Keys<Arch>(INT64_MAX), Keys<Arch>(0));
}

template <class Arch>
XSIMD_INLINE Keys<Arch> load(const double* values) noexcept {
  return xsimd::bitwise_cast<std::int64_t>(xsimd::batch<double, Arch>::load_unaligned(values));
}

template <class Arch>
XSIMD_INLINE void store(const Keys<Arch>& keys, double* values) noexcept {
  xsimd::bitwise_cast<double>(keys).store_unaligned(values);
}

template <class Arch>
XSIMD_INLINE void flip_all(double* values, std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; i += Keys<Arch>::size)
    store<Arch>(flipped<Arch>(load<Arch>(values + i)), values + i);
}

/// The less of each lane goes to `one`.
template <class Arch>
XSIMD_INLINE void exchange(Keys<Arch>& one, Keys<Arch>& other) noexcept {
  const Keys<Arch> less = xsimd::min(one, other);
  other = xsimd::max(one, other);
  one = less;
}

struct Mirrored {
  static constexpr std::uint64_t get(std::uint64_t lane, std::uint64_t lanes) noexcept { return lanes - 1 - lane; }
};

template <std::size_t kDistance>
struct Partner {
  static constexpr std::uint64_t get(std::uint64_t lane, std::uint64_t) noexcept { return lane ^ kDistance; }
};

template <std::size_t kDistance>
struct IsFirst {
  static constexpr bool get(std::size_t lane, std::size_t) noexcept { return (lane & kDistance) == 0; }
};

template <class Arch>
XSIMD_INLINE Keys<Arch> mirrored(const Keys<Arch>& keys) noexcept {
  return xsimd::swizzle(keys, xsimd::make_batch_constant<std::uint64_t, Arch, Mirrored>());
}

/// Sorts the lanes of a bitonic register: exchanges those kDistance apart, and so on by halves.
template <class Arch, std::size_t kDistance>
XSIMD_INLINE Keys<Arch> clean_lanes(const Keys<Arch>& keys) noexcept {
  if constexpr (kDistance == 0) {
    return keys;
  } else {
    const Keys<Arch> partners =
        xsimd::swizzle(keys, xsimd::make_batch_constant<std::uint64_t, Arch, Partner<kDistance>>());
    constexpr auto is_first = xsimd::make_batch_bool_constant<std::int64_t, Arch, IsFirst<kDistance>>();
    return clean_lanes<Arch, kDistance / 2>(
        xsimd::select(is_first, xsimd::min(keys, partners), xsimd::max(keys, partners)));
  }
}

/// Exchanges those a quarter and a half apart in each piece of so many.
template <class Arch>
XSIMD_INLINE void clean_quarters(double* values, std::size_t count, std::size_t piece) noexcept {
  const std::size_t step = piece / 4;
  for (std::size_t begin = 0; begin < count; begin += piece)
    for (std::size_t i = begin; i < begin + step; i += Keys<Arch>::size) {
      Keys<Arch> first = load<Arch>(values + i);
      Keys<Arch> second = load<Arch>(values + i + step);
      Keys<Arch> third = load<Arch>(values + i + 2 * step);
      Keys<Arch> fourth = load<Arch>(values + i + 3 * step);
      exchange<Arch>(first, third);
      exchange<Arch>(second, fourth);
      exchange<Arch>(first, second);
      exchange<Arch>(third, fourth);
      store<Arch>(first, values + i);
      store<Arch>(second, values + i + step);
      store<Arch>(third, values + i + 2 * step);
      store<Arch>(fourth, values + i + 3 * step);
    }
}

/// Sorts what ascends and then descends, or the other way round.
template <class Arch>
XSIMD_INLINE void clean(double* values, std::size_t count) noexcept {
  constexpr std::size_t kLanes = Keys<Arch>::size;
  std::size_t piece = count;
  for (; piece >= 4 * kLanes; piece /= 4) clean_quarters<Arch>(values, count, piece);
  if (piece == 2 * kLanes) {
    for (std::size_t i = 0; i < count; i += 2 * kLanes) {
      Keys<Arch> first = load<Arch>(values + i);
      Keys<Arch> second = load<Arch>(values + i + kLanes);
      exchange<Arch>(first, second);
      store<Arch>(clean_lanes<Arch, kLanes / 2>(first), values + i);
      store<Arch>(clean_lanes<Arch, kLanes / 2>(second), values + i + kLanes);
    }
  } else {
    for (std::size_t i = 0; i < count; i += kLanes)
      store<Arch>(clean_lanes<Arch, kLanes / 2>(load<Arch>(values + i)), values + i);
  }
}

/// Sorts two halves that ascend: the least half of all goes to the first one, and both are bitonic then.
template <class Arch>
XSIMD_INLINE void merge(double* values, std::size_t count) noexcept {
  constexpr std::size_t kLanes = Keys<Arch>::size;
  for (std::size_t i = 0; i < count / 2; i += kLanes) {
    double* const end = values + count - kLanes - i;
    Keys<Arch> first = load<Arch>(values + i);
    Keys<Arch> second = mirrored<Arch>(load<Arch>(end));
    exchange<Arch>(first, second);
    store<Arch>(first, values + i);
    store<Arch>(mirrored<Arch>(second), end);
  }
  clean<Arch>(values, count / 2);
  clean<Arch>(values + count / 2, count / 2);
}

/// Batcher's odd-even merge sort, as the pairs that are exchanged one after the other.
struct Network {
  std::uint8_t one[64] = {};
  std::uint8_t other[64] = {};
  std::size_t size = 0;

  constexpr Network() noexcept {
    for (std::size_t run = 1; run < kRegisters; run *= 2)
      for (std::size_t step = run; step >= 1; step /= 2)
        for (std::size_t begin = step % run; begin + step < kRegisters; begin += 2 * step)
          for (std::size_t i = begin; i < begin + step && i + step < kRegisters; ++i)
            if (i / (2 * run) == (i + step) / (2 * run)) add(i, i + step);
  }
  constexpr void add(std::size_t first, std::size_t second) noexcept {
    one[size] = static_cast<std::uint8_t>(first);
    other[size++] = static_cast<std::uint8_t>(second);
  }
};
constexpr Network kNetwork;

/// Sorts each lane.
template <class Arch, std::size_t... kPair>
XSIMD_INLINE void sort_lanes(Keys<Arch>* rows, std::index_sequence<kPair...>) noexcept {
  (exchange<Arch>(rows[kNetwork.one[kPair]], rows[kNetwork.other[kPair]]), ...);
}

/// Makes keys of kRegisters registers full of values, and sorted runs of kRegisters keys.
template <class Arch>
XSIMD_INLINE void make_runs(double* values) noexcept {
  constexpr std::size_t kLanes = Keys<Arch>::size;
  Keys<Arch> rows[kRegisters];
  for (std::size_t i = 0; i < kRegisters; ++i) rows[i] = flipped<Arch>(load<Arch>(values + i * kLanes));
  sort_lanes<Arch>(rows, std::make_index_sequence<kNetwork.size>());
  double by_row[kRegisters * kLanes];
  for (std::size_t i = 0; i < kRegisters; ++i) store<Arch>(rows[i], by_row + i * kLanes);
  for (std::size_t lane = 0; lane < kLanes; ++lane)
    for (std::size_t i = 0; i < kRegisters; ++i) values[lane * kRegisters + i] = by_row[i * kLanes + lane];
}

}  // namespace

template <class Arch>
bool SortDoubles::operator()(Arch, double* values, std::size_t count) const noexcept {
  if constexpr (!pays<Arch>()) return false;
  for (std::size_t begin = 0; begin < count; begin += kRegisters * Keys<Arch>::size) make_runs<Arch>(values + begin);
  for (std::size_t size = 2 * kRegisters; size <= count; size *= 2)
    for (std::size_t begin = 0; begin < count; begin += size) merge<Arch>(values + begin, size);
  flip_all<Arch>(values, count);
  return true;
}

template <class Arch>
bool MergeSortedHalves::operator()(Arch, double* values, std::size_t count) const noexcept {
  if constexpr (!pays<Arch>()) return false;
  flip_all<Arch>(values, count);
  merge<Arch>(values, count);
  flip_all<Arch>(values, count);
  return true;
}

template bool SortDoubles::operator()(KERNEL_ARCH, double*, std::size_t) const noexcept;
template bool MergeSortedHalves::operator()(KERNEL_ARCH, double*, std::size_t) const noexcept;

}  // namespace sarsen::engine::kernels
