// One register of numbers at a time; the last few codes in a copy that is filled up.

#include "storage/narrow/unnarrow.kernel.h"

#include <type_traits>

#include "storage/narrow/number_lanes.kernel.h"

namespace sarsen::storage {
namespace {

template <class Arch, bool kDivided, class Code, class Value>
XSIMD_INLINE void unnarrow_codes(const NarrowForm& form, const Code* codes, std::size_t count, Value* values) noexcept {
  using Batch = xsimd::batch<Value, Arch>;
  const NumberLanes<Value, Arch, kDivided> number(form.base, form.divisor);
  std::size_t row = 0;
  for (; row + Batch::size <= count; row += Batch::size) number(codes + row).store_unaligned(values + row);
  if (row == count) return;
  const PaddedCodes<Code> padded(codes + row, count - row);
  Value last[Batch::size];
  number(padded.codes).store_unaligned(last);
  for (std::size_t i = 0; row < count; ++i, ++row) values[row] = last[i];
}

template <class Arch, class Code, class Value>
XSIMD_INLINE void unnarrow_as(const NarrowCodes& codes, std::size_t count, Value* values) noexcept {
  const Code* first = reinterpret_cast<const Code*>(codes.codes);
  if constexpr (std::is_same_v<Value, double>) {
    if (codes.form.divisor != 1) return unnarrow_codes<Arch, true>(codes.form, first, count, values);
  }
  unnarrow_codes<Arch, false>(codes.form, first, count, values);
}

}  // namespace

template <class Arch, class Value>
void Unnarrow::operator()(Arch, const NarrowCodes* codes, std::size_t count, Value* values) const noexcept {
  visit_code_type(codes->form.width, [&]<class Code>(Code) { unnarrow_as<Arch, Code>(*codes, count, values); });
}

template void Unnarrow::operator()(KERNEL_ARCH, const NarrowCodes*, std::size_t, double*) const noexcept;
template void Unnarrow::operator()(KERNEL_ARCH, const NarrowCodes*, std::size_t, std::int64_t*) const noexcept;

}  // namespace sarsen::storage
