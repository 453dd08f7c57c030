#include "ingest/metadata/sqlite_metadata_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "ingest/metadata/sha1_text.h"
#include "storage/base/error.h"
#include "tests/ingest/support/temporary_folder.h"

namespace sarsen::ingest {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

storage::SegmentDescriptor segment(std::uint32_t partition, const std::string& version = "v1") {
  storage::SegmentDescriptor descriptor;
  descriptor.id = {"wiki", parse_interval("2013-08-31/2013-09-01"), version, partition};
  descriptor.load_spec = Json::Object{{"type", "local"}, {"path", "/deep/index"}};
  descriptor.dimensions = {"page", "user"};
  descriptor.metrics = {"count"};
  descriptor.shard_spec = storage::numbered_shard_spec(partition, 0);
  descriptor.size_bytes = 99;
  return descriptor;
}

Position at(std::int64_t offset) { return {.stream = "topic", .next_offsets = {{0, offset}}}; }

OffsetsChange change(const Position& start, const Position& end) { return {"wiki", start, end}; }

class SqliteMetadataStoreTest : public testing::Test {
 protected:
  std::vector<SqliteDatabase::Row> select(const std::string& statement) {
    return SqliteDatabase(folder_.path() / "metadata.sqlite").run(statement);
  }

  TemporaryFolder folder_;
  SqliteMetadataStore store_{folder_.path() / "metadata.sqlite", "druid", [] { return 1'000; }};
};

TEST_F(SqliteMetadataStoreTest, KeepsSegmentsInDruidsColumns) {
  store_.publish({segment(0)});
  EXPECT_THAT(select("SELECT id, dataSource, created_date, start, \"end\", partitioned, version, used, payload, "
                     "used_status_last_updated FROM druid_segments"),
              ElementsAre(ElementsAre(
                  "wiki_2013-08-31T00:00:00.000Z_2013-09-01T00:00:00.000Z_v1", "wiki", "1970-01-01T00:00:01.000Z",
                  "2013-08-31T00:00:00.000Z", "2013-09-01T00:00:00.000Z", "1", "v1", "1",
                  R"({"dataSource":"wiki","interval":"2013-08-31T00:00:00.000Z/2013-09-01T00:00:00.000Z",)"
                  R"("version":"v1","loadSpec":{"type":"local","path":"/deep/index"},"dimensions":"page,user",)"
                  R"("metrics":"count","shardSpec":{"type":"numbered","partitionNum":0,"partitions":0},)"
                  R"("binaryVersion":9,"size":99,)"
                  R"("identifier":"wiki_2013-08-31T00:00:00.000Z_2013-09-01T00:00:00.000Z_v1"})",
                  "1970-01-01T00:00:01.000Z")));
  EXPECT_EQ(store_.find(segment(0).id)->descriptor.size_bytes, 99u);
  EXPECT_FALSE(store_.find(segment(1).id));
}

TEST_F(SqliteMetadataStoreTest, HasAllOfDruidsTables) {
  std::vector<std::string> tables;
  for (const auto& row :
       select("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'druid%' ORDER BY 1"))
    tables.push_back(row.front());
  EXPECT_THAT(tables, ElementsAre("druid_audit", "druid_config", "druid_dataSource", "druid_pendingSegments",
                                  "druid_rules", "druid_segments", "druid_supervisors", "druid_tasklocks",
                                  "druid_tasklogs", "druid_tasks", "druid_upgradeSegments"));
}

TEST_F(SqliteMetadataStoreTest, SwapsOffsetsAndInsertsTogether) {
  store_.publish({segment(0)}, change({}, at(100)));
  EXPECT_EQ(store_.offsets("wiki"), at(100));
  store_.publish({segment(1)}, change(at(100), {.stream = "topic", .next_offsets = {{0, 180}, {2, 10}}}));
  EXPECT_EQ(store_.offsets("wiki"), (Position{.stream = "topic", .next_offsets = {{0, 180}, {2, 10}}}));
  const auto row = select("SELECT commit_metadata_payload, commit_metadata_sha1 FROM druid_dataSource").front();
  EXPECT_EQ(row.back(), sha1_text(row.front()));
}

TEST_F(SqliteMetadataStoreTest, DoesNothingWhereTheOffsetsAreNotTheExpectedOnes) {
  store_.publish({segment(0)}, change({}, at(100)));
  try {
    store_.publish({segment(1)}, change(at(90), at(200)));
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("Inconsistency between stored metadata state["));
  }
  EXPECT_EQ(store_.offsets("wiki"), at(100));
  EXPECT_FALSE(store_.find(segment(1).id));
  EXPECT_NO_THROW(store_.publish({segment(0)}, change(at(90), at(200))));  // the same again: done before
  EXPECT_EQ(store_.offsets("wiki"), at(100));
}

TEST_F(SqliteMetadataStoreTest, ServesOnlyWhatIsUsed) {
  store_.publish({segment(0), segment(1)});
  EXPECT_EQ(store_.mark_unused({segment(0).id}), 1u);
  EXPECT_EQ(store_.mark_unused({segment(0).id}), 0u);
  ASSERT_EQ(store_.used_segments().size(), 1u);
  EXPECT_EQ(store_.used_segments()[0].id, segment(1).id);
  EXPECT_EQ(store_.segment_ids().size(), 2u);
  EXPECT_FALSE(store_.find(segment(0).id)->used);
}

TEST_F(SqliteMetadataStoreTest, IsThereAgainAndNamesItsFileWhenItIsBroken) {
  store_.publish({segment(0)}, change({}, at(7)));
  const SqliteMetadataStore again(folder_.path() / "metadata.sqlite");
  EXPECT_EQ(again.offsets("wiki"), at(7));
  std::ofstream(folder_.path() / "broken") << std::string(4096, 'x');
  try {
    const SqliteMetadataStore broken(folder_.path() / "broken");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr((folder_.path() / "broken").string()));
  }
}

TEST(Sha1TextTest, IsUpperCaseHexadecimal) { EXPECT_EQ(sha1_text("abc"), "A9993E364706816ABA3E25717850C26C9CD0D89D"); }

}  // namespace
}  // namespace sarsen::ingest
