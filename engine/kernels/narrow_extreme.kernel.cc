// One algorithm, the greatest, of which a row left out is 0; the least is the greatest of the codes with all bits
// turned.

#include "engine/kernels/narrow_extreme.kernel.h"

#include "engine/kernels/code_lanes.kernel.h"
#include "storage/simd/prefetch.kernel.h"

namespace sarsen::engine::kernels {
namespace {

using storage::NarrowCodes;

template <class Arch, class Code, bool kTurned>
struct RunningGreatest {
  using Batch = xsimd::batch<Code, Arch>;
  static constexpr std::size_t kChains = 4;

  Batch greatest[kChains];

  XSIMD_INLINE RunningGreatest() noexcept {
    for (Batch& batch : greatest) batch = Batch(Code{0});
  }
  static XSIMD_INLINE Batch load(const Code* codes) noexcept {
    const Batch batch = Batch::load_unaligned(codes);
    return kTurned ? ~batch : batch;
  }
  /// kChains registers.
  XSIMD_INLINE void take(const Code* codes) noexcept {
    for (std::size_t i = 0; i < kChains; ++i) greatest[i] = xsimd::max(greatest[i], load(codes + i * Batch::size));
  }
  /// 64 codes.
  XSIMD_INLINE void take(const Code* codes, std::uint64_t bits) noexcept {
    for (std::size_t i = 0; i < 64 / Batch::size; ++i) {
      const Batch taken = load(codes + i * Batch::size) & code_mask<Arch, Code>(bits >> i * Batch::size);
      greatest[i % kChains] = xsimd::max(greatest[i % kChains], taken);
    }
  }
  XSIMD_INLINE std::uint32_t fold() const noexcept {
    Code lanes[kChains * Batch::size];
    for (std::size_t i = 0; i < kChains; ++i) greatest[i].store_unaligned(lanes + i * Batch::size);
    Code best = 0;
    for (const Code lane : lanes) best = lane > best ? lane : best;
    return static_cast<Code>(kTurned ? ~best : best);
  }
};

template <class Arch, bool kTurned, class Code>
XSIMD_INLINE std::uint32_t extreme_code(const Code* codes, const std::uint64_t* mask, std::size_t count) noexcept {
  using Running = RunningGreatest<Arch, Code, kTurned>;
  constexpr std::size_t kRows = Running::kChains * Running::Batch::size;
  Running running;
  std::size_t row = 0;
  if (mask == nullptr) {
    for (; row + kRows <= count; row += kRows) {
      for (std::size_t i = 0; i < kRows; i += 64 / sizeof(Code)) simd::prefetch(codes + row + count + i);
      running.take(codes + row);
    }
    for (; row + 64 <= count; row += 64) running.take(codes + row, ~std::uint64_t{0});
  } else {
    for (; row + 64 <= count; row += 64)
      if (mask[row / 64] != 0) running.take(codes + row, mask[row / 64]);
  }
  if (row < count) {
    const LastCodes<Code> last(codes + row, count - row);
    const std::uint64_t rest = (std::uint64_t{1} << (count - row)) - 1;
    running.take(last.codes, mask == nullptr ? rest : mask[row / 64] & rest);
  }
  return running.fold();
}

template <class Arch, bool kTurned>
XSIMD_INLINE std::uint32_t extreme(const NarrowCodes& codes, const std::uint64_t* mask, std::size_t count) noexcept {
  return storage::visit_code_type(codes.form.width, [&]<class Code>(Code) {
    return extreme_code<Arch, kTurned>(reinterpret_cast<const Code*>(codes.codes), mask, count);
  });
}

}  // namespace

template <class Arch>
std::uint32_t LeastCode::operator()(Arch, const NarrowCodes* codes, const std::uint64_t* mask,
                                    std::size_t count) const noexcept {
  return extreme<Arch, true>(*codes, mask, count);
}
template <class Arch>
std::uint32_t GreatestCode::operator()(Arch, const NarrowCodes* codes, const std::uint64_t* mask,
                                       std::size_t count) const noexcept {
  return extreme<Arch, false>(*codes, mask, count);
}

template std::uint32_t LeastCode::operator()(KERNEL_ARCH, const NarrowCodes*, const std::uint64_t*,
                                             std::size_t) const noexcept;
template std::uint32_t GreatestCode::operator()(KERNEL_ARCH, const NarrowCodes*, const std::uint64_t*,
                                                std::size_t) const noexcept;

}  // namespace sarsen::engine::kernels
