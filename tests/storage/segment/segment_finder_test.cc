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
