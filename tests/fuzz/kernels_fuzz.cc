// Every kernel on every instruction set of this machine against its scalar twin. The first two bytes say how many rows;
// the rest is their values and masks, bit for bit, so that the fuzzer finds the odd NaN by itself.

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <type_traits>
#include <vector>

#include "engine/kernels/byte_pairs.kernel.h"
#include "engine/kernels/compare.kernel.h"
#include "engine/kernels/extreme.kernel.h"
#include "engine/kernels/in_set.kernel.h"
#include "engine/kernels/mask.kernel.h"
#include "engine/kernels/narrow_extreme.kernel.h"
#include "engine/kernels/narrow_sum.kernel.h"
#include "engine/kernels/sort_doubles.kernel.h"
#include "engine/kernels/sum.kernel.h"
#include "storage/column/widen_ids.kernel.h"
#include "storage/narrow/unnarrow.kernel.h"
#include "tests/engine/kernels/scalar_twins.h"

namespace sarsen::engine::kernels {
namespace {

/// The bytes of the input, over and over again; zeros where there are none.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}

  template <class T>
  T next() {
    std::uint8_t bytes[sizeof(T)] = {};
    for (std::uint8_t& byte : bytes)
      if (size_ != 0) byte = data_[offset_++ % size_];
    T value;
    std::memcpy(&value, bytes, sizeof(T));
    return value;
  }
  template <class T>
  std::vector<T> list(std::size_t count) {
    std::vector<T> values(count);
    for (T& value : values) value = next<T>();
    return values;
  }

 private:
  const std::uint8_t* data_;
  std::size_t size_, offset_ = 0;
};

void require(bool held) {
  if (!held) std::abort();
}

template <class T>
bool same(T left, T right) {
  return std::memcmp(&left, &right, sizeof(T)) == 0;
}

template <class Check>
void on_every_arch(Check check) {
  simd::Archs::for_each([&](auto arch) {
    if (simd::runs_here(arch)) check(arch);
  });
}

template <class Value>
void check_folds(const std::vector<Value>& values, const std::vector<std::uint64_t>& mask,
                 const std::vector<std::uint32_t>& positions) {
  using Limits = std::numeric_limits<Value>;
  const Value no_min = Limits::has_infinity ? Limits::infinity() : Limits::max();
  const Value no_max = Limits::has_infinity ? -Limits::infinity() : Limits::min();
  const Value* data = values.data();
  const std::size_t count = values.size();
  const auto all = [](std::size_t) { return true; };
  const auto taken = [&](std::size_t i) { return (mask[i / 64] >> i % 64 & 1) != 0; };
  on_every_arch([&](auto arch) {
    if constexpr (!std::is_same_v<Value, float>) {
      require(same(Sum{}(arch, data, count), twin::sum(data, count)));
      require(same(SumMasked{}(arch, data, mask.data(), count), twin::sum_masked(data, mask.data(), count)));
      require(same(SumAt{}(arch, data, positions.data(), count), twin::sum_at(data, positions.data(), count)));
    }
    require(same(Min{}(arch, data, count), twin::extreme(data, count, false, no_min, all)));
    require(same(Max{}(arch, data, count), twin::extreme(data, count, true, no_max, all)));
    require(same(MinMasked{}(arch, data, mask.data(), count), twin::extreme(data, count, false, no_min, taken)));
    require(same(MaxMasked{}(arch, data, mask.data(), count), twin::extreme(data, count, true, no_max, taken)));
  });
}

template <class Value>
void check_range(const std::vector<Value>& values, Value low, Value high) {
  const auto expected = twin::in_range(values.data(), values.size(), low, high);
  on_every_arch([&](auto arch) {
    std::vector<std::uint64_t> mask(expected.size());
    InRange{}(arch, values.data(), values.size(), low, high, mask.data());
    require(mask == expected);
  });
}

template <class Value>
void check_numbers(Input& input, const std::vector<std::uint64_t>& mask, const std::vector<std::uint32_t>& positions) {
  const auto values = input.list<Value>(positions.size());
  check_folds(values, mask, positions);
  check_range(values, input.next<Value>(), input.next<Value>());
  if (!values.empty()) check_range(values, values.front(), values.back());
}

void check_masks(const std::vector<std::uint64_t>& mask, const std::vector<std::uint64_t>& other, std::size_t count) {
  const auto expected = twin::positions(mask.data(), count);
  on_every_arch([&](auto arch) {
    std::vector<std::uint32_t> positions(mask.size() * 64);
    positions.resize(MaskToPositions{}(arch, mask.data(), count, positions.data()));
    require(positions == expected);
    require(MaskCount{}(arch, mask.data(), mask.size()) == expected.size());
    auto both = mask, either = mask, rest = mask;
    MaskAnd{}(arch, both.data(), other.data(), mask.size());
    MaskOr{}(arch, either.data(), other.data(), mask.size());
    MaskAndNot{}(arch, rest.data(), other.data(), mask.size());
    for (std::size_t i = 0; i < mask.size(); ++i) {
      require(both[i] == (mask[i] & other[i]) && either[i] == (mask[i] | other[i]));
      require(rest[i] == (mask[i] & ~other[i]));
    }
  });
}

void check_ids(Input& input, std::size_t count) {
  for (std::uint32_t width = 1; width <= 4; ++width) {
    const auto packed = input.list<std::byte>(count * width);
    const auto expected = twin::widen_ids(packed.data(), width, count);
    on_every_arch([&](auto arch) {
      std::vector<std::uint32_t> ids(count);
      storage::WidenIds{}(arch, packed.data(), width, count, ids.data());
      require(ids == expected);
    });
  }
  const auto set = input.list<std::uint64_t>(16);
  auto ids = input.list<std::uint32_t>(count);
  check_range(ids, input.next<std::uint32_t>(), input.next<std::uint32_t>());
  for (std::uint32_t& id : ids) id %= 16 * 64;
  const auto expected = twin::in_set(ids.data(), count, set.data());
  on_every_arch([&](auto arch) {
    std::vector<std::uint64_t> mask(expected.size());
    InSet{}(arch, ids.data(), count, set.data(), mask.data());
    require(mask == expected);
  });
}

/// Sums over codes are those over the numbers that they stand for, to the last bit.
template <class Code>
void check_codes(Input& input, const std::vector<std::uint64_t>& mask, std::size_t count) {
  constexpr double kDivisors[] = {1, 10, 1e6};
  const auto codes = input.list<Code>(count);
  const storage::NarrowForm form{sizeof(Code), input.next<std::int64_t>() % storage::kNarrowBaseMax,
                                 kDivisors[input.next<std::uint8_t>() % 3]};
  const storage::NarrowCodes narrow{reinterpret_cast<const std::byte*>(codes.data()), form};
  std::vector<double> numbers(count);
  std::uint64_t code_sum = 0, masked_sum = 0;
  std::uint32_t least = UINT32_MAX, greatest = 0;
  for (std::size_t i = 0; i < count; ++i) {
    numbers[i] = static_cast<double>(form.base + codes[i]) / form.divisor;
    code_sum += codes[i];
    if ((mask[i / 64] >> i % 64 & 1) == 0) continue;
    masked_sum += codes[i];
    least = std::min<std::uint32_t>(least, codes[i]), greatest = std::max<std::uint32_t>(greatest, codes[i]);
  }
  const MaskList list{mask.data(), 0, 1};
  on_every_arch([&](auto arch) {
    std::vector<double> wide(count);
    storage::Unnarrow{}(arch, &narrow, count, wide.data());
    require(wide == numbers);
    require(same(NarrowSum{}(arch, &narrow, nullptr, count), twin::sum(numbers.data(), count)));
    require(same(NarrowSum{}(arch, &narrow, mask.data(), count), twin::sum_masked(numbers.data(), mask.data(), count)));
    require(CodeSum{}(arch, &narrow, count) == code_sum);
    double sum = 0;
    std::uint64_t whole = 0;
    NarrowSums{}(arch, &narrow, &list, count, &sum);
    CodeSums{}(arch, &narrow, &list, count, &whole);
    require(same(sum, twin::sum_masked(numbers.data(), mask.data(), count)) && whole == masked_sum);
    if (least > greatest) return;
    require(LeastCode{}(arch, &narrow, mask.data(), count) == least);
    require(GreatestCode{}(arch, &narrow, mask.data(), count) == greatest);
  });
  check_range(codes, input.next<Code>(), input.next<Code>());
}

void check_pairs(Input& input, std::size_t count) {
  const auto text = input.list<std::uint8_t>(count);
  const auto bytes = input.list<std::uint8_t>(4);
  const BytePair pair{{bytes[0], bytes[1]},
                      {bytes[2], bytes[3]},
                      std::uint32_t{input.next<std::uint8_t>()} % 70,
                      input.next<std::uint8_t>() % 2 != 0};
  const auto is_pair = [&](std::size_t i) {
    const std::size_t other = i + pair.distance;
    if (pair.or_high && text[i] >= 0x80) return true;
    return other < count && (text[i] == bytes[0] || text[i] == bytes[1]) &&
           (text[other] == bytes[2] || text[other] == bytes[3]);
  };
  std::vector<std::uint64_t> expected((count + 63) / 64);
  for (std::size_t i = 0; i < count; ++i) expected[i / 64] |= std::uint64_t{is_pair(i)} << i % 64;
  on_every_arch([&](auto arch) {
    std::vector<std::uint64_t> mask(expected.size());
    FindBytePairs{}(arch, reinterpret_cast<const char*>(text.data()), count, count, &pair, mask.data());
    require(mask == expected);
  });
}

void check_sorting(Input& input) {
  auto values = input.list<double>(256);
  std::replace_if(values.begin(), values.end(), [](double value) { return value != value; }, -0.0);
  const auto before = [](double left, double right) {
    return left < right || (left == right && std::signbit(left) && !std::signbit(right));
  };
  auto expected = values;
  std::sort(expected.begin(), expected.end(), before);
  auto halves = values;
  std::sort(halves.begin(), halves.begin() + 128, before);
  std::sort(halves.begin() + 128, halves.end(), before);
  on_every_arch([&](auto arch) {
    auto sorted = values, merged = halves;
    if (SortDoubles{}(arch, sorted.data(), sorted.size()))
      require(std::memcmp(sorted.data(), expected.data(), 256 * sizeof(double)) == 0);
    if (MergeSortedHalves{}(arch, merged.data(), merged.size()))
      require(std::memcmp(merged.data(), expected.data(), 256 * sizeof(double)) == 0);
  });
}

void check_all(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  const std::size_t count = input.next<std::uint16_t>() % 300;
  auto mask = input.list<std::uint64_t>((count + 63) / 64);
  if (count % 64 != 0) mask.back() &= (std::uint64_t{1} << count % 64) - 1;
  auto positions = input.list<std::uint32_t>(count);
  for (std::uint32_t& position : positions) position %= static_cast<std::uint32_t>(count);
  check_numbers<std::int64_t>(input, mask, positions);
  check_numbers<double>(input, mask, positions);
  check_numbers<float>(input, mask, positions);
  check_masks(mask, input.list<std::uint64_t>(mask.size()), count);
  check_ids(input, count);
  check_pairs(input, count);
  check_sorting(input);
  check_codes<std::uint8_t>(input, mask, count);
  check_codes<std::uint16_t>(input, mask, count);
  check_codes<std::uint32_t>(input, mask, count);
}

}  // namespace
}  // namespace sarsen::engine::kernels

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sarsen::engine::kernels::check_all(data, size);
  return 0;
}
