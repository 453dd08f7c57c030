#include "storage/segment/segment_finder.h"

#include <gtest/gtest.h>

#include "storage/base/error.h"
#include "tests/storage/base/files_test_fixture.h"
#include "tests/support/checkout.h"

namespace sarsen::storage {
namespace {

class SegmentFinder : public FilesTest {
 protected:
  void put_segment(const std::string& folder) const {
    std::filesystem::create_directories(file(folder));
    std::filesystem::copy(source_folder() / "tests/golden/segments/small", file(folder));
  }

  void put_archive(const std::string& path) const {
    std::filesystem::create_directories(file(path).parent_path());
    std::filesystem::copy(source_folder() / "tests/golden/segments/druid-0.8-zip/index.zip", file(path));
  }

  // "data source, interval, version, partition"; one line per segment.
  std::string found(const std::string& name = {}) const {
    std::string text;
    for (const FoundSegment& segment : find_segments(folder_, name).segments) {
      const SegmentId& id = segment.descriptor.id;
      text +=
          id.data_source + ' ' + format_iso(id.interval) + ' ' + id.version + ' ' + std::to_string(id.partition) + '\n';
    }
    return text;
  }
};

constexpr std::string_view kDescriptor = R"({"dataSource":"named","interval":"2024-01-01/P1D","version":"v7"})";

TEST_F(SegmentFinder, TakesTheDescriptorBesideTheFiles) {
  put_segment("a");
  write("a/descriptor.json", std::string(kDescriptor));
  EXPECT_EQ(found("other"), "named 2024-01-01T00:00:00.000Z/2024-01-02T00:00:00.000Z v7 0\n");
}

TEST_F(SegmentFinder, TakesTheDescriptorAboveTheFiles) {
  put_segment("a/index");
  write("a/descriptor.json", std::string(kDescriptor));
  EXPECT_EQ(found(), "named 2024-01-01T00:00:00.000Z/2024-01-02T00:00:00.000Z v7 0\n");
}

TEST_F(SegmentFinder, ReadsDruidsFolders) {
  put_segment("wiki/2024-01-01T00:00:00.000Z_2024-01-02T00:00:00.000Z/v1/0/index");
  put_segment("wiki/2024-01-01T00:00:00.000Z_2024-01-02T00:00:00.000Z/v1/1/0123-4567/index");
  put_segment("intermediate_pushes/0123/index");
  put_segment(".tmp-0123/wiki/2024-01-01T00:00:00.000Z_2024-01-02T00:00:00.000Z/v2/0/index");
  EXPECT_EQ(found("other"),
            "wiki 2024-01-01T00:00:00.000Z/2024-01-02T00:00:00.000Z v1 0\n"
            "wiki 2024-01-01T00:00:00.000Z/2024-01-02T00:00:00.000Z v1 1\n");
}

TEST_F(SegmentFinder, ReadsArchivesOfEveryLayout) {
  const std::string day = "wiki/2024-01-01T00:00:00.000Z_2024-01-02T00:00:00.000Z/v1/";
  const std::string hdfs = "hdfs/20240101T000000.000Z_20240102T000000.000Z/2024-01-03T01_02_03.000Z/";
  put_archive(day + "0/index.zip");
  put_archive(day + "1/0123-4567/index.zip");
  put_archive(hdfs + "2_index.zip");
  put_archive(hdfs + "3_0123-4567_index.zip");
  put_archive("a/index.zip");
  write("a/descriptor.json", std::string(kDescriptor));
  put_archive("b/4_index.zip");
  write("b/4_descriptor.json", R"({"dataSource":"named","interval":"2024-01-01/P1D","version":"v8"})");
  const std::string interval = " 2024-01-01T00:00:00.000Z/2024-01-02T00:00:00.000Z ";
  EXPECT_EQ(found("other"), "named" + interval + "v7 0\n" +      //
                                "named" + interval + "v8 0\n" +  //
                                "hdfs" + interval + "2024-01-03T01:02:03.000Z 2\n" + "hdfs" + interval +
                                "2024-01-03T01:02:03.000Z 3\n" +  //
                                "wiki" + interval + "v1 0\n" +    //
                                "wiki" + interval + "v1 1\n");
}

TEST_F(SegmentFinder, FindsTombstones) {
  const std::string factory = R"({"type":"tombstoneSegmentFactory"})";
  const std::string folder = "wiki/2024-01-01T00:00:00.000Z_2024-01-02T00:00:00.000Z/v1/0";
  std::filesystem::create_directories(file(folder));
  std::filesystem::create_directories(file("nowhere"));
  write(folder + "/factory.json", factory);
  write("nowhere/factory.json", factory);
  const FoundSegments found = find_segments(folder_, "other");
  ASSERT_EQ(found.segments.size(), 1u);
  EXPECT_EQ(found.segments[0].segment->row_count(), 0u);
  EXPECT_EQ(found.segments[0].descriptor.id.version, "v1");
  ASSERT_EQ(found.problems.size(), 1u);
  EXPECT_EQ(found.problems[0], file("nowhere").string() + ": a tombstone, of which nothing says where in time it lies");
}

TEST_F(SegmentFinder, TellsOfSegmentsOfOtherVersions) {
  for (const std::string name : {"v8", "v10"}) std::filesystem::create_directories(file(name));
  write("v8/index.drd", "\x08");
  write("v10/druid.segment", "\x0A");
  write("v10/factory.json", R"({"type":"mMapSegmentFactory"})");
  const FoundSegments found = find_segments(folder_, "other");
  ASSERT_EQ(found.problems.size(), 2u);
  EXPECT_NE(found.problems[0].find("version 10 is not read yet"), std::string::npos) << found.problems[0];
  EXPECT_NE(found.problems[1].find("older than Druid 0.7"), std::string::npos) << found.problems[1];
}

TEST_F(SegmentFinder, NamesUnknownSegmentsAfterTheUser) {
  put_segment("a");
  put_segment("b");
  EXPECT_EQ(found("mine"),
            "mine 2024-01-01T00:00:00.000Z/2024-01-02T00:00:00.000Z 1970-01-01T00:00:00.000Z 0\n"
            "mine 2024-01-01T00:00:00.000Z/2024-01-02T00:00:00.000Z 1970-01-01T00:00:00.000Z 1\n");
  const FoundSegments without_name = find_segments(folder_);
  EXPECT_TRUE(without_name.segments.empty());
  EXPECT_EQ(without_name.problems.size(), 2u);
}

TEST_F(SegmentFinder, CompletesTheDescriptorFromTheSegment) {
  put_segment("a");
  const FoundSegments found = find_segments(file("a"), "mine");
  ASSERT_EQ(found.segments.size(), 1u);
  const SegmentDescriptor& descriptor = found.segments[0].descriptor;
  EXPECT_EQ(descriptor.dimensions, (std::vector<std::string>{"city", "tags"}));
  EXPECT_EQ(descriptor.metrics, (std::vector<std::string>{"cnt", "price", "ratio", "uniq"}));
  EXPECT_EQ(descriptor.size_bytes, 2210u + 4 + 29 + 174);
}

TEST_F(SegmentFinder, GoesOnAfterABrokenSegment) {
  put_segment("a");
  put_segment("b");
  write("a/meta.smoosh", "v9,0,0\n");
  const FoundSegments found = find_segments(folder_, "mine");
  EXPECT_EQ(found.segments.size(), 1u);
  ASSERT_EQ(found.problems.size(), 1u);
  EXPECT_EQ(found.problems[0], file("a").string() + ": meta.smoosh: unknown first line v9,0,0");
}

TEST_F(SegmentFinder, ReportsASegmentThatIsThereTwice) {
  put_segment("a");
  put_segment("b");
  write("a/descriptor.json", std::string(kDescriptor));
  write("b/descriptor.json", std::string(kDescriptor));
  const FoundSegments found = find_segments(folder_);
  EXPECT_EQ(found.segments.size(), 1u);
  EXPECT_EQ(found.problems.size(), 1u);
}

TEST_F(SegmentFinder, FindsNothingInAnEmptyFolder) {
  EXPECT_EQ(found("mine"), "");
  EXPECT_THROW(find_segments(file("missing")), Error);
}

}  // namespace
}  // namespace sarsen::storage
