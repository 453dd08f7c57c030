// Columns with values of any type by id (auto columns, nested fields): null first, then strings, longs, doubles and
// arrays, each kind ascending; ids in range; bitmaps hold the rows of their values; numbers stored beside are those of
// the ids.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>

#include "storage/base/java_order.h"
#include "storage/verify/checks.h"

namespace sarsen::storage {
namespace {

constexpr std::uint32_t kStep = 2048;

int kind_of(const Json& value) {
  if (value.is_null()) return 0;
  if (value.is_string()) return 1;
  if (value.is_integer()) return 2;
  return value.is_double() ? 3 : 4;
}

/// As Java's Double.compare: -0.0 before 0.0, NaN last.
bool double_less(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return !std::isnan(a);
  if (a == 0 && b == 0) return std::signbit(a) && !std::signbit(b);
  return a < b;
}

bool ascend(const Json& before, const Json& value) {
  const int kind = kind_of(value);
  if (kind_of(before) != kind) return kind_of(before) < kind;
  switch (kind) {
    case 1:
      return java_compare(before.string(), value.string()) < 0;
    case 2:
      return before.integer() < value.integer();
    case 3:
      return double_less(before.number(), value.number());
    default:
      return before.dump() != value.dump();  // arrays ascend by the ids of their elements, which are not seen here
  }
}

void check_dictionary(const CheckedColumn& checked, const ValueDictionary& dictionary) {
  Json before;
  for (std::uint32_t id = 0; id < dictionary.size(); ++id) {
    const Json value = dictionary.value(id);
    if (id > 0 && (value.is_null() || !ascend(before, value)))
      checked.findings.damage(checked.name, "dictionary",
                              fmt::format("value {} does not come after the one before it", id));
    before = value;
  }
}

template <class Visit>
void for_each_vector(const Column& column, Visit&& visit) {
  const auto reader = column.id_reader();
  std::array<std::uint32_t, kStep> scratch;
  for (std::uint32_t begin = 0; begin < column.row_count(); begin += kStep) {
    const std::uint32_t count = std::min(kStep, column.row_count() - begin);
    visit(begin, count, reader->read(begin, count, scratch.data()));
  }
}

/// The numbers of all rows are those that the ids stand for.
template <class T>
void check_numbers_of_ids(const CheckedColumn& checked, NumericReader<T>& numbers, const ValueDictionary& dictionary) {
  std::vector<T> values(dictionary.size());
  for (std::uint32_t id = 0; id < dictionary.size(); ++id) {
    const Json value = dictionary.value(id);
    if constexpr (std::is_same_v<T, std::int64_t>)
      values[id] = value.is_integer() ? value.integer() : 0;
    else
      values[id] = value.is_number() ? value.number() : 0;
  }
  std::array<T, kStep> scratch;
  const auto differ = [](T a, T b) { return std::memcmp(&a, &b, sizeof(T)) != 0; };
  for_each_vector(checked.column, [&](std::uint32_t begin, std::uint32_t count, const std::uint32_t* ids) {
    const T* stored = numbers.read(begin, count, scratch.data());
    for (std::uint32_t i = 0; i < count; ++i)
      if (ids[i] < values.size() && differ(stored[i], values[ids[i]]))
        checked.findings.damage(checked.name, "values",
                                fmt::format("row {} has another number than the value of its id", begin + i));
  });
}

}  // namespace

void check_values(const CheckedColumn& checked) {
  const ValueDictionary& dictionary = *checked.column.value_dictionary();
  check_dictionary(checked, dictionary);
  RowsById rows(dictionary.size(), checked.column.row_count());
  bool in_range = true;
  for_each_vector(checked.column, [&](std::uint32_t begin, std::uint32_t count, const std::uint32_t* ids) {
    for (std::uint32_t i = 0; i < count; ++i) {
      if (ids[i] < dictionary.size()) {
        rows.count(ids[i]);
        continue;
      }
      in_range = false;
      checked.findings.damage(checked.name, "ids",
                              fmt::format("row {} has an id that the dictionary has not", begin + i));
    }
  });
  if (!in_range) return;
  if (const auto longs = checked.column.long_reader()) check_numbers_of_ids(checked, *longs, dictionary);
  if (const auto doubles = checked.column.double_reader()) check_numbers_of_ids(checked, *doubles, dictionary);
  if (checked.column.bitmap_index() == nullptr && checked.column.element_index() == nullptr) return;
  rows.begin_adding();
  for_each_vector(checked.column, [&](std::uint32_t begin, std::uint32_t count, const std::uint32_t* ids) {
    for (std::uint32_t i = 0; i < count; ++i) rows.add(ids[i], begin + i);
  });
  if (checked.column.bitmap_index() != nullptr) check_bitmaps(checked, *checked.column.bitmap_index(), rows);
  if (checked.column.element_index() != nullptr) check_elements(checked, rows);
}

}  // namespace sarsen::storage
