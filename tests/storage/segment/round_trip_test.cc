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
#include "tests/storage/segment/same_values.h"
#include "tests/storage/segment/segment_copy.h"

namespace sarsen::storage {
namespace {

using Ids = std::vector<std::uint32_t>;
using Bits = std::vector<std::uint64_t>;
using Dictionary = std::vector<std::optional<std::string_view>>;

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
    expect_same_segment(data, copy.data());
  }

  void expect_right_bitmaps(const IndexSpec& spec);

  std::size_t written_ = 0;
};

/// Columns of `rows` rows with random values: all kinds, with and without nulls.
class RandomColumns {
 public:
  explicit RandomColumns(std::uint32_t rows)
      : times_ms_(rows), longs_(rows), floats_(rows), doubles_(rows), nulls_(rows / 64 + 1), ids_(rows) {
    names_.emplace_back();
    for (std::uint32_t i = 1; i < kNames; ++i) names_.push_back("value " + std::to_string(1000 + i));
    dictionary_.emplace_back(std::nullopt);
    for (const std::string& name : names_) dictionary_.emplace_back(name);
    for (std::uint32_t row = 0; row < rows; ++row) add(row);
    data_.interval = {.start_ms = 0, .end_ms = rows + 1};
    data_.times_ms = times_ms_;
    data_.dimensions = {
        {.name = "long", .data = NumericColumnData<std::int64_t>{.values = longs_, .nulls = nulls_}},
        {.name = "float", .data = NumericColumnData<float>{.values = floats_, .nulls = {}}},
        {.name = "double", .data = NumericColumnData<double>{.values = doubles_, .nulls = nulls_}},
        {.name = "string", .data = StringColumnData{.dictionary = dictionary_, .ids = ids_}},
        {.name = "strings", .data = StringColumnData{.dictionary = dictionary_, .ids = list_ids_, .offsets = offsets_}},
        {.name = "searched by rows",
         .data = StringColumnData{.dictionary = dictionary_, .ids = ids_, .bitmap_index = false}},
        {.name = "few longs", .data = NumericColumnData<std::int64_t>{.values = few_, .nulls = nulls_}},
        {.name = "near longs", .data = NumericColumnData<std::int64_t>{.values = near_, .nulls = {}}}};
    data_.metrics = {{.name = "complex", .data = ComplexColumnData{.type = "hyperUnique", .value = [this](auto row) {
                                                                     return complex(row);
                                                                   }}}};
  }
  RandomColumns(const RandomColumns&) = delete;

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
    few_.push_back(null ? 0 : longs_[row] % 7);
    near_.push_back(longs_[row] % 100'000);
    ids_[row] = random() % (kNames + 1);
    for (std::uint32_t count = random() % 4; count > 0; --count) list_ids_.push_back(random() % (kNames + 1));
    offsets_.push_back(static_cast<std::uint32_t>(list_ids_.size()));
  }
  std::uint32_t random() { return static_cast<std::uint32_t>(engine_()); }

  /// Null, or some bytes of a name, perhaps none.
  std::optional<std::span<const std::byte>> complex(std::uint32_t row) const {
    if (ids_[row] % 3 == 0) return std::nullopt;
    const std::string& name = names_[ids_[row] - 1];
    return std::as_bytes(std::span(name)).first(ids_[row] % (name.size() + 1));
  }

  std::mt19937 engine_{11};
  std::vector<std::string> names_;
  Dictionary dictionary_;
  std::vector<std::int64_t> times_ms_;
  std::vector<std::int64_t> longs_;
  std::vector<std::int64_t> few_;
  std::vector<std::int64_t> near_;
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

void RoundTripTest::expect_right_bitmaps(const IndexSpec& spec) {
  const RandomColumns columns(70000);
  const auto segment = write_and_open(columns.data(), spec);
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

/// All choices for one field, the others in turn.
std::vector<IndexSpec> specs() {
  std::vector<IndexSpec> result{IndexSpec{}, IndexSpec::scan()};
  const auto with = [&](auto&& change) { change(result.emplace_back()); };
  for (const CodecId codec : {CodecId::kLzf, CodecId::kLz4, CodecId::kZstd, CodecId::kUncompressed}) {
    for (const LongEncodingStrategy encoding : {LongEncodingStrategy::kLongs, LongEncodingStrategy::kAuto})
      with([&](IndexSpec& spec) { spec.metric_compression = codec, spec.long_encoding = encoding; });
    with([&](IndexSpec& spec) { spec.dimension_compression = codec, spec.bitmap = BitmapEncoding::kConcise; });
    with([&](IndexSpec& spec) { spec.complex_metric_compression = codec, spec.bitmap_runs = false; });
  }
  with([](IndexSpec& spec) {
    spec.metric_compression = CodecId::kNone;
    spec.long_encoding = LongEncodingStrategy::kAuto;
  });
  for (std::uint32_t size = 1; size <= 128; size *= 2)
    for (const std::uint32_t version : {0u, 1u})
      with([&](IndexSpec& spec) {
        spec.string_dictionary_encoding = {.form = StringDictionaryForm::kFrontCoded,
                                           .bucket_size = static_cast<std::uint8_t>(size),
                                           .format_version = static_cast<std::uint8_t>(version)};
        if (version == 1) spec.dimension_compression = CodecId::kUncompressed;
      });
  return result;
}

TEST_F(RoundTripTest, ReadsBackWhatEverySpecWrote) {
  for (const std::uint32_t rows : {1u, 2u, 1000u}) {
    const RandomColumns columns(rows);
    for (const IndexSpec& spec : specs()) expect_reads_back(columns.data(), spec);
  }
}

TEST_F(RoundTripTest, ReadsBackManyBlocksOfEveryEncoding) {
  const RandomColumns columns(70000);
  expect_reads_back(columns.data(), IndexSpec::scan());
  expect_reads_back(columns.data(), {.bitmap = BitmapEncoding::kConcise,
                                     .dimension_compression = CodecId::kLzf,
                                     .metric_compression = CodecId::kLzf,
                                     .long_encoding = LongEncodingStrategy::kAuto,
                                     .string_dictionary_encoding = {.form = StringDictionaryForm::kFrontCoded},
                                     .complex_metric_compression = CodecId::kLzf});
  expect_reads_back(columns.data(), {.bitmap_runs = false,
                                     .metric_compression = CodecId::kNone,
                                     .long_encoding = LongEncodingStrategy::kAuto,
                                     .complex_metric_compression = CodecId::kLz4});
}

TEST_F(RoundTripTest, FindsTheRowsOfEachValueByItsBitmap) {
  for (const IndexSpec& spec :
       {IndexSpec{}, IndexSpec{.bitmap = BitmapEncoding::kConcise}, IndexSpec{.bitmap_runs = false}})
    expect_right_bitmaps(spec);
}

TEST_F(RoundTripTest, CompressesAsTheSpecSays) {
  const RandomColumns columns(20000);
  const auto size = [&](const IndexSpec& spec) {
    return write_segment(file(std::to_string(++written_)), columns.data(), spec);
  };
  const std::uint64_t usual = size({});
  EXPECT_GT(size(IndexSpec::scan()), usual);
  EXPECT_LT(size({.long_encoding = LongEncodingStrategy::kAuto}), usual);
  EXPECT_LT(size({.complex_metric_compression = CodecId::kLz4}), usual);
  EXPECT_LT(size({.string_dictionary_encoding = {.form = StringDictionaryForm::kFrontCoded}}), usual);
  EXPECT_LT(size({.dimension_compression = CodecId::kZstd}), usual);
}

TEST_F(RoundTripTest, NamesTheLoaderOfTheSpec) {
  const RandomColumns columns(1);
  const std::string loader = R"({"type":"broadcastJoinableMMapSegmentFactory","keyColumns":["string"]})";
  write_segment(file("joined"), columns.data(), {.segment_loader = loader});
  EXPECT_EQ(read("joined/factory.json"), loader);
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
