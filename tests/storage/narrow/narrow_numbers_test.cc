// A column gets a narrow form when it was read twice, if its numbers can be had back to the last bit; readers then show
// the same numbers as before.

#include "storage/narrow/narrow_numbers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "storage/base/byte_writer.h"
#include "storage/narrow/narrow_reader.h"

namespace sarsen::storage {
namespace {

constexpr std::uint32_t kRows = kNarrowBlockRows * 2 + 777;

class NoFiles final : public LogicalFiles {
 public:
  std::optional<std::span<const std::byte>> find(std::string_view) const override { return std::nullopt; }
};

/// Numbers as a column stores them without a codec.
template <class T>
class StoredColumn {
 public:
  explicit StoredColumn(const std::vector<T>& numbers) : bytes_(stored(numbers)), reader_(bytes_, "column") {}

  NumericValues<T> values() { return NumericValues<T>(reader_, std::endian::native, files_, place_); }

 private:
  static std::vector<std::byte> stored(const std::vector<T>& numbers) {
    ByteWriter out;
    out.write_be(std::uint8_t{2});
    out.write_be(static_cast<std::uint32_t>(numbers.size()));
    out.write_be(static_cast<std::uint32_t>(numbers.size()));
    out.write_be(static_cast<std::uint8_t>(CodecId::kNone));
    const std::span<const std::byte> header = out.view();
    std::vector<std::byte> bytes(header.begin(), header.end());
    const auto* values = reinterpret_cast<const std::byte*>(numbers.data());
    bytes.insert(bytes.end(), values, values + numbers.size() * sizeof(T));
    return bytes;
  }

  std::vector<std::byte> bytes_;
  ByteReader reader_;
  NoFiles files_;
  Place place_;
};

template <class T, class Make>
std::vector<T> numbers(Make make) {
  std::vector<T> numbers;
  for (std::uint32_t row = 0; row < kRows; ++row) numbers.push_back(static_cast<T>(make(row)));
  return numbers;
}

template <class T>
std::vector<std::uint32_t> codes_of(NarrowReader<T>& reader, std::uint32_t begin, std::uint32_t count) {
  std::vector<std::uint32_t> codes(count);
  const NarrowCodes found = reader.codes(begin, count);
  for (std::uint32_t row = 0; row < count; ++row)  // of a machine that stores the least byte first
    std::memcpy(&codes[row], found.codes + std::size_t{row} * found.form.width, found.form.width);
  return codes;
}

/// The width of the form, 0 where there is none. Everything that is read of it must be the column's.
template <class T>
std::uint32_t width_of(const std::vector<T>& numbers) {
  StoredColumn<T> column(numbers);
  const NumericValues<T> values = column.values();
  NarrowNumbers<T> narrow(values);
  EXPECT_EQ(narrow.form(), nullptr);
  narrow.note_read(2 * numbers.size());
  if (narrow.form() == nullptr) return 0;
  const NullRows nulls;
  NarrowReader<T> reader(narrow, nulls);
  std::vector<T> scratch(4096);
  for (const std::uint32_t begin : {0U, 64U, kNarrowBlockRows - 2048, kNarrowBlockRows - 64, kRows - 777, kRows - 1}) {
    const std::uint32_t count = std::min(2048U, kRows - begin);
    const T* read = reader.read(begin, count, scratch.data());
    EXPECT_EQ(std::memcmp(read, numbers.data() + begin, count * sizeof(T)), 0) << begin;
    EXPECT_EQ(reader.codes(begin, count).codes == nullptr, begin == kNarrowBlockRows - 64);
  }
  std::uint32_t greatest = 0;
  for (std::uint32_t begin = 0; begin < kRows; begin += kNarrowBoundsRows) {
    const std::vector<std::uint32_t> codes = codes_of(reader, begin, std::min(kNarrowBoundsRows, kRows - begin));
    EXPECT_EQ(reader.bounds(begin).least, *std::ranges::min_element(codes)) << begin;
    EXPECT_EQ(reader.bounds(begin).greatest, *std::ranges::max_element(codes)) << begin;
    greatest = std::max(greatest, reader.bounds(begin).greatest);
  }
  EXPECT_EQ(reader.form().greatest, greatest);
  return reader.form().width;
}

TEST(NarrowNumbers, TakesTheLeastWidthThatHoldsAllLongs) {
  EXPECT_EQ(width_of(numbers<std::int64_t>([](std::uint32_t row) { return row % 50 + 1; })), 1U);
  EXPECT_EQ(width_of(numbers<std::int64_t>([](std::uint32_t row) { return -1'000'000 - std::int64_t{row % 256}; })),
            1U);
  EXPECT_EQ(width_of(numbers<std::int64_t>([](std::uint32_t row) { return row % 257; })), 2U);
  EXPECT_EQ(width_of(numbers<std::int64_t>([](std::uint32_t row) { return row; })), 4U);
  EXPECT_EQ(width_of(numbers<std::int64_t>([](std::uint32_t row) { return std::int64_t{row} << 20; })), 0U);
  EXPECT_EQ(width_of(numbers<std::int64_t>([](std::uint32_t row) { return INT64_MIN + row % 2; })), 0U);
  EXPECT_EQ(width_of(numbers<std::int64_t>([](std::uint32_t row) { return row % 2 == 0 ? INT64_MIN : INT64_MAX; })),
            0U);
}

TEST(NarrowNumbers, KeepsDecimals) {
  EXPECT_EQ(width_of(numbers<double>([](std::uint32_t row) { return row % 11 / 100.0; })), 1U);
  EXPECT_EQ(width_of(numbers<double>(
                [](std::uint32_t row) { return static_cast<double>(90100 + row * 7919ULL % 10404950) / 100; })),
            4U);
  EXPECT_EQ(width_of(numbers<double>([](std::uint32_t row) { return row % 300; })), 2U);
  EXPECT_EQ(width_of(numbers<double>([](std::uint32_t row) { return (row % 9999 - 5000.0) / 10000; })), 2U);
}

TEST(NarrowNumbers, RefusesWhatWouldNotComeBackToTheLastBit) {
  const auto with_last = [](double last) {
    return numbers<double>([last](std::uint32_t row) { return row == kRows - 1 ? last : row % 11 / 100.0; });
  };
  EXPECT_EQ(width_of(with_last(0.1)), 1U);
  for (const double last :
       {-0.0, std::nan(""), std::numeric_limits<double>::infinity(), 1e300, 1.0 / 3, std::nextafter(0.07, 1.0), 5e-324})
    EXPECT_EQ(width_of(with_last(last)), 0U) << last;
}

TEST(NarrowNumbers, LeavesShortColumnsAlone) {
  StoredColumn<double> column(std::vector<double>(1000));
  const NumericValues<double> values = column.values();
  NarrowNumbers<double> narrow(values);
  narrow.note_read(10000);
  EXPECT_EQ(narrow.form(), nullptr);
}

}  // namespace
}  // namespace sarsen::storage
