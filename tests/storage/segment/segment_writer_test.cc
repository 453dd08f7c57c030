#include "storage/segment/segment_writer.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/storage/base/files_test_fixture.h"
#include "tests/storage/hex.h"

namespace sarsen::storage {
namespace {

using Words = std::vector<std::uint32_t>;

/// Three rows with a column of each kind; what a test wants different it changes.
class SegmentWriterTest : public FilesTest {
 protected:
  SegmentWriterTest() {
    data_.interval = {.start_ms = 1704067200000, .end_ms = 1704153600000};
    data_.times_ms = times_ms_;
    data_.dimensions = {
        {.name = "city", .data = StringColumnData{.dictionary = {std::nullopt, "Bern", "Oslo"}, .ids = city_ids_}},
        {.name = "tags",
         .data = StringColumnData{.dictionary = {std::nullopt, "a", "b"}, .ids = tag_ids_, .offsets = tag_offsets_}},
    };
    data_.metrics = {
        {.name = "price", .data = NumericColumnData<double>{.values = prices_, .nulls = price_nulls_}},
        {.name = "cnt", .data = NumericColumnData<std::int64_t>{.values = counts_, .nulls = {}}},
        {.name = "ratio", .data = NumericColumnData<float>{.values = ratios_, .nulls = {}}},
    };
  }

  std::uint64_t write(const IndexSpec& spec = {}) { return write_segment(file("segment"), data_, spec); }

  std::uint64_t write_as_druid(IndexSpec spec = {}) {
    spec.druid_bytes = true;
    return write(spec);
  }

  /// The bytes of one logical file.
  std::string logical(const std::string& name) const {
    const std::string index = read("segment/meta.smoosh");
    const std::size_t line = index.find("\n" + name + ",0,");
    EXPECT_NE(line, std::string::npos) << name;
    if (line == std::string::npos) return {};
    std::size_t begin = 0;
    std::size_t end = 0;
    EXPECT_EQ(std::sscanf(index.c_str() + line + name.size() + 4, "%zu,%zu", &begin, &end), 2);
    return read("segment/00000.smoosh").substr(begin, end - begin);
  }
  /// What follows the descriptor, in hex.
  std::string part(const std::string& name) const {
    const std::string bytes = logical(name);
    const auto size = load_be<std::uint32_t>(reinterpret_cast<const std::byte*>(bytes.data()));
    return hex(std::string_view(bytes).substr(4 + size));
  }
  std::string descriptor(const std::string& name) const {
    const std::string bytes = logical(name);
    return bytes.substr(4, load_be<std::uint32_t>(reinterpret_cast<const std::byte*>(bytes.data())));
  }

  template <class T>
  T& dimension(std::size_t index) {
    return std::get<T>(data_.dimensions[index].data);
  }
  template <class T>
  T& metric(std::size_t index) {
    return std::get<T>(data_.metrics[index].data);
  }

  void expect_refused(ErrorCategory category, const std::string& words) {
    try {
      write_as_druid();
      ADD_FAILURE() << "not refused: " << words;
    } catch (const Error& error) {
      EXPECT_EQ(error.category(), category) << error.what();
      EXPECT_NE(std::string(error.what()).find(words), std::string::npos) << error.what();
    }
    EXPECT_EQ(entries(), 0u);  // neither the segment nor what it was to become
  }

  std::vector<std::int64_t> times_ms_{1704067200000, 1704070800000, 1704074400000};
  Words city_ids_{2, 0, 1};
  Words tag_ids_{1, 2, 2};
  Words tag_offsets_{0, 2, 2, 3};
  std::vector<std::int64_t> counts_{1, 2, 3};
  std::vector<double> prices_{1.5, 0, -2.25};
  std::vector<std::uint64_t> price_nulls_{0b010};
  std::vector<float> ratios_{0.5f, 1.0f, 2.0f};
  SegmentData data_;
};

TEST_F(SegmentWriterTest, WritesTheFilesOfASegmentAndTheirSize) {
  const std::uint64_t size = write_as_druid();
  EXPECT_EQ(entries(), 1u);
  EXPECT_EQ(hex(read("segment/version.bin")), "00000009");
  EXPECT_EQ(read("segment/factory.json"), R"({"type":"mMapSegmentFactory"})");
  EXPECT_EQ(size, 4 + 29 + read("segment/meta.smoosh").size() + read("segment/00000.smoosh").size());
}

TEST_F(SegmentWriterTest, WritesTimeThenMetricsByNameThenDimensions) {
  write_as_druid();
  const std::string chunk = read("segment/00000.smoosh");
  std::vector<std::size_t> places;
  for (const char* name : {"__time", "cnt", "price", "ratio", "city", "tags", "index.drd"})
    places.push_back(chunk.find(logical(name)));
  EXPECT_TRUE(std::is_sorted(places.begin(), places.end()));
}

TEST_F(SegmentWriterTest, WritesNumbersWithAndWithoutNulls) {
  write_as_druid({.metric_compression = CodecId::kUncompressed});
  EXPECT_EQ(descriptor("price"), R"({"valueType":"DOUBLE","hasMultipleValues":false,"parts":[{"type":"doubleV2",)"
                                 R"("byteOrder":"LITTLE_ENDIAN","bitmapSerdeFactory":{"type":"roaring"}}]})");
  EXPECT_EQ(part("price"), compact("00000034 | 02 00000003 00002000 FF | 01 00 00000024 00000001 0000001C 00000000"
                                   "000000000000F83F 0000000000000000 00000000000002C0"
                                   "| 00000012 3A300000 01000000 0000 0000 10000000 0100"));
  EXPECT_EQ(part("cnt"), compact("00000034 | 02 00000003 00002000 FF | 01 00 00000024 00000001 0000001C 00000000"
                                 "0100000000000000 0200000000000000 0300000000000000"));
  EXPECT_EQ(part("ratio"), compact("00000028 | 02 00000003 00004000 FF | 01 00 00000018 00000001 00000010 00000000"
                                   "0000003F 0000803F 00000040"));
}

TEST_F(SegmentWriterTest, WritesBareArraysWhereNothingIsToBeCompressed) {
  write_as_druid({.metric_compression = CodecId::kNone});
  EXPECT_EQ(part("cnt"), compact("00000022 | 02 00000003 00000000 FE"
                                 "0100000000000000 0200000000000000 0300000000000000"));
}

TEST_F(SegmentWriterTest, WritesStrings) {
  write_as_druid();
  EXPECT_EQ(descriptor("city"),
            R"({"valueType":"STRING","hasMultipleValues":false,"parts":[{"type":"stringDictionary",)"
            R"("bitmapSerdeFactory":{"type":"roaring"},"byteOrder":"LITTLE_ENDIAN"}]})");
  EXPECT_EQ(part("city"), compact("02 00000000"
                                  "| 01 01 00000024 00000003 00000004 0000000C 00000014"
                                  "  FFFFFFFF 00000000 4265726E 00000000 4F736C6F"
                                  "| 02 01 00000003 00010000 01 | 01 00 00000010 00000001 00000008 00000000 30 020001"
                                  "| 01 00 00000052 00000003 00000016 0000002C 00000042"
                                  "  00000000 3A300000 01000000 0000 0000 10000000 0100"
                                  "  00000000 3A300000 01000000 0000 0000 10000000 0200"
                                  "  00000000 3A300000 01000000 0000 0000 10000000 0000"));
}

constexpr std::string_view kTagsPart =
    "02 00000002"
    "| 01 01 0000001E 00000003 00000004 00000009 0000000E FFFFFFFF 00000000 61 00000000 62"
    "| 03 | 02 00000004 00004000 01 | 01 00 0000001E 00000001 00000016 00000000"
    "  F0 01 00000000 02000000 02000000 03000000"
    "| 02 01 00000003 00010000 01 | 01 00 00000010 00000001 00000008 00000000 30 010202"
    "| 01 00 00000054 00000003 00000016 0000002C 00000044"
    "  00000000 3A300000 01000000 0000 0000 10000000 0100"
    "  00000000 3A300000 01000000 0000 0000 10000000 0000"
    "  00000000 3A300000 01000000 0000 0100 10000000 0000 0200";

TEST_F(SegmentWriterTest, WritesMultipleValues) {
  write_as_druid();
  EXPECT_NE(descriptor("tags").find(R"("hasMultipleValues":true)"), std::string::npos);
  EXPECT_EQ(part("tags"), compact(kTagsPart));
}

TEST_F(SegmentWriterTest, AddsTheNullThatEmptyRowsNeed) {
  dimension<StringColumnData>(1).dictionary = {"a", "b"};
  const Words ids{0, 1, 1};
  dimension<StringColumnData>(1).ids = ids;
  write_as_druid();
  EXPECT_EQ(part("tags"), compact(kTagsPart));
}

TEST_F(SegmentWriterTest, SetsARowOnceForAValueThatItRepeats) {
  const Words ids{1, 1, 1};
  const Words offsets{0, 2, 2, 3};
  dimension<StringColumnData>(1) = {.dictionary = {std::nullopt, "a"}, .ids = ids, .offsets = offsets};
  write_as_druid();
  EXPECT_EQ(part("tags").substr(part("tags").size() - 2 * 24),
            compact("00000000 3A300000 01000000 0000 0100 10000000 0000 0200"));
}

TEST_F(SegmentWriterTest, WritesUncompressedIds) {
  dimension<StringColumnData>(0).bitmap_index = false;
  dimension<StringColumnData>(1).bitmap_index = false;
  write_as_druid({.dimension_compression = CodecId::kUncompressed});
  EXPECT_EQ(part("city"), compact("03 00000004 | 01 01 00000024 00000003 00000004 0000000C 00000014"
                                  "  FFFFFFFF 00000000 4265726E 00000000 4F736C6F"
                                  "| 00 01 00000006 | 02 00 01 | 000000"));
  EXPECT_EQ(part("tags"),
            compact("03 00000005"
                    "| 01 01 0000001E 00000003 00000004 00000009 0000000E FFFFFFFF 00000000 61 00000000 62"
                    "| 01 01 00000016 00000003 | 00000002 00000002 00000003 | 01 02 02 | 000000"));
}

TEST_F(SegmentWriterTest, WritesNoBitmapsWhereNoneAreWanted) {
  dimension<StringColumnData>(0).bitmap_index = false;
  write_as_druid();
  EXPECT_EQ(part("city").substr(0, 10), compact("02 00000004"));
  EXPECT_EQ(part("city").substr(part("city").size() - 8), "30020001");
}

TEST_F(SegmentWriterTest, WritesComplexValues) {
  const std::vector<std::optional<std::string_view>> values{"x", std::nullopt, ""};
  data_.metrics.push_back(
      {.name = "uniq", .data = ComplexColumnData{.type = "hyperUnique", .value = [&](std::uint32_t row) {
                                                   return values[row]
                                                              ? std::optional(std::as_bytes(std::span(*values[row])))
                                                              : std::nullopt;
                                                 }}});
  write();
  EXPECT_EQ(
      descriptor("uniq"),
      R"({"valueType":"COMPLEX","hasMultipleValues":false,"parts":[{"type":"complex","typeName":"hyperUnique"}]})");
  EXPECT_EQ(part("uniq"), compact("01 00 0000001D 00000003 | 00000005 00000009 0000000D"
                                  "| 00000000 78 | FFFFFFFF | 00000000"));
}

TEST_F(SegmentWriterTest, ListsItsColumnsInIndexDrd) {
  write();
  EXPECT_EQ(hex(logical("index.drd")),
            compact("01 00 00000041 00000005 00000007 00000010 00000019 00000021 00000029"
                    "  00000000 636E74 00000000 7072696365 00000000 726174696F 00000000 63697479 00000000 74616773"
                    "| 01 01 0000001C 00000002 00000008 00000010 00000000 63697479 00000000 74616773"
                    "| 0000018CC251F400 0000018CC7785000"
                    "| 00000012 7B2274797065223A22726F6172696E67227D"
                    "| 01 01 0000002C 00000005 00000004 00000008 0000000C 00000010 00000014"
                    "  FFFFFFFF FFFFFFFF FFFFFFFF FFFFFFFF FFFFFFFF"
                    "| 01 01 00000014 00000002 00000004 00000008 FFFFFFFF FFFFFFFF"));
}

TEST_F(SegmentWriterTest, NamesNullColumnsOnlyWhereNewDruidLooks) {
  const Words ids{0, 0, 0};
  dimension<StringColumnData>(0) = {.dictionary = {std::nullopt}, .ids = ids};
  write();
  EXPECT_EQ(logical("city").substr(4), R"({"valueType":"STRING","hasMultipleValues":false,"parts":[{"type":"null",)"
                                       R"("numRows":3,"bitmapSerdeFactory":{"type":"roaring"}}]})");
  const std::string index = hex(logical("index.drd"));
  EXPECT_NE(index.find(compact("01 01 00000010 00000001 00000008 00000000 74616773")), std::string::npos);
  EXPECT_EQ(index.substr(index.size() - 2 * 30),
            compact("01 00 00000018 00000002 00000008 0000000C 00000000 63697479 FFFFFFFF"));
}

TEST_F(SegmentWriterTest, WritesMetadataAsItIs) {
  data_.metadata = Json::parse(R"({"container":{},"aggregators":[],"queryGranularity":{"type":"none"},"rollup":true})");
  write();
  EXPECT_EQ(logical("metadata.drd"), data_.metadata.dump());
}

TEST_F(SegmentWriterTest, WritesASegmentWithoutRows) {
  data_.times_ms = {};
  const Words no_offsets{0};
  dimension<StringColumnData>(0) = {};
  dimension<StringColumnData>(1) = {.dictionary = {}, .ids = {}, .offsets = no_offsets};
  metric<NumericColumnData<double>>(0) = {};
  metric<NumericColumnData<std::int64_t>>(1) = {};
  metric<NumericColumnData<float>>(2) = {};
  write();
  EXPECT_EQ(part("__time"), compact("00000014 | 02 00000000 00002000 01 | 01 00 00000004 00000000"));
  EXPECT_EQ(part("city"), "");
}

TEST_F(SegmentWriterTest, WritesRowsThatStandAloneInElevenBytes) {
  write();
  EXPECT_TRUE(part("city").ends_with(compact("00000000 3B300000 00 0000 0000 0000")));
}

TEST_F(SegmentWriterTest, WritesTheSameBytesEachTime) {
  write();
  write_segment(file("again"), data_);
  EXPECT_EQ(read("segment/00000.smoosh"), read("again/00000.smoosh"));
  EXPECT_EQ(read("segment/meta.smoosh"), read("again/meta.smoosh"));
}

/// Counts the columns that are in memory.
struct Held {
  explicit Held(int& now) : count(now) { ++count; }
  ~Held() { --count; }
  int& count;
};

TEST_F(SegmentWriterTest, MakesEachColumnWhenItsTurnComesAndDropsItAfter) {
  write();
  int held = 0;
  std::string order;
  const auto later = [&](ColumnData& column) {
    column.make = [&held, &order, name = column.name, values = column.data] {
      EXPECT_EQ(held, 0) << name;
      order += name + " ";
      return OwnedColumnValues{values, std::make_shared<Held>(held)};
    };
    column.data = {};
  };
  for (ColumnData& column : data_.metrics) later(column);
  for (ColumnData& column : data_.dimensions) later(column);
  data_.times_ms = {};
  data_.row_count = 3;
  data_.make_times = [&] {
    order += "__time ";
    return times_ms_;
  };
  write_segment(file("again"), data_);
  EXPECT_EQ(order, "__time cnt price ratio city tags ");
  EXPECT_EQ(held, 0);
  EXPECT_EQ(read("segment/00000.smoosh"), read("again/00000.smoosh"));
  EXPECT_EQ(read("segment/meta.smoosh"), read("again/meta.smoosh"));
}

TEST_F(SegmentWriterTest, ChecksWhatIsMade) {
  data_.dimensions[0].make = [&] {
    return OwnedColumnValues{StringColumnData{.dictionary = {"Bern"}, .ids = city_ids_}, nullptr};
  };
  expect_refused(ErrorCategory::kDefensive, "\"city\": an id is not in the dictionary");
  data_.dimensions.clear();
  data_.make_times = [&] { return times_ms_; };
  expect_refused(ErrorCategory::kDefensive, "the number of times is not that of the rows");
}

TEST_F(SegmentWriterTest, WritesTimesOutOfOrderWhereTheSegmentIsSortedOtherwise) {
  std::swap(times_ms_[0], times_ms_[1]);
  data_.sorted_by_time = false;
  EXPECT_NE(write(), 0u);
}

TEST_F(SegmentWriterTest, TakesADirectoryNamedWithASlash) {
  write_segment(file("segment/"), data_);
  EXPECT_EQ(entries(), 1u);
  EXPECT_FALSE(read("segment/meta.smoosh").empty());
}

TEST_F(SegmentWriterTest, LeavesADirectoryAloneThatExists) {
  std::filesystem::create_directory(file("segment"));
  EXPECT_THROW(write(), Error);
  EXPECT_TRUE(std::filesystem::is_empty(file("segment")));
  EXPECT_EQ(entries(), 1u);
}

TEST_F(SegmentWriterTest, LeavesNothingBehindWhereTheDiskRefuses) {
  FilesTest::write("blocked", "a file, where a folder is wanted");
  EXPECT_THROW(write_segment(file("blocked/segment"), data_), Error);
  EXPECT_EQ(entries(), 1u);
}

TEST_F(SegmentWriterTest, LeavesNothingBehindWhereAValueThrows) {
  data_.metrics.push_back(
      {.name = "uniq",
       .data = ComplexColumnData{.type = "hyperUnique",
                                 .value = [](std::uint32_t) -> std::optional<std::span<const std::byte>> {
                                   throw Error(ErrorCategory::kRuntimeFailure, "no value");
                                 }}});
  expect_refused(ErrorCategory::kRuntimeFailure, "\"uniq\": no value");
}

TEST_F(SegmentWriterTest, RefusesNamesThatASegmentCannotHold) {
  for (const char* name : {"", "a,b", "a\nb", "a\rb", "__time", "index.drd", "metadata.drd", "tags"}) {
    data_.dimensions[0].name = name;
    expect_refused(ErrorCategory::kInvalidInput, std::string("\"") + name + "\"");
  }
}

TEST_F(SegmentWriterTest, RefusesTimesOutOfOrderOrInterval) {
  std::swap(times_ms_[0], times_ms_[1]);
  expect_refused(ErrorCategory::kDefensive, "times do not ascend");
  std::swap(times_ms_[0], times_ms_[1]);
  data_.interval.end_ms = times_ms_[2];
  expect_refused(ErrorCategory::kDefensive, "outside the segment's interval");
}

TEST_F(SegmentWriterTest, RefusesIdsThatTheDictionaryDoesNotHave) {
  city_ids_[1] = 3;
  expect_refused(ErrorCategory::kDefensive, "\"city\": an id is not in the dictionary");
}

TEST_F(SegmentWriterTest, RefusesDictionariesOutOfOrder) {
  auto& dictionary = dimension<StringColumnData>(0).dictionary;
  dictionary = {std::nullopt, "Oslo", "Bern"};
  expect_refused(ErrorCategory::kDefensive, "the dictionary is not sorted");
  dictionary = {"Bern", "Bern", "Oslo"};
  expect_refused(ErrorCategory::kDefensive, "repeats a value");
  dictionary = {"Bern", "Oslo", std::nullopt};
  expect_refused(ErrorCategory::kDefensive, "null is not the first");
  dictionary = {std::nullopt, "\uFF01", "\U0001F600"};  // in the order of their bytes
  expect_refused(ErrorCategory::kDefensive, "the dictionary is not sorted");
}

TEST_F(SegmentWriterTest, RefusesColumnsOfAnotherLength) {
  dimension<StringColumnData>(0).ids = std::span(city_ids_).first(2);
  expect_refused(ErrorCategory::kDefensive, "\"city\": the number of ids");
  dimension<StringColumnData>(0).ids = city_ids_;
  metric<NumericColumnData<std::int64_t>>(1).values = std::span(counts_).first(2);
  expect_refused(ErrorCategory::kDefensive, "\"cnt\": the number of values");
}

TEST_F(SegmentWriterTest, RefusesOffsetsThatDoNotSpanTheIds) {
  tag_offsets_ = {0, 2, 1, 3};
  expect_refused(ErrorCategory::kDefensive, "offsets do not ascend");
  tag_offsets_ = {0, 2, 2, 2};
  expect_refused(ErrorCategory::kDefensive, "offsets do not span");
}

TEST_F(SegmentWriterTest, RefusesNullRowsWithAValue) {
  prices_[1] = 7;
  expect_refused(ErrorCategory::kDefensive, "\"price\": the value of a null row is not 0");
}

TEST_F(SegmentWriterTest, WritesTheSameBytesWithSeveralThreads) {
  write();
  write_segment(file("other"), data_, {}, 3);
  EXPECT_EQ(read("other/00000.smoosh"), read("segment/00000.smoosh"));
  EXPECT_EQ(read("other/meta.smoosh"), read("segment/meta.smoosh"));
}

TEST_F(SegmentWriterTest, LeavesNothingWhereAColumnOfSeveralThreadsIsWrong) {
  metric<NumericColumnData<std::int64_t>>(1).values = std::span(counts_).first(2);
  EXPECT_THROW(write_segment(file("segment"), data_, {}, 3), Error);
  EXPECT_EQ(entries(), 0u);
}

TEST_F(SegmentWriterTest, RefusesCompressionThatIsNotForIds) {
  EXPECT_THROW(write({.dimension_compression = CodecId::kNone}), Error);
  EXPECT_EQ(entries(), 0u);
}

}  // namespace
}  // namespace sarsen::storage
