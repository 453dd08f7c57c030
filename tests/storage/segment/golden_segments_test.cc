// Segments of stock Druid 33, read and written again: every file must come out as Druid wrote it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "storage/segment/mapped_segment.h"
#include "storage/segment/segment_writer.h"
#include "tests/storage/base/files_test_fixture.h"
#include "tests/storage/segment/segment_copy.h"
#include "tests/support/checkout.h"

namespace sarsen::storage {
namespace {

namespace fs = std::filesystem;

class GoldenSegmentsTest : public FilesTest {
 protected:
  /// Writes each segment below `root` again and compares file by file; returns how many there are.
  std::size_t expect_same_bytes(const fs::path& root) {
    std::vector<fs::path> segments;
    for (const auto& entry : fs::recursive_directory_iterator(root))
      if (entry.path().filename() == "version.bin") segments.push_back(entry.path().parent_path());
    std::sort(segments.begin(), segments.end());
    for (const fs::path& segment : segments) expect_same_files(segment, file(std::to_string(++written_)));
    return segments.size();
  }

 private:
  void expect_same_files(const fs::path& segment, const fs::path& again) {
    const SegmentCopy copy(open_segment(segment));
    write_segment(again, copy.data(), IndexSpec::druid());
    for (const char* name : {"version.bin", "factory.json", "meta.smoosh", "00000.smoosh"}) {
      const std::string expected = content(segment / name);
      const std::string actual = content(again / name);
      const auto difference = std::mismatch(expected.begin(), expected.end(), actual.begin(), actual.end());
      EXPECT_TRUE(expected == actual) << (segment / name) << ": " << expected.size() << " and " << actual.size()
                                      << " bytes, differ at " << difference.first - expected.begin();
    }
  }

  std::size_t written_ = 0;
};

TEST_F(GoldenSegmentsTest, WritesTheBytesOfDruid) {
  EXPECT_GE(expect_same_bytes(source_folder() / "tests/golden/druid-33.0.0/segments"), 6u);
}

TEST_F(GoldenSegmentsTest, WritesTheBytesOfDruidForMoreThanOneBlockAColumn) {
  const fs::path root = shared_folder() / "data/golden/segments";
  if (!fs::exists(root)) GTEST_SKIP() << "no recorded segments of wikiticker at " << root;
  EXPECT_EQ(expect_same_bytes(root / "wikiticker"), 1u);
  EXPECT_EQ(expect_same_bytes(root / "wikipedia"), 1u);
}

}  // namespace
}  // namespace sarsen::storage
