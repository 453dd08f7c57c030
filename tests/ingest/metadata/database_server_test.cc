// What becomes of the metadata store when its server ends, starts again or is locked, and when this process dies.

#include "tests/ingest/support/database_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <optional>
#include <thread>

#include "ingest/metadata/metadata_database.h"
#include "ingest/metadata/sql_metadata_store.h"
#include "storage/base/error.h"
#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

using testing::HasSubstr;

storage::SegmentDescriptor segment(std::uint32_t partition) {
  storage::SegmentDescriptor segment;
  segment.id = {"wiki", {0, 3'600'000}, "v1", partition};
  segment.shard_spec = storage::numbered_shard_spec(partition, 0);
  return segment;
}

OffsetsChange change(std::int64_t from, std::int64_t to) {
  return {"wiki",
          from == 0 ? Position() : Position{.stream = "topic", .next_offsets = {{0, from}}},
          {.stream = "topic", .next_offsets = {{0, to}}}};
}

class DatabaseServerTest : public testing::TestWithParam<DatabaseKind> {
 protected:
  void SetUp() override {
    if (DatabaseServer::program(GetParam()).empty()) GTEST_SKIP() << "the database server is not installed";
    set_log_level(LogLevel::kError);
    server_.emplace(GetParam());
  }
  void TearDown() override { set_log_level(LogLevel::kInfo); }

  MetadataConfig config() const { return {GetParam(), server_->location()}; }

  std::optional<DatabaseServer> server_;
};

INSTANTIATE_TEST_SUITE_P(Servers, DatabaseServerTest, testing::Values(DatabaseKind::kPostgresql, DatabaseKind::kMysql),
                         [](const auto& kind) {
                           return kind.param == DatabaseKind::kPostgresql ? "PostgreSQL" : "MariaDB";
                         });

TEST_P(DatabaseServerTest, GoesOnWhenTheServerHasStartedAgain) {
  SqlMetadataStore store(config());
  store.publish({segment(0)}, change(0, 10));
  server_->stop();
  server_->start();
  EXPECT_EQ(store.used_segments().size(), 1U);  // reads
  server_->kill();
  server_->start();
  store.publish({segment(1)}, change(10, 20));  // writes
  EXPECT_EQ(store.segment_ids().size(), 2U);
  EXPECT_EQ(store.offsets("wiki").next_offsets.at(0), 20);
}

TEST_P(DatabaseServerTest, WaitsWhileTheServerStarts) {
  SqlMetadataStore store(config());
  server_->kill();
  std::thread starter([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    server_->start();
  });
  EXPECT_NO_THROW(store.publish({segment(0)}, change(0, 10)));
  starter.join();
  EXPECT_EQ(store.segment_ids().size(), 1U);
}

/// A transaction whose connection ends in its midst is undone, and runs again as a whole.
TEST_P(DatabaseServerTest, RunsATransactionAgainThatTheServerHasUndone) {
  const MetadataDatabase database(config());
  int runs = 0;
  database.transaction([&] {
    database.run("INSERT INTO $config (name, payload) VALUES (?, ?)", {{"run"}, {std::to_string(++runs), true}});
    if (runs > 1) return;
    server_->kill();
    server_->start();
    database.run("SELECT 1 FROM $config");
  });
  EXPECT_EQ(runs, 2);
  EXPECT_THAT(database.run("SELECT payload FROM $config"), testing::ElementsAre(SqlRow{"2"}));
}

TEST_P(DatabaseServerTest, LeavesNothingOfAProcessThatDiesBeforeItCommits) {
  SqlMetadataStore store(config());
  store.publish({segment(0)}, change(0, 10));
  const pid_t child = ::fork();
  if (child == 0) {
    const MetadataDatabase database(config());
    database.transaction([&] {
      database.run("UPDATE $dataSource SET commit_metadata_sha1 = 'x'");
      database.run("UPDATE $segments SET used = FALSE");
      ::kill(::getpid(), SIGKILL);
    });
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status));
  store.publish({segment(1)}, change(10, 20));
  EXPECT_EQ(store.used_segments().size(), 2U);
}

TEST_P(DatabaseServerTest, SaysThatTheDatabaseIsLocked) {
  SqlMetadataStore store(config());
  store.publish({segment(0)}, change(0, 10));
  const auto other = GetParam() == DatabaseKind::kPostgresql ? connect_postgresql(server_->location())
                                                             : connect_mysql(server_->location());
  other->execute("BEGIN");
  other->execute("UPDATE druid_dataSource SET commit_metadata_sha1 = 'x'");
  try {
    store.publish({segment(1)}, change(10, 20));
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(),
                testing::AllOf(HasSubstr("The metadata store cannot be used"), testing::ContainsRegex("[lL]ock")));
  }
  other->execute("ROLLBACK");
  store.publish({segment(1)}, change(10, 20));
  EXPECT_EQ(store.segment_ids().size(), 2U);
}

TEST_P(DatabaseServerTest, SaysWhyItCannotConnect) {
  const auto message = [&](DatabaseLocation location) -> std::string {
    try {
      SqlMetadataStore({GetParam(), location});
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  DatabaseLocation wrong = server_->location();
  wrong.password = "hunter2";
  EXPECT_THAT(message(wrong), testing::AllOf(HasSubstr("druid.metadata.storage.connector.connectURI"),
                                             HasSubstr(wrong.text()), testing::Not(HasSubstr("hunter2"))));
  wrong = server_->location();
  wrong.database = "nowhere";
  EXPECT_THAT(message(wrong), HasSubstr("nowhere"));
  MetadataConfig bare = config();
  bare.create_tables = false;
  EXPECT_THROW(SqlMetadataStore(bare).segment_ids(), Error);
  server_->stop();
  EXPECT_THAT(message(server_->location()), HasSubstr("Cannot connect to the metadata store"));
}

}  // namespace
}  // namespace sarsen::ingest
