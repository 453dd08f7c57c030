#include "storage/map/segment_map.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "storage/segment/segment_files.h"
#include "storage/segment/segment_finder.h"
#include "tests/support/checkout.h"

namespace sarsen::storage {
namespace {

namespace fs = std::filesystem;

// Parts follow each other without gaps and add up to the whole.
void check_tree(const Part& part) {
  if (part.parts.empty()) return;
  std::size_t position = part.begin;
  for (const Part& piece : part.parts) {
    ASSERT_EQ(piece.begin, position) << part.name << "/" << piece.name;
    position += piece.size;
    check_tree(piece);
  }
  EXPECT_EQ(position, part.begin + part.size) << part.name;
}

std::vector<std::string> not_understood(const SegmentMap& map) {
  std::vector<std::string> names;
  for (const MappedPart& mapped : map.parts)
    if (!mapped.part.understood) names.push_back(mapped.part.name);
  return names;
}

void check_segment(const fs::path& path) {
  SCOPED_TRACE(path.string());
  const StoredFiles files = open_segment_files(path);
  const SegmentMap map = map_segment(files, Smoosh(files));
  std::size_t sum = 0;
  for (const MappedPart& mapped : map.parts) {
    EXPECT_EQ(mapped.part.size, mapped.bytes.size()) << mapped.part.name;
    check_tree(mapped.part);
    sum += mapped.part.size;
  }
  EXPECT_EQ(sum, map.size);
  EXPECT_EQ(not_understood(map), std::vector<std::string>());
}

TEST(SegmentMapTest, ExplainsEveryByteOfGoldenSegments) {
  std::size_t count = 0;
  for (const fs::path& path : segment_paths(source_folder() / "tests" / "golden")) {
    check_segment(path);
    ++count;
  }
  EXPECT_GT(count, 3u);
}

TEST(SegmentMapTest, ExplainsEveryByteOfAllVersions) {
  const fs::path root = shared_folder() / "data" / "druid-segments";
  if (!fs::is_directory(root)) GTEST_SKIP() << "the segments of 16 Druid versions are not under " << shared_folder();
  for (const fs::path& path : segment_paths(root))
    if (path.string().find("SegmentPersistDir") == std::string::npos) check_segment(path);
}

TEST(SegmentMapTest, FindsPartsByPath) {
  const StoredFiles files = open_segment_files(source_folder() / "tests/golden/segments/druid-0.7.0-spatial");
  const SegmentMap map = map_segment(files, Smoosh(files));
  const auto [file, part] = map.find("country/dictionary/values");
  EXPECT_EQ(file->part.name, "country");
  EXPECT_EQ(part->name, "values");
  EXPECT_GT(part->size, 0u);
  EXPECT_EQ(map.find("meta.smoosh").file->file, "meta.smoosh");
  EXPECT_THROW(map.find("country/nothing"), Error);
  EXPECT_THROW(map.find("countr"), Error);
}

}  // namespace
}  // namespace sarsen::storage
