#include "ingest/deep_storage/local_deep_storage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ingest/deep_storage/linked_files.h"
#include "ingest/deep_storage/segment_cache.h"
#include "ingest/incremental_index/persist.h"
#include "storage/base/error.h"
#include "storage/base/log.h"
#include "storage/segment/segment_finder.h"
#include "tests/ingest/support/index_fixture.h"
#include "tests/ingest/support/temporary_folder.h"

namespace sarsen::ingest {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const Interval kDay = parse_interval("2013-08-31/2013-09-01");
constexpr const char* kPlace = "wiki/2013-08-31T00:00:00.000Z_2013-09-01T00:00:00.000Z/v1/2";

class LocalDeepStorageTest : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override { write("a"); }

  /// A segment of one row whose only dimension is `value`, in files/.
  void write(const std::string& value) {
    fs::remove_all(files());
    IndexFixture fixture(R"({"dataSource":"wiki","timestampSpec":{"column":"t"}})", kDay);
    fixture.add(R"({"t":)" + std::to_string(kDay.start_ms) + R"(,"d":")" + value + "\"}");
    fixture.index().flush();
    persist(*fixture.index().snapshot(), files());
  }

  fs::path files() const { return folder_.path() / "files"; }
  fs::path deep() const { return folder_.path() / "deep"; }
  std::vector<CacheLocation> cache() const { return {{folder_.path() / "cache"}}; }

  static storage::SegmentDescriptor segment() {
    storage::SegmentDescriptor descriptor;
    descriptor.id = {"wiki", kDay, "v1", 2};
    descriptor.shard_spec = storage::numbered_shard_spec(2, 0);
    return descriptor;
  }

  static std::string row(const storage::Segment& segment) { return rows_of(segment)[0].substr(14); }

  TemporaryFolder folder_;
  LocalDeepStorage storage_{deep(), GetParam()};
};

INSTANTIATE_TEST_SUITE_P(Forms, LocalDeepStorageTest, testing::Bool(),
                         [](const auto& form) { return form.param ? "Zip" : "Folder"; });

TEST_P(LocalDeepStorageTest, LaysSegmentsOutAsDruidDoes) {
  const storage::SegmentDescriptor pushed = storage_.push(files(), segment());
  const fs::path target = deep() / kPlace / (GetParam() ? "index.zip" : "index");
  EXPECT_EQ(pushed.load_spec.dump(), R"({"type":"local","path":")" + target.string() + "\"}");
  EXPECT_EQ(pushed.size_bytes, file_bytes(files()));
  EXPECT_EQ(pushed.binary_version, 9u);
  EXPECT_TRUE(GetParam() ? fs::is_regular_file(target) : fs::is_regular_file(target / "meta.smoosh"));
  const auto found = storage::find_segments(deep());
  ASSERT_EQ(found.segments.size(), 1u);
  EXPECT_EQ(found.segments[0].descriptor.id, segment().id);
  EXPECT_EQ(std::distance(fs::directory_iterator(target.parent_path()), {}), 1);
}

TEST_P(LocalDeepStorageTest, PushesAgainOverWhatIsThere) {
  storage_.push(files(), segment());
  write("b");
  const auto pushed = storage_.push(files(), segment());
  SegmentCache copies(cache(), storage_);
  EXPECT_EQ(row(*copies.load(pushed)), "b");
}

TEST_P(LocalDeepStorageTest, GivesCopiesThatOutliveIt) {
  const auto pushed = storage_.push(files(), segment());
  {
    SegmentCache copies(cache(), storage_);
    EXPECT_EQ(row(*copies.load(pushed)), "a");
  }
  fs::remove_all(deep());
  SegmentCache copies(cache(), storage_);
  EXPECT_EQ(row(*copies.load(pushed)), "a");
  EXPECT_THROW(copies.load_anew(pushed), Error);
}

TEST_P(LocalDeepStorageTest, MakesABrokenCopyAgain) {
  set_log_level(LogLevel::kOff);
  const auto pushed = storage_.push(files(), segment());
  fs::create_directories(folder_.path() / "cache" / kPlace);
  SegmentCache copies(cache(), storage_);
  EXPECT_EQ(row(*copies.load(pushed)), "a");
  set_log_level(LogLevel::kInfo);
}

TEST_P(LocalDeepStorageTest, FillsLocationsInOrder) {
  const auto pushed = storage_.push(files(), segment());
  SegmentCache copies({{folder_.path() / "small", 10}, {folder_.path() / "large", pushed.size_bytes}}, storage_);
  copies.load(pushed);
  EXPECT_TRUE(fs::is_directory(folder_.path() / "large" / kPlace));
  auto other = pushed;
  other.id.partition = 3;
  try {
    copies.load(other);
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("No location of druid.segmentCache.locations has room"));
  }
}

TEST_P(LocalDeepStorageTest, TakesRoomOnceHoweverOftenASegmentIsOpened) {
  const auto pushed = storage_.push(files(), segment());
  const auto numbered = [&](std::uint32_t partition) {
    auto other = pushed;
    other.id.partition = partition;
    return other;
  };
  SegmentCache copies({{folder_.path() / "cache", 2 * pushed.size_bytes}}, storage_);
  for (int i = 0; i < 3; ++i) copies.load(numbered(1));
  copies.load_anew(numbered(1));
  copies.load(numbered(1));
  copies.load(numbered(2));
  EXPECT_THROW(copies.load(numbered(3)), Error);
  copies.drop(numbered(1).id);
  copies.load(numbered(3));
  EXPECT_THROW(copies.load(numbered(4)), Error);
}

TEST_P(LocalDeepStorageTest, RefusesNamesThatLeadElsewhere) {
  for (const std::string name : {"", "..", "a/b", ".hidden"}) {
    auto bad = segment();
    bad.id.version = name;
    EXPECT_THROW(storage_.push(files(), bad), Error) << name;
    bad = segment();
    bad.id.data_source = name;
    EXPECT_THROW(storage_.push(files(), bad), Error) << name;
  }
}

TEST_P(LocalDeepStorageTest, SaysWhatItCannotPull) {
  auto elsewhere = segment();
  elsewhere.load_spec = Json::Object{{"type", "s3_zip"}, {"bucket", "b"}};
  try {
    storage_.pull(elsewhere, folder_.path());
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.category(), ErrorCategory::kUnsupported);
    EXPECT_THAT(error.what(), HasSubstr("s3_zip"));
  }
  elsewhere.load_spec = Json::Object{{"type", "local"}, {"path", (folder_.path() / "nothing").string()}};
  EXPECT_THROW(storage_.pull(elsewhere, folder_.path()), Error);
}

}  // namespace
}  // namespace sarsen::ingest
