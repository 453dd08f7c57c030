// Rows stand in the order that the metadata states. Column by column: a row is compared with the one before it as long
// as the two agree in all columns so far. Ends at the first column whose order is not that of single values.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "storage/verify/checks.h"

namespace sarsen::storage {
namespace {

constexpr std::uint32_t kStep = 2048;

class OrderCheck {
 public:
  OrderCheck(const Segment& segment, Findings& findings)
      : segment_(segment), findings_(findings), equal_(segment.row_count(), true) {}

  /// False where the column's order is not known, and the check at its end.
  bool add(const std::string& name, bool descending) {
    const Column* column = find(name);
    if (column == nullptr) return readable_;  // it is not there: all null
    name_ = &name;
    descending_ = descending;
    if (column->type() == ValueType::kString && column->multiple_values()) return false;
    if (column->type() == ValueType::kString && column->dictionary()->sorted()) return add_ids(*column);
    if (const auto longs = column->long_reader()) return add_numbers<std::int64_t>(*longs, std::less<>());
    if (const auto floats = column->float_reader()) return add_numbers<float>(*floats, less<float>);
    if (const auto doubles = column->double_reader()) return add_numbers<double>(*doubles, less<double>);
    return false;
  }

 private:
  /// A column that cannot be read is the business of its own check.
  const Column* find(const std::string& name) {
    try {
      return segment_.column(name);
    } catch (const Error&) {
      readable_ = false;
      return nullptr;
    }
  }

  /// As Java's compare: -0.0 before 0.0, NaN last.
  template <class T>
  static bool less(T a, T b) {
    if (std::isnan(a) || std::isnan(b)) return !std::isnan(a) && std::isnan(b);
    if (a == 0 && b == 0) return std::signbit(a) && !std::signbit(b);
    return a < b;
  }

  bool add_ids(const Column& column) {
    const auto reader = column.string_reader();
    std::array<std::uint32_t, kStep> scratch;
    std::uint32_t before = 0;
    for_each_vector([&](std::uint32_t begin, std::uint32_t count) {
      const std::uint32_t* ids = reader->read_ids(begin, count, scratch.data());
      for (std::uint32_t i = 0; i < count; ++i) {
        compare(begin + i, before < ids[i], ids[i] < before);
        before = ids[i];
      }
    });
    return true;
  }

  template <class T, class Less>
  bool add_numbers(NumericReader<T>& reader, Less&& less) {
    std::array<T, kStep> scratch;
    std::array<std::uint64_t, kStep / 64> nulls;
    T before{};
    bool null_before = true;
    for_each_vector([&](std::uint32_t begin, std::uint32_t count) {
      const T* values = reader.read(begin, count, scratch.data());
      if (!reader.read_nulls(begin, count, nulls.data())) nulls.fill(0);
      for (std::uint32_t i = 0; i < count; ++i) {
        const bool null = (nulls[i / 64] >> (i % 64) & 1) != 0;
        const bool both = !null && !null_before;  // null comes first
        compare(begin + i, (both && less(before, values[i])) || (null_before && !null),
                (both && less(values[i], before)) || (null && !null_before));
        before = values[i];
        null_before = null;
      }
    });
    return true;
  }

  template <class Visit>
  void for_each_vector(Visit&& visit) {
    for (std::uint32_t begin = 0; begin < segment_.row_count(); begin += kStep)
      visit(begin, std::min(kStep, segment_.row_count() - begin));
  }

  void compare(std::uint32_t row, bool after, bool before) {
    if (descending_) std::swap(after, before);
    if (row == 0 || !equal_[row]) return;
    if (before)
      findings_.damage(*name_, "values",
                       fmt::format("row {} comes before the row before it, against the stated order", row));
    if (after || before) equal_[row] = false;
  }

  const Segment& segment_;
  Findings& findings_;
  std::vector<bool> equal_;
  const std::string* name_ = nullptr;
  bool descending_ = false;
  bool readable_ = true;
};

}  // namespace

void check_order(const Segment& segment, Findings& findings) {
  OrderCheck check(segment, findings);
  for (const SortKey& key : segment.ordering())
    if (!check.add(key.column, key.descending)) return;
}

}  // namespace sarsen::storage
