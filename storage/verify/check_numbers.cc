// Numbers: every block decodes, null rows hold 0.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>

#include "storage/verify/checks.h"

namespace sarsen::storage {
namespace {

constexpr std::uint32_t kStep = 2048;

template <class T>
void check_as(const CheckedColumn& checked, NumericReader<T>& reader) {
  std::array<T, kStep> scratch;
  std::array<std::uint64_t, kStep / 64> nulls;
  const std::uint32_t rows = checked.column.row_count();
  for (std::uint32_t begin = 0; begin < rows; begin += kStep) {
    const std::uint32_t count = std::min(kStep, rows - begin);
    const T* values = reader.read(begin, count, scratch.data());
    if (!reader.read_nulls(begin, count, nulls.data())) continue;
    for (std::uint32_t i = 0; i < count; ++i)
      if ((nulls[i / 64] >> (i % 64) & 1) != 0 && values[i] != T{})
        checked.findings.damage(checked.name, "nulls",
                                fmt::format("row {} is null, but its value is not 0", begin + i));
  }
}

}  // namespace

void check_numbers(const CheckedColumn& checked) {
  if (const auto longs = checked.column.long_reader()) check_as(checked, *longs);
  if (const auto floats = checked.column.float_reader()) check_as(checked, *floats);
  if (const auto doubles = checked.column.double_reader()) check_as(checked, *doubles);
}

}  // namespace sarsen::storage
