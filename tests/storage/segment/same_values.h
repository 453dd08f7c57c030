#pragma once
// Two segments in memory, compared value by value.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "storage/segment/segment_writer.h"

namespace sarsen::storage {

/// Bit by bit, so that NaN equals itself and -0.0 does not equal 0.0.
template <class T>
void expect_equal(const std::string& name, const NumericColumnData<T>& expected, const NumericColumnData<T>& actual) {
  ASSERT_EQ(actual.values.size(), expected.values.size()) << name;
  EXPECT_EQ(std::memcmp(actual.values.data(), expected.values.data(), expected.values.size_bytes()), 0) << name;
  const auto null = [](const NumericColumnData<T>& data, std::size_t row) {
    return !data.nulls.empty() && (data.nulls[row / 64] >> (row % 64) & 1) != 0;
  };
  for (std::size_t row = 0; row < expected.values.size(); ++row)
    ASSERT_EQ(null(actual, row), null(expected, row)) << name << " row " << row;
}

inline std::vector<std::optional<std::string_view>> row_values(const StringColumnData& data, std::size_t row) {
  std::vector<std::optional<std::string_view>> values;
  const std::size_t begin = data.offsets.empty() ? row : data.offsets[row];
  const std::size_t end = data.offsets.empty() ? row + 1 : data.offsets[row + 1];
  for (std::size_t i = begin; i < end; ++i) values.push_back(data.dictionary[data.ids[i]]);
  return values;
}

inline void expect_equal(const std::string& name, const StringColumnData& expected, const StringColumnData& actual,
                         std::size_t rows) {
  for (std::size_t row = 0; row < rows; ++row)
    ASSERT_EQ(row_values(actual, row), row_values(expected, row)) << name << " row " << row;
}

inline void expect_equal(const std::string& name, const ComplexColumnData& expected, const ComplexColumnData& actual,
                         std::size_t rows) {
  EXPECT_EQ(actual.type, expected.type) << name;
  for (std::uint32_t row = 0; row < rows; ++row) {
    const auto wanted = expected.value(row);
    std::vector<std::byte> kept;  // The view lives until the next call.
    if (wanted) kept.assign(wanted->begin(), wanted->end());
    const auto got = actual.value(row);
    ASSERT_EQ(got.has_value(), wanted.has_value()) << name << " row " << row;
    ASSERT_TRUE(!got || std::ranges::equal(*got, kept)) << name << " row " << row;
  }
}

inline void expect_equal(const std::string& name, const StructuredColumnData& expected,
                         const StructuredColumnData& actual, std::size_t rows) {
  EXPECT_EQ(actual.json, expected.json) << name;
  for (std::uint32_t row = 0; row < rows; ++row)
    ASSERT_EQ(actual.value(row).dump(), expected.value(row).dump()) << name << " row " << row;
}

/// REQUIRES: values that are there, not made later.
inline void expect_same_column(const ColumnData& expected, const ColumnData& actual, std::size_t rows) {
  EXPECT_EQ(actual.name, expected.name);
  ASSERT_EQ(actual.data.index(), expected.data.index()) << expected.name;
  std::visit(
      [&]<class Data>(const Data& wanted) {
        const Data& got = std::get<Data>(actual.data);
        if constexpr (requires { expect_equal(expected.name, wanted, got, rows); })
          expect_equal(expected.name, wanted, got, rows);
        else if constexpr (requires { expect_equal(expected.name, wanted, got); })
          expect_equal(expected.name, wanted, got);
        else
          FAIL() << "values of a kind that is not compared: " << expected.name;
      },
      expected.data);
}

inline void expect_same_segment(const SegmentData& expected, const SegmentData& actual) {
  ASSERT_TRUE(std::ranges::equal(actual.times_ms, expected.times_ms));
  EXPECT_EQ(actual.interval, expected.interval);
  ASSERT_EQ(actual.dimensions.size(), expected.dimensions.size());
  ASSERT_EQ(actual.metrics.size(), expected.metrics.size());
  const std::size_t rows = expected.times_ms.size();
  for (std::size_t i = 0; i < expected.dimensions.size(); ++i)
    expect_same_column(expected.dimensions[i], actual.dimensions[i], rows);
  for (std::size_t i = 0; i < expected.metrics.size(); ++i)
    expect_same_column(expected.metrics[i], actual.metrics[i], rows);
}

}  // namespace sarsen::storage
