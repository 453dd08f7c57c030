#include "storage/segment/mapped_segment.h"

#include <gtest/gtest.h>

#include <thread>

#include "storage/base/error.h"
#include "storage/segment/open_stored_segment.h"
#include "tests/storage/base/files_test_fixture.h"
#include "tests/storage/segment/memory_files.h"
#include "tests/storage/segment/row_values.h"
#include "tests/support/checkout.h"

namespace sarsen::storage {
namespace {

const std::string kGolden = (source_folder() / "tests/golden/segments/").string();

std::string values_of(const Segment& segment, const std::string& name) {
  RowValues values(segment.column(name), segment.row_count());
  Json::Array array;
  for (std::uint32_t row = 0; row < segment.row_count(); ++row) array.push_back(values.at(row));
  return Json(std::move(array)).dump();
}

std::string problem_of(const FileTexts& texts) {
  try {
    open_stored_segment(stored_files(texts), "memory");
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(MappedSegment, ReadsTheExampleOfTheFormat) {
  const auto segment = open_segment(kGolden + "small");
  EXPECT_EQ(segment->row_count(), 3u);
  EXPECT_EQ(segment->data_interval(), parse_interval("2024-01-01/2024-01-02"));
  EXPECT_EQ(segment->dimensions(), (std::vector<std::string>{"city", "tags"}));
  EXPECT_EQ(segment->metrics(), (std::vector<std::string>{"cnt", "price", "ratio", "uniq"}));
  EXPECT_TRUE(segment->sorted_by_time());
  EXPECT_EQ(segment->time_bounds(), (Interval{1704067200000, 1704074400000}));
  EXPECT_EQ(segment->size_bytes(), 2210u + 4 + 29 + 174);
  EXPECT_TRUE(segment->metadata().find("rollup")->boolean());

  EXPECT_EQ(values_of(*segment, "__time"), "[1704067200000,1704070800000,1704074400000]");
  EXPECT_EQ(values_of(*segment, "city"), R"(["Oslo",null,"Bern"])");
  EXPECT_EQ(values_of(*segment, "tags"), R"([["a","b"],[],["b"]])");
  EXPECT_EQ(values_of(*segment, "cnt"), "[1,2,3]");
  EXPECT_EQ(values_of(*segment, "price"), "[1.5,null,-2.25]");
  EXPECT_EQ(values_of(*segment, "ratio"), "[0.5,1.0,2.0]");
  const auto sketches = segment->column("uniq")->complex_reader();
  EXPECT_EQ(sketches->read(0)->size(), 10u);
  EXPECT_EQ(sketches->read(2)->size(), 13u);
}

TEST(MappedSegment, TellsWhatItsColumnsAre) {
  const auto segment = open_segment(kGolden + "small");
  const Column& city = *segment->column("city");
  EXPECT_EQ(city.type(), ValueType::kString);
  EXPECT_FALSE(city.multiple_values());
  EXPECT_TRUE(city.may_have_nulls());
  EXPECT_EQ(city.size_bytes(), 326u);
  EXPECT_EQ(city.encoding(), "utf8 dictionary, 1 byte an id, lz4, 65536 values a block, roaring bitmaps");
  EXPECT_TRUE(segment->column("tags")->multiple_values());
  EXPECT_EQ(segment->column("uniq")->complex_type(), "hyperUnique");
  EXPECT_TRUE(segment->column("price")->may_have_nulls());
  EXPECT_FALSE(segment->column("cnt")->may_have_nulls());
  EXPECT_EQ(segment->column("cnt")->encoding(), "lz4, 8192 values a block");
  EXPECT_EQ(segment->column("nothing"), nullptr);
  EXPECT_EQ(segment->column("index.drd"), nullptr);
}

TEST(MappedSegment, FindsValuesAndTheirRows) {
  const auto segment = open_segment(kGolden + "small");
  const Column& city = *segment->column("city");
  const Dictionary& dictionary = *city.dictionary();
  ASSERT_EQ(dictionary.size(), 3u);
  EXPECT_TRUE(dictionary.sorted());
  EXPECT_EQ(dictionary.find(std::nullopt), 0u);
  EXPECT_EQ(dictionary.find("Oslo"), 2u);
  EXPECT_EQ(dictionary.find("Paris"), std::nullopt);
  EXPECT_EQ(dictionary.find(""), std::nullopt);
  EXPECT_EQ(dictionary.lower_bound("A"), 1u);
  EXPECT_EQ(dictionary.lower_bound("C"), 2u);
  EXPECT_EQ(dictionary.lower_bound("P"), 3u);
  std::uint64_t words = 0;
  city.bitmap_index()->or_into(2, {&words, 1});
  EXPECT_EQ(words, 1u);
  city.bitmap_index()->or_into(0, {&words, 1});
  EXPECT_EQ(words, 3u);
  EXPECT_EQ(segment->column("tags")->bitmap_index()->cardinality(2), 2u);
}

TEST(MappedSegment, ParsesAColumnOnceForAllThreads) {
  const auto segment = open_segment(kGolden + "small");
  std::vector<const Column*> columns(8);
  std::vector<std::thread> threads;
  for (const Column*& column : columns) threads.emplace_back([&segment, &column] { column = segment->column("tags"); });
  for (std::thread& thread : threads) thread.join();
  for (const Column* column : columns) EXPECT_EQ(column, segment->column("tags"));
}

TEST(MappedSegment, KeepsTheOtherColumnsWhereOneIsNotUnderstood) {
  FileTexts texts = read_files(kGolden + "small");
  std::string& chunk = texts["00000.smoosh"];
  chunk.replace(chunk.find("doubleV2"), 8, "triple99");
  const auto segment = open_stored_segment(stored_files(texts), "memory");
  EXPECT_EQ(values_of(*segment, "cnt"), "[1,2,3]");
  try {
    segment->column("price");
    FAIL() << "read";
  } catch (const Error& error) {
    EXPECT_EQ(error.category(), ErrorCategory::kUnsupported);
    EXPECT_STREQ(error.what(), "memory, column price: column of a kind not understood: part type triple99");
  }
}

TEST(MappedSegment, NamesFileColumnAndPartOfDamage) {
  FileTexts texts = read_files(kGolden + "small");
  texts["00000.smoosh"][0xB3] = '\xFF';  // inside the one block of __time
  const auto segment = open_stored_segment(stored_files(texts), "memory");
  try {
    segment->time_bounds();
    FAIL() << "read";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "memory, column __time, values: corrupt lz4 block");
  }
}

TEST(MappedSegment, SaysWhatToDoAboutOtherVersions) {
  FileTexts texts = read_files(kGolden + "small");
  texts["version.bin"] = std::string("\0\0\0\x08", 4);
  EXPECT_NE(problem_of(texts).find("convert_segment"), std::string::npos);
  texts["version.bin"] = std::string("\0\0\0\x0B", 4);
  EXPECT_EQ(problem_of(texts), "memory: unknown segment format version 11");
  EXPECT_NE(problem_of({{"druid.segment", "\x0A"}}).find("version 10 is not read yet"), std::string::npos);
  EXPECT_NE(problem_of({{"index.drd", "\x07"}}).find("older than Druid 0.7"), std::string::npos);
  EXPECT_EQ(problem_of({}), "memory: not a segment: neither version.bin nor index.drd nor druid.segment");
}

TEST(MappedSegment, ReadsTheKindsOfSegmentsThatFactoriesName) {
  FileTexts texts = read_files(kGolden + "small");
  for (const char* factory : {"{}", R"({"type":"mMapSegmentFactory"})",
                              R"({"type":"broadcastJoinableMMapSegmentFactory","keyColumns":["city"]})"}) {
    texts["factory.json"] = factory;
    EXPECT_EQ(open_stored_segment(stored_files(texts), "memory")->row_count(), 3u) << factory;
  }
  texts["factory.json"] = R"({"type":"other"})";
  EXPECT_EQ(problem_of(texts).find("memory: factory.json: segment of a kind not understood: type other"), 0u);
  texts["factory.json"] = "{";
  EXPECT_EQ(problem_of(texts).find("memory: factory.json: "), 0u);
}

TEST(MappedSegment, ReadsATombstoneAsASegmentWithoutRows) {
  const auto tombstone =
      open_stored_segment(stored_files({{"factory.json", R"({"type":"tombstoneSegmentFactory"})"}}), "memory");
  EXPECT_EQ(tombstone->row_count(), 0u);
  EXPECT_EQ(tombstone->time_bounds(), std::nullopt);
  EXPECT_EQ(tombstone->column("__time")->row_count(), 0u);
  EXPECT_EQ(tombstone->column("city"), nullptr);
  EXPECT_TRUE(tombstone->dimensions().empty() && tombstone->metrics().empty());
}

TEST(MappedSegment, TellsTheOrderOfItsRows) {
  EXPECT_EQ(open_segment(kGolden + "small")->ordering(), std::vector<SortKey>{{"__time"}});

  FileTexts texts = read_files(kGolden + "druid-33.0.0-projections");
  EXPECT_EQ(open_stored_segment(stored_files(texts), "memory")->ordering(),
            (std::vector<SortKey>{{"__time"}, {"city"}, {"tags"}, {"nothing"}, {"small"}, {"n"}, {"d"}, {"user"}}));

  const auto changed = [&](const std::string& from, const std::string& to) {
    FileTexts copy = texts;
    std::string& chunk = copy["00000.smoosh"];
    const std::size_t at = chunk.find(from);
    EXPECT_NE(at, std::string::npos);
    EXPECT_EQ(from.size(), to.size());
    chunk.replace(at, from.size(), to);
    return open_stored_segment(stored_files(copy), "memory");
  };
  const std::string time = R"({"columnName":"__time","order":"ascending"})";
  const std::string city = R"({"columnName":"city","order":"ascending"})";
  const auto by_city = changed(time + "," + city, city + "," + time);
  EXPECT_FALSE(by_city->sorted_by_time());
  EXPECT_EQ(by_city->ordering()[0], SortKey{"city"});
  EXPECT_EQ(by_city->time_bounds(), (Interval{1704067200000, 1704083220000}));  // looks at all rows

  // A letter longer, so one of the next name goes.
  const auto backwards =
      changed(time + R"(,{"columnName":"city")", R"({"columnName":"__time","order":"descending"},{"columnName":"cit")");
  EXPECT_FALSE(backwards->sorted_by_time());
  EXPECT_EQ(backwards->ordering()[0], (SortKey{"__time", true}));
}

// As Druid, which reads a segment whose metadata it cannot read as if it had none.
TEST(MappedSegment, IsInTheOrderOfTimeWhereNobodySaysOtherwise) {
  FileTexts texts = read_files(kGolden + "druid-33.0.0-projections");
  std::string& chunk = texts["00000.smoosh"];
  chunk.replace(chunk.find(R"("order":"ascending")"), 19, R"("order":"something")");
  const auto segment = open_stored_segment(stored_files(texts), "memory");
  EXPECT_EQ(segment->ordering(), std::vector<SortKey>{{"__time"}});
  EXPECT_TRUE(segment->sorted_by_time());
  EXPECT_TRUE(segment->metadata().is_null());
}

TEST(MappedSegment, GoesWithoutMetadataThatCannotBeRead) {
  FileTexts texts = read_files(kGolden + "small");
  texts["00000.smoosh"][1854] = '[';
  const auto segment = open_stored_segment(stored_files(texts), "memory");
  EXPECT_TRUE(segment->metadata().is_null());
  EXPECT_EQ(values_of(*segment, "cnt"), "[1,2,3]");
}

TEST(MappedSegment, KnowsRowsThatAreNotInOrderOfTime) {
  FileTexts texts = read_files(kGolden + "small");
  const std::string ordering = R"({"ordering":[{"columnName":"city","order":"ascending"}]})";
  texts["00000.smoosh"].replace(1854, ordering.size(), ordering);
  std::string& meta = texts["meta.smoosh"];
  meta.replace(meta.find("1854,2210"), 9, "1854," + std::to_string(1854 + ordering.size()));
  const auto segment = open_stored_segment(stored_files(texts), "memory");
  EXPECT_FALSE(segment->sorted_by_time());
  EXPECT_EQ(segment->time_bounds(), (Interval{1704067200000, 1704074400000}));
}

TEST(MappedSegment, RefusesWhatIsNoSegment) {
  EXPECT_THROW(open_segment("/no/such/segment"), Error);
  EXPECT_THROW(open_segment(kGolden), Error);
  EXPECT_THROW(open_segment(kGolden + "small/meta.smoosh"), Error);  // no archive either
}

}  // namespace
}  // namespace sarsen::storage
