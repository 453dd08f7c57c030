#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <memory>
#include <optional>
#include <thread>

#include "ingest/metadata/sha1_text.h"
#include "ingest/metadata/sql_metadata_store.h"
#include "storage/base/error.h"
#include "tests/ingest/metadata/metadata_under_test.h"

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

class SqlMetadataStoreTest : public MetadataTest {
 protected:
  void open() override {
    store_.emplace(config(), [] { return 1'000; });
  }
  std::vector<SqlRow> select(const std::string& statement) { return MetadataDatabase(config()).run(statement); }

  std::optional<SqlMetadataStore> store_;
};

SARSEN_METADATA_SUITE(SqlMetadataStoreTest);

TEST_P(SqlMetadataStoreTest, KeepsSegmentsInDruidsColumns) {
  store_->publish({segment(0)});
  EXPECT_THAT(select("SELECT id, dataSource, created_date, start, \"end\", partitioned, version, used, payload, "
                     "used_status_last_updated FROM $segments"),
              ElementsAre(ElementsAre(
                  "wiki_2013-08-31T00:00:00.000Z_2013-09-01T00:00:00.000Z_v1", "wiki", "1970-01-01T00:00:01.000Z",
                  "2013-08-31T00:00:00.000Z", "2013-09-01T00:00:00.000Z", "1", "v1", "1",
                  R"({"dataSource":"wiki","interval":"2013-08-31T00:00:00.000Z/2013-09-01T00:00:00.000Z",)"
                  R"("version":"v1","loadSpec":{"type":"local","path":"/deep/index"},"dimensions":"page,user",)"
                  R"("metrics":"count","shardSpec":{"type":"numbered","partitionNum":0,"partitions":0},)"
                  R"("binaryVersion":9,"size":99,)"
                  R"("identifier":"wiki_2013-08-31T00:00:00.000Z_2013-09-01T00:00:00.000Z_v1"})",
                  "1970-01-01T00:00:01.000Z")));
  EXPECT_EQ(store_->find(segment(0).id)->descriptor.size_bytes, 99u);
  EXPECT_FALSE(store_->find(segment(1).id));
}

TEST_P(SqlMetadataStoreTest, HasAllOfDruidsTables) {
  const MetadataDatabase database(config());
  for (const char* name : {"audit", "config", "dataSource", "pendingSegments", "rules", "segments", "supervisors",
                           "tasklocks", "tasklogs", "tasks", "upgradeSegments"})
    EXPECT_NO_THROW(database.run("SELECT COUNT(*) FROM " + table(name))) << name;
  EXPECT_NO_THROW(database.run("SELECT upgraded_from_segment_id, used_status_last_updated FROM $segments"));
}

TEST_P(SqlMetadataStoreTest, SwapsOffsetsAndInsertsTogether) {
  store_->publish({segment(0)}, change({}, at(100)));
  EXPECT_EQ(store_->offsets("wiki"), at(100));
  store_->publish({segment(1)}, change(at(100), {.stream = "topic", .next_offsets = {{0, 180}, {2, 10}}}));
  EXPECT_EQ(store_->offsets("wiki"), (Position{.stream = "topic", .next_offsets = {{0, 180}, {2, 10}}}));
  const auto row = select("SELECT commit_metadata_payload, commit_metadata_sha1 FROM $dataSource").front();
  EXPECT_EQ(row.back(), sha1_text(row.front()));
}

TEST_P(SqlMetadataStoreTest, PartitionsThatOneSideDoesNotKnowAreNoConflict) {
  const auto position = [](StreamOffsets offsets) { return Position{.stream = "topic", .next_offsets = offsets}; };
  store_->publish({segment(0)}, change({}, position({{0, 100}, {1, 7}})));
  store_->publish({segment(1)}, change(position({{0, 100}, {5, 3}}), position({{0, 110}, {5, 4}})));
  store_->publish({segment(2)}, change(position({{1, 7}}), position({{1, 8}})));
  EXPECT_EQ(store_->offsets("wiki"), position({{0, 110}, {1, 8}, {5, 4}}));
}

TEST_P(SqlMetadataStoreTest, DoesNothingWhereTheOffsetsAreNotTheExpectedOnes) {
  store_->publish({segment(0)}, change({}, at(100)));
  try {
    store_->publish({segment(1)}, change(at(90), at(200)));
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("Inconsistency between stored metadata state["));
  }
  EXPECT_EQ(store_->offsets("wiki"), at(100));
  EXPECT_FALSE(store_->find(segment(1).id));
  EXPECT_NO_THROW(store_->publish({segment(0)}, change(at(90), at(200))));  // the same again: done before
  EXPECT_EQ(store_->offsets("wiki"), at(100));
}

TEST_P(SqlMetadataStoreTest, ServesOnlyWhatIsUsed) {
  store_->publish({segment(0), segment(1)});
  EXPECT_EQ(store_->mark_unused({segment(0).id}), 1u);
  EXPECT_EQ(store_->mark_unused({segment(0).id}), 0u);
  ASSERT_EQ(store_->used_segments().size(), 1u);
  EXPECT_EQ(store_->used_segments()[0].id, segment(1).id);
  EXPECT_EQ(store_->segment_ids().size(), 2u);
  EXPECT_FALSE(store_->find(segment(0).id)->used);
}

TEST_P(SqlMetadataStoreTest, IsThereAgain) {
  store_->publish({segment(0)}, change({}, at(7)));
  const SqlMetadataStore again(config());
  EXPECT_EQ(again.offsets("wiki"), at(7));
}

TEST_P(SqlMetadataStoreTest, KeepsWhateverBytesAndLettersThereAre) {
  storage::SegmentDescriptor odd = segment(0);
  odd.id.data_source = "wi'ki\"?$segments\\\xF0\x9F\x98\x80";
  odd.load_spec = Json::Object{{"type", "local"}, {"path", "/\xC3\xA9?'\\x41$1"}};
  storage::SegmentDescriptor other = odd;
  other.id.data_source[0] = 'W';
  store_->publish({odd});
  store_->publish({other});
  EXPECT_EQ(store_->find(odd.id)->descriptor.load_spec.dump(), odd.load_spec.dump());
  EXPECT_EQ(store_->find(odd.id)->descriptor.id, odd.id);
  EXPECT_EQ(store_->used_segments().size(), 2U);
  EXPECT_EQ(store_->unused_segments(odd.id.data_source, kEternity).size(), 0U);
  store_->mark_unused({odd.id});
  EXPECT_EQ(store_->unused_segments(odd.id.data_source, kEternity).size(), 1U);
  EXPECT_EQ(store_->forget({odd.id, other.id}), 1U);
}

TEST_P(SqlMetadataStoreTest, RefusesNamesThatAreTooLongForAServer) {
  if (GetParam() == DatabaseKind::kSqlite) GTEST_SKIP() << "SQLite has no such limit";
  storage::SegmentDescriptor wide = segment(0);
  wide.id.data_source = std::string(300, 'x');
  EXPECT_THROW(store_->publish({segment(1), wide}, change({}, at(7))), Error);
  EXPECT_EQ(store_->segment_ids().size(), 0U);
  EXPECT_TRUE(store_->offsets("wiki").empty());
}

/// Each publishes for itself, from the same offsets: one goes on, and no two.
TEST_P(SqlMetadataStoreTest, LetsOnePublicationOfSeveralThrough) {
  constexpr int kPublishers = 4;
  store_->publish({}, change({}, at(0)));
  std::vector<std::unique_ptr<SqlMetadataStore>> stores;
  for (int i = 0; i < kPublishers; ++i) stores.push_back(std::make_unique<SqlMetadataStore>(config()));
  std::atomic<int> published = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < kPublishers; ++i)
    threads.emplace_back([&, i] {
      try {
        stores[static_cast<std::size_t>(i)]->publish({segment(static_cast<std::uint32_t>(i))},
                                                     change(at(0), at(10 + i)));
        ++published;
      } catch (const Error&) {
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(published, 1);
  EXPECT_EQ(store_->segment_ids().size(), 1U);
}

TEST_P(SqlMetadataStoreTest, AddsColumnsThatOlderVersionsOfDruidHaveNot) {
  MetadataConfig old = config();
  old.tables.base += "Old";
  old.create_tables = false;
  MetadataDatabase(old).run(
      "CREATE TABLE $tasks (id VARCHAR(255) NOT NULL PRIMARY KEY, created_date VARCHAR(255) NOT NULL, datasource "
      "VARCHAR(255) NOT NULL, active BOOLEAN NOT NULL DEFAULT FALSE)");
  old.create_tables = true;
  const MetadataDatabase database(old);
  EXPECT_NO_THROW(database.run("SELECT type, group_id FROM $tasks"));
  EXPECT_NO_THROW(MetadataDatabase(old).run("SELECT COUNT(*) FROM $segments"));
}

TEST(SqliteDatabaseTest, NamesItsFileWhenItIsBroken) {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "broken") << std::string(4096, 'x');
  try {
    const SqlMetadataStore broken(folder.path() / "broken");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr((folder.path() / "broken").string()));
  }
}

TEST(Sha1TextTest, IsUpperCaseHexadecimal) { EXPECT_EQ(sha1_text("abc"), "A9993E364706816ABA3E25717850C26C9CD0D89D"); }

}  // namespace
}  // namespace sarsen::ingest
