#include "engine/kernels/compare.h"

#include "engine/kernels/compare.kernel.h"
#include "engine/kernels/run_best.kernel.h"
#include "storage/narrow/narrow_form.h"

namespace sarsen::engine::kernels {

void in_range(const std::int64_t* values, std::size_t count, std::int64_t low, std::int64_t high,
              std::uint64_t* mask) noexcept {
  run_best<InRange>(values, count, low, high, mask);
}
void in_range(const std::uint32_t* values, std::size_t count, std::uint32_t low, std::uint32_t high,
              std::uint64_t* mask) noexcept {
  run_best<InRange>(values, count, low, high, mask);
}
void in_range(const double* values, std::size_t count, double low, double high, std::uint64_t* mask) noexcept {
  run_best<InRange>(values, count, low, high, mask);
}
void in_range(const float* values, std::size_t count, float low, float high, std::uint64_t* mask) noexcept {
  run_best<InRange>(values, count, low, high, mask);
}

void codes_in_range(const std::byte* codes, std::uint32_t width, std::size_t count, std::uint32_t low,
                    std::uint32_t high, std::uint64_t* mask) noexcept {
  // They lie as the machine's own integers, at addresses that fit (storage/narrow).
  storage::visit_code_type(width, [&]<class Code>(Code) {
    run_best<InRange>(reinterpret_cast<const Code*>(codes), count, static_cast<Code>(low), static_cast<Code>(high),
                      mask);
  });
}

}  // namespace sarsen::engine::kernels
