// What write_segment wrote, as open_segment reads it.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include "storage/base/java_order.h"
#include "storage/segment/mapped_segment.h"
#include "storage/segment/segment_writer.h"
#include "tests/storage/base/files_test_fixture.h"
#include "tests/storage/segment/segment_copy.h"

namespace sarsen::storage {
namespace {

using Ids = std::vector<std::uint32_t>;
using Bits = std::vector<std::uint64_t>;
using Dictionary = std::vector<std::optional<std::string_view>>;

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

std::vector<std::optional<std::string_view>> row_values(const StringColumnData& data, std::size_t row) {
  std::vector<std::optional<std::string_view>> values;
  const std::size_t begin = data.offsets.empty() ? row : data.offsets[row];
  const std::size_t end = data.offsets.empty() ? row + 1 : data.offsets[row + 1];
  for (std::size_t i = begin; i < end; ++i) values.push_back(data.dictionary[data.ids[i]]);
  return values;
}

void expect_equal(const std::string& name, const StringColumnData& expected, const StringColumnData& actual,
                  std::size_t rows) {
  for (std::size_t row = 0; row < rows; ++row)
    ASSERT_EQ(row_values(actual, row), row_values(expected, row)) << name << " row " << row;
}

class RoundTripTest : public FilesTest {
 protected:
  /// Writes `data` and reads it back, twice over: a copy of the segment is written to the same bytes.
  std::shared_ptr<const Segment> write_and_open(const SegmentData& data, const IndexSpec& spec = {}) {
    const std::filesystem::path path = file(std::to_string(++written_));
    write_segment(path, data, spec);
    return open_segment(path);
  }

  void expect_reads_back(const SegmentData& data, const IndexSpec& spec = {}) {
    const SegmentCopy copy(write_and_open(data, spec));
    ASSERT_TRUE(std::ranges::equal(copy.data().times_ms, data.times_ms));
    EXPECT_EQ(copy.data().interval, data.interval);
    ASSERT_EQ(copy.data().dimensions.size(), data.dimensions.size());
    for (std::size_t i = 0; i < data.dimensions.size(); ++i)
      expect_same_column(data.dimensions[i], copy.data().dimensions[i]);
  }

  void expect_same_column(const ColumnData& expected, const ColumnData& actual) {
    EXPECT_EQ(actual.name, expected.name);
    ASSERT_EQ(actual.data.index(), expected.data.index()) << expected.name;
    if (const auto* longs = std::get_if<NumericColumnData<std::int64_t>>(&expected.data))
      expect_equal(expected.name, *longs, std::get<NumericColumnData<std::int64_t>>(actual.data));
    if (const auto* floats = std::get_if<NumericColumnData<float>>(&expected.data))
      expect_equal(expected.name, *floats, std::get<NumericColumnData<float>>(actual.data));
    if (const auto* doubles = std::get_if<NumericColumnData<double>>(&expected.data))
      expect_equal(expected.name, *doubles, std::get<NumericColumnData<double>>(actual.data));
    if (const auto* strings = std::get_if<StringColumnData>(&expected.data))
      expect_equal(expected.name, *strings, std::get<StringColumnData>(actual.data), rows_of(*strings));
  }

  static std::size_t rows_of(const StringColumnData& data) {
    return data.offsets.empty() ? data.ids.size() : data.offsets.size() - 1;
  }

  std::size_t written_ = 0;
};

/// Columns of `rows` rows with random values: all kinds, with and without nulls.
class RandomColumns {
 public:
  explicit RandomColumns(std::uint32_t rows)
      : times_ms_(rows), longs_(rows), floats_(rows), doubles_(rows), nulls_(rows / 64 + 1), ids_(rows) {
    for (std::uint32_t i = 0; i < kNames; ++i) names_.push_back("value " + std::to_string(1000 + i));
    dictionary_.emplace_back(std::nullopt);
    for (const std::string& name : names_) dictionary_.emplace_back(name);
    for (std::uint32_t row = 0; row < rows; ++row) add(row);
    data_.interval = {.start_ms = 0, .end_ms = rows + 1};
    data_.times_ms = times_ms_;
    data_.dimensions = {{.name = "long", .data = NumericColumnData<std::int64_t>{.values = longs_, .nulls = nulls_}},
                        {.name = "float", .data = NumericColumnData<float>{.values = floats_, .nulls = {}}},
                        {.name = "double", .data = NumericColumnData<double>{.values = doubles_, .nulls = nulls_}},
                        {.name = "string", .data = StringColumnData{.dictionary = dictionary_, .ids = ids_}},
                        {.name = "strings",
                         .data = StringColumnData{.dictionary = dictionary_, .ids = list_ids_, .offsets = offsets_}}};
  }

  const SegmentData& data() const { return data_; }

 private:
  static constexpr std::uint32_t kNames = 300;  // ids of two bytes

  void add(std::uint32_t row) {
    const bool null = random() % 5 == 0;
    if (null) nulls_[row / 64] |= std::uint64_t{1} << (row % 64);
    times_ms_[row] = row;
    longs_[row] = null ? 0 : static_cast<std::int64_t>(random()) << (random() % 32);
    floats_[row] = static_cast<float>(random()) / 7;
    doubles_[row] = null ? 0 : static_cast<double>(random()) / 3;
    ids_[row] = random() % (kNames + 1);
    for (std::uint32_t count = random() % 4; count > 0; --count) list_ids_.push_back(random() % (kNames + 1));
    offsets_.push_back(static_cast<std::uint32_t>(list_ids_.size()));
  }
  std::uint32_t random() { return static_cast<std::uint32_t>(engine_()); }

  std::mt19937 engine_{11};
  std::vector<std::string> names_;
  Dictionary dictionary_;
  std::vector<std::int64_t> times_ms_;
  std::vector<std::int64_t> longs_;
  std::vector<float> floats_;
  std::vector<double> doubles_;
  Bits nulls_;
  Ids ids_;
  Ids list_ids_;
  Ids offsets_{0};
  SegmentData data_;
};

TEST_F(RoundTripTest, ReadsBackAnyNumberOfRows) {
  for (const std::uint32_t rows : {1u, 2u, 63u, 64u, 65u, 8191u, 8192u, 8193u, 16384u, 16385u, 32768u, 32769u}) {
    const RandomColumns columns(rows);
    expect_reads_back(columns.data());
  }
}

TEST_F(RoundTripTest, ReadsBackWhatEachCodecWrote) {
  const RandomColumns columns(20000);
  expect_reads_back(columns.data(),
                    {.dimension_compression = CodecId::kUncompressed, .metric_compression = CodecId::kUncompressed});
  expect_reads_back(columns.data(), {.dimension_compression = CodecId::kLz4, .metric_compression = CodecId::kNone});
  const RandomColumns few(9000);
  expect_reads_back(few.data(), {.dimension_compression = CodecId::kZstd, .metric_compression = CodecId::kZstd});
}

TEST_F(RoundTripTest, FindsTheRowsOfEachValueByItsBitmap) {
  const RandomColumns columns(70000);
  const auto segment = write_and_open(columns.data());
  for (const char* name : {"string", "strings"}) {
    const Column* column = segment->column(name);
    const auto& data =
        std::get<StringColumnData>(columns.data().dimensions[std::string_view(name) == "string" ? 3 : 4].data);
    ASSERT_EQ(column->dictionary()->size(), data.dictionary.size());
    std::vector<Bits> expected(data.dictionary.size(), Bits((70000 + 63) / 64));
    for (std::uint32_t row = 0; row < 70000; ++row) {
      const std::size_t begin = data.offsets.empty() ? row : data.offsets[row];
      const std::size_t end = data.offsets.empty() ? row + 1 : data.offsets[row + 1];
      if (begin == end) expected[0][row / 64] |= std::uint64_t{1} << (row % 64);
      for (std::size_t i = begin; i < end; ++i) expected[data.ids[i]][row / 64] |= std::uint64_t{1} << (row % 64);
    }
    for (std::uint32_t id = 0; id < data.dictionary.size(); ++id) {
      Bits words((70000 + 63) / 64);
      column->bitmap_index()->or_into(id, words);
      ASSERT_EQ(words, expected[id]) << name << " id " << id;
    }
  }
}

TEST_F(RoundTripTest, ReadsBackTheExtremesOfNumbers) {
  using Long = std::numeric_limits<std::int64_t>;
  using Float = std::numeric_limits<float>;
  using Double = std::numeric_limits<double>;
  const std::vector<std::int64_t> times(6, 5);
  const std::vector<std::int64_t> longs{Long::min(), Long::max(), 0, -1, 1, 1LL << 53};
  const std::vector<float> floats{Float::quiet_NaN(), -Float::infinity(), -0.0f, Float::denorm_min(), Float::max(), 1};
  const std::vector<double> doubles{Double::quiet_NaN(),  Double::infinity(), -0.0,
                                    Double::denorm_min(), Double::lowest(),   1};
  SegmentData data{.interval = kEternity, .times_ms = times, .dimensions = {}, .metrics = {}, .metadata = {}};
  data.dimensions = {{.name = "l", .data = NumericColumnData<std::int64_t>{.values = longs, .nulls = {}}},
                     {.name = "f", .data = NumericColumnData<float>{.values = floats, .nulls = {}}},
                     {.name = "d", .data = NumericColumnData<double>{.values = doubles, .nulls = {}}}};
  expect_reads_back(data);
}

TEST_F(RoundTripTest, ReadsBackColumnsThatAreAllNull) {
  const std::vector<std::int64_t> times{1, 2, 3};
  const std::vector<std::int64_t> zeros(3);
  const Bits all{0b111};
  const Ids no_ids(3);
  const Ids no_lists{0, 0, 0, 0};
  const Ids ids{0, 1, 0};
  SegmentData data{.interval = {0, 10}, .times_ms = times, .dimensions = {}, .metrics = {}, .metadata = {}};
  data.dimensions = {{.name = "first", .data = StringColumnData{.dictionary = {std::nullopt}, .ids = no_ids}},
                     {.name = "city", .data = StringColumnData{.dictionary = {std::nullopt, "Bern"}, .ids = ids}},
                     {.name = "lists", .data = StringColumnData{.dictionary = {}, .ids = {}, .offsets = no_lists}},
                     {.name = "long", .data = NumericColumnData<std::int64_t>{.values = zeros, .nulls = all}}};
  const auto segment = write_and_open(data);
  EXPECT_EQ(segment->dimensions(), (std::vector<std::string>{"first", "city", "lists", "long"}));
  for (const char* name : {"first", "lists"}) {
    const Column* column = segment->column(name);
    EXPECT_EQ(column->row_count(), 3u);
    ASSERT_EQ(column->dictionary()->size(), 1u);
    EXPECT_EQ(column->dictionary()->value(0), std::nullopt);
  }
  std::uint64_t nulls = 0;
  std::int64_t scratch[3];
  const auto reader = segment->column("long")->long_reader();
  ASSERT_TRUE(reader->read_nulls(0, 3, &nulls));
  EXPECT_EQ(nulls, 0b111u);
  EXPECT_EQ(reader->read(0, 3, scratch)[1], 0);
}

TEST_F(RoundTripTest, FindsValuesInJavasOrder) {
  const std::vector<std::string> values{"",           "a",          "a\n,\"\\", "\u00E9", "\uD7FF",
                                        "\U00010000", "\U0001F600", "\uE000",   "\uFF01", "\uFF01a"};
  ASSERT_TRUE(std::is_sorted(values.begin(), values.end(), JavaLess()));
  const std::vector<std::int64_t> times(values.size(), 1);
  Ids ids;
  Dictionary dictionary;
  for (const std::string& value : values) {
    ids.push_back(static_cast<std::uint32_t>(ids.size()));
    dictionary.emplace_back(value);
  }
  SegmentData data{.interval = {0, 10}, .times_ms = times, .dimensions = {}, .metrics = {}, .metadata = {}};
  data.dimensions = {{.name = "\U0001F600 name", .data = StringColumnData{.dictionary = dictionary, .ids = ids}},
                     {.name = "\uFF01 name", .data = StringColumnData{.dictionary = dictionary, .ids = ids}}};
  expect_reads_back(data);
  const auto segment = write_and_open(data);
  const auto* read = segment->column("\uFF01 name")->dictionary();
  ASSERT_TRUE(read->sorted());
  for (std::uint32_t id = 0; id < values.size(); ++id) EXPECT_EQ(read->find(values[id]), id);
}

TEST_F(RoundTripTest, ReadsBackASegmentWithoutRows) {
  const Ids no_lists{0};
  SegmentData data{.interval = {0, 10}, .times_ms = {}, .dimensions = {}, .metrics = {}, .metadata = {}};
  data.dimensions = {{.name = "city", .data = StringColumnData{}},
                     {.name = "lists", .data = StringColumnData{.dictionary = {}, .ids = {}, .offsets = no_lists}},
                     {.name = "long", .data = NumericColumnData<std::int64_t>{}}};
  const auto segment = write_and_open(data);
  EXPECT_EQ(segment->row_count(), 0u);
  EXPECT_EQ(segment->time_bounds(), std::nullopt);
  for (const std::string& name : segment->dimensions()) EXPECT_EQ(segment->column(name)->row_count(), 0u) << name;
}

TEST_F(RoundTripTest, ReadsBackComplexValuesAndMetadata) {
  const std::vector<std::int64_t> times{1, 2, 3};
  const std::vector<std::optional<std::string>> values{"x", std::nullopt, std::string("\0y", 2)};
  SegmentData data{.interval = {0, 10}, .times_ms = times, .dimensions = {}, .metrics = {}, .metadata = {}};
  data.metrics = {{.name = "sketch", .data = ComplexColumnData{.type = "thetaSketch", .value = [&](std::uint32_t row) {
                                                                 return values[row] ? std::optional(std::as_bytes(
                                                                                          std::span(*values[row])))
                                                                                    : std::nullopt;
                                                               }}}};
  data.metadata = Json::parse(R"({"container":{},"rollup":true})");
  const auto segment = write_and_open(data);
  EXPECT_EQ(segment->metadata().dump(), data.metadata.dump());
  EXPECT_EQ(segment->column("sketch")->complex_type(), "thetaSketch");
  const auto reader = segment->column("sketch")->complex_reader();
  for (std::uint32_t row = 0; row < 3; ++row) {
    const auto bytes = reader->read(row);
    ASSERT_EQ(bytes.has_value(), values[row].has_value()) << row;
    if (!bytes) continue;
    EXPECT_TRUE(std::ranges::equal(*bytes, std::as_bytes(std::span(*values[row])))) << row;
  }
}

}  // namespace
}  // namespace sarsen::storage
