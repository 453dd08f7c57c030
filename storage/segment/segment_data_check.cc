#include "storage/segment/segment_data_check.h"

#include <algorithm>
#include <bit>
#include <set>

#include "storage/base/java_order.h"
#include "storage/base/texts_ahead.h"
#include "storage/segment/segment.h"

namespace sarsen::storage {
namespace {

void require(bool valid, const char* problem) {
  if (!valid) throw Error(ErrorCategory::kDefensive, problem);
}

void check_dictionary(const StringColumnData& column) {
  const auto& dictionary = column.dictionary;
  require(dictionary.size() <= INT32_MAX, "more dictionary values than ids");
  each_text(dictionary, [&](std::size_t id) {
    if (id == 0) return;
    require(dictionary[id].has_value(), "null is not the first value of the dictionary");
    require(!dictionary[id - 1] || java_compare(*dictionary[id - 1], *dictionary[id]) < 0,
            "the dictionary is not sorted, or repeats a value");
  });
}

void check_data(const StringColumnData& column, std::size_t row_count) {
  check_dictionary(column);
  require(column.ids.size() <= INT32_MAX, "more values than a column can hold");
  if (column.offsets.empty()) {
    require(column.ids.size() == row_count, "the number of ids is not that of the rows");
  } else {
    require(column.offsets.size() == row_count + 1, "the number of offsets is not that of the rows plus one");
    require(column.offsets.front() == 0 && column.offsets.back() == column.ids.size(), "offsets do not span the ids");
    require(std::is_sorted(column.offsets.begin(), column.offsets.end()), "offsets do not ascend");
  }
  require(column.ids.empty() || *std::max_element(column.ids.begin(), column.ids.end()) < column.dictionary.size(),
          "an id is not in the dictionary");
}

template <class T>
void check_data(const NumericColumnData<T>& column, std::size_t row_count) {
  require(column.values.size() == row_count, "the number of values is not that of the rows");
  if (column.nulls.empty()) return;
  require(column.nulls.size() >= (row_count + 63) / 64, "the null bits do not cover the rows");
  for (std::size_t word = 0; 64 * word < row_count; ++word)
    for (std::uint64_t bits = column.nulls[word]; bits != 0; bits &= bits - 1) {
      const std::size_t row = 64 * word + static_cast<std::size_t>(std::countr_zero(bits));
      require(row >= row_count || column.values[row] == T{}, "the value of a null row is not 0");
    }
}

void check_data(const ComplexColumnData& column, std::size_t) {
  require(static_cast<bool>(column.value), "a complex column gives no values");
  require(!column.type.empty(), "a complex column has no type");
}

void check_data(const StructuredColumnData& column, std::size_t) {
  require(static_cast<bool>(column.value), "a column of structured values gives no values");
}

void check_name(const std::string& name) {
  const auto refuse = [&](const char* why) {
    throw Error(ErrorCategory::kInvalidInput, std::string(why) + ": \"" + name + "\"");
  };
  if (name.empty()) refuse("A column name must not be empty");
  if (name.find_first_of(",\r\n") != std::string::npos)
    refuse("A column name must not contain a comma or a line break");
  if (name == kTimeColumn || name == "index.drd" || name == "metadata.drd")
    refuse("A dimension or metric must not have the name of a part of the segment; rename it");
}

void check_names(const std::vector<ColumnData>& columns, std::set<std::string_view>& names) {
  for (const ColumnData& column : columns) {
    check_name(column.name);
    if (!names.insert(column.name).second)
      throw Error(ErrorCategory::kInvalidInput, "Two columns have the same name: \"" + column.name + "\"");
  }
}

}  // namespace

void check_column_names(const SegmentData& segment) {
  std::set<std::string_view> names;
  check_names(segment.dimensions, names);
  check_names(segment.metrics, names);
}

void check_times(const SegmentData& segment, std::span<const std::int64_t> times_ms) {
  require(times_ms.size() <= INT32_MAX, "a segment has at most 2^31 - 1 rows");
  require(!segment.make_times || times_ms.size() == segment.row_count, "the number of times is not that of the rows");
  if (times_ms.empty()) return;
  const auto [first, last] = std::minmax_element(times_ms.begin(), times_ms.end());
  require(!segment.sorted_by_time || std::is_sorted(times_ms.begin(), times_ms.end()), "times do not ascend");
  require(segment.interval.contains(*first) && segment.interval.contains(*last),
          "times lie outside the segment's interval");
}

void check_column_values(const std::string& name, const ColumnValues& values, std::size_t row_count) {
  try {
    std::visit([&](const auto& data) { check_data(data, row_count); }, values);
  } catch (const Error& error) {
    throw Error(error.category(), "Column cannot be written: \"" + name + "\": " + error.what());
  }
}

}  // namespace sarsen::storage
