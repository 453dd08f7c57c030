#include "server/cli/dump/column_statistics.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "server/cli/dump/cells.h"

namespace sarsen::server {
namespace {

using storage::Column;
using storage::Dictionary;

constexpr std::uint32_t kRows = Cells::kRows;

template <class Visit>
void for_each_vector(const Column& column, Visit&& visit) {
  for (std::uint32_t begin = 0; begin < column.row_count(); begin += kRows)
    visit(begin, std::min(kRows, column.row_count() - begin));
}

/// NaN is no bound: it compares with nothing.
template <class T>
bool is_bound(T value) noexcept {
  if constexpr (std::is_floating_point_v<T>) return !std::isnan(value);
  return true;
}

template <class T>
void of_numbers(const Column& column, storage::NumericReader<T>& reader, ColumnStatistics& statistics) {
  std::array<T, kRows> scratch;
  std::array<std::uint64_t, kRows / 64> nulls;
  std::optional<T> least;
  std::optional<T> greatest;
  for_each_vector(column, [&](std::uint32_t begin, std::uint32_t count) {
    nulls.fill(0);
    reader.read_nulls(begin, count, nulls.data());
    for (const std::uint64_t word : nulls) statistics.nulls += static_cast<std::uint64_t>(std::popcount(word));
    const T* values = reader.read(begin, count, scratch.data());
    for (std::uint32_t i = 0; i < count; ++i) {
      if ((nulls[i / 64] >> (i % 64) & 1) != 0 || !is_bound(values[i])) continue;
      if (!least || values[i] < *least) least = values[i];
      if (!greatest || *greatest < values[i]) greatest = values[i];
    }
  });
  const auto text = [](T value) {
    std::string out;
    append_number(value, CellStyle::kText, out);
    return out;
  };
  if (least) statistics.least = text(*least);
  if (greatest) statistics.greatest = text(*greatest);
}

void of_dictionary(const Dictionary& dictionary, ColumnStatistics& statistics) {
  if (!dictionary.sorted() || dictionary.size() == 0) return;
  std::uint32_t first = 0;
  while (first < dictionary.size() && !dictionary.value(first)) ++first;
  if (first == dictionary.size()) return;
  statistics.least = *dictionary.value(first);
  statistics.greatest = *dictionary.value(dictionary.size() - 1);
}

void of_single_strings(const Column& column, ColumnStatistics& statistics) {
  const auto null = column.dictionary()->find(std::nullopt);
  if (!null) return;
  const auto reader = column.string_reader();
  std::array<std::uint32_t, kRows> scratch;
  for_each_vector(column, [&](std::uint32_t begin, std::uint32_t count) {
    const std::uint32_t* ids = reader->read_ids(begin, count, scratch.data());
    statistics.nulls += static_cast<std::uint64_t>(std::count(ids, ids + count, *null));
  });
}

// A row without values is null, and so is one that holds null alone.
void of_string_lists(const Column& column, ColumnStatistics& statistics) {
  const auto null = column.dictionary()->find(std::nullopt);
  const auto reader = column.string_reader();
  for_each_vector(column, [&](std::uint32_t begin, std::uint32_t count) {
    const storage::StringReader::Lists lists = reader->read_lists(begin, count);
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint32_t size = lists.offsets[i + 1] - lists.offsets[i];
      if (size > 1) ++statistics.several;
      if (size == 0 || (size == 1 && null && lists.ids[lists.offsets[i]] == *null)) ++statistics.nulls;
    }
  });
}

void of_objects(const Column& column, ColumnStatistics& statistics) {
  const auto structured = column.structured_reader();
  const auto reader = structured == nullptr ? column.complex_reader() : nullptr;
  for (std::uint32_t row = 0; row < column.row_count(); ++row)
    if (structured != nullptr ? structured->read(row).is_null() : !reader->read(row)) ++statistics.nulls;
}

void of_variants(const Column& column, ColumnStatistics& statistics) {
  const auto reader = column.id_reader();
  std::array<std::uint32_t, kRows> scratch;
  for_each_vector(column, [&](std::uint32_t begin, std::uint32_t count) {
    const std::uint32_t* ids = reader->read(begin, count, scratch.data());
    statistics.nulls += static_cast<std::uint64_t>(std::count(ids, ids + count, 0U));  // id 0 is null in these
  });
}

}  // namespace

ColumnStatistics column_statistics(const Column& column) {
  ColumnStatistics statistics;
  if (const auto longs = column.long_reader()) of_numbers(column, *longs, statistics);
  if (const auto floats = column.float_reader()) of_numbers(column, *floats, statistics);
  if (const auto doubles = column.double_reader()) of_numbers(column, *doubles, statistics);
  if (column.type() == storage::ValueType::kString) {
    of_dictionary(*column.dictionary(), statistics);
    column.multiple_values() ? of_string_lists(column, statistics) : of_single_strings(column, statistics);
  }
  if (column.type() == storage::ValueType::kComplex) of_objects(column, statistics);
  if (column.type() == storage::ValueType::kVariant && column.id_reader() != nullptr) of_variants(column, statistics);
  return statistics;
}

}  // namespace sarsen::server
