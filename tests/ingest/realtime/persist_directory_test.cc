#include "ingest/realtime/persist_directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "ingest/incremental_index/persist.h"
#include "storage/base/error.h"
#include "tests/ingest/support/index_fixture.h"
#include "tests/ingest/support/temporary_folder.h"

namespace sarsen::ingest {
namespace {

namespace fs = std::filesystem;

const Interval kDay = parse_interval("2013-08-31/2013-09-01");
const Position kPosition{.stream = "s", .next_offsets = {{0, 5}, {1, 9}}};

class PersistDirectoryTest : public testing::Test {
 protected:
  /// Writes a segment of one row, whose only dimension is `name`.
  void write(std::uint32_t number, const std::string& name) {
    IndexFixture fixture(R"({"dataSource":"x","timestampSpec":{"column":"t"}})", kDay);
    fixture.add(R"({"t":)" + std::to_string(kDay.start_ms) + R"(,"a":")" + name + "\"}");
    fixture.index().flush();
    persist(*fixture.index().snapshot(), directory_.hydrant_path(kDay, number));
  }

  /// The dimension's value of each hydrant, as a new start would find it.
  std::vector<std::string> restored(Position* position = nullptr) {
    PersistDirectory again(folder_.path(), "ds");
    const auto state = again.restore();
    if (position != nullptr) *position = state.position;
    std::vector<std::string> values;
    for (const auto& [interval, hydrants] : state.hydrants)
      for (const auto& hydrant : hydrants) values.push_back(rows_of(*hydrant)[0].substr(14));
    return values;
  }

  TemporaryFolder folder_;
  PersistDirectory directory_{folder_.path(), "ds"};
};

using Values = std::vector<std::string>;

TEST_F(PersistDirectoryTest, RestoresWhatWasCommittedWithItsPosition) {
  EXPECT_EQ(restored(), Values{});
  write(0, "a");
  directory_.commit({{kDay, 1}}, kPosition);
  write(1, "b");
  directory_.commit({{kDay, 2}}, kPosition);
  Position position;
  EXPECT_EQ(restored(&position), (Values{"a", "b"}));
  EXPECT_EQ(position, kPosition);
}

TEST_F(PersistDirectoryTest, RemovesHydrantsThatWereNotCommitted) {
  write(0, "a");
  directory_.commit({{kDay, 1}}, kPosition);
  write(1, "b");
  EXPECT_EQ(restored(), Values{"a"});
  EXPECT_FALSE(fs::exists(directory_.hydrant_path(kDay, 1)));
}

TEST_F(PersistDirectoryTest, RemovesTheFirstHydrantToo) {
  directory_.restore();
  directory_.commit({}, kPosition);
  write(0, "a");
  EXPECT_EQ(restored(), Values{});
}

TEST_F(PersistDirectoryTest, RemovesTemporaryFilesOfAnInterruptedPersist) {
  write(0, "a");
  directory_.commit({{kDay, 1}}, kPosition);
  const fs::path leftover = directory_.hydrant_path(kDay, 0).parent_path() / ".tmp-1";
  fs::create_directories(leftover);
  std::ofstream(leftover / "version.bin") << "half";
  std::ofstream(folder_.path() / "ds" / ".tmp-commit") << "{";
  EXPECT_EQ(restored(), Values{"a"});
  EXPECT_FALSE(fs::exists(leftover));
  EXPECT_FALSE(fs::exists(folder_.path() / "ds" / ".tmp-commit"));
}

TEST_F(PersistDirectoryTest, NamesACommittedHydrantThatIsMissing) {
  write(0, "a");
  write(1, "b");
  directory_.commit({{kDay, 2}}, kPosition);
  fs::remove_all(directory_.hydrant_path(kDay, 0));
  try {
    restored();
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("2013-08-31T00:00:00.000Z_2013-09-01T00:00:00.000Z/0"));
  }
}

TEST_F(PersistDirectoryTest, NamesASinkThatIsMissing) {
  directory_.restore();
  directory_.commit({{kDay, 1}}, kPosition);
  EXPECT_THROW(restored(), Error);
}

TEST_F(PersistDirectoryTest, TakesTheHydrantsOfDruidAndClosesTheirGaps) {
  write(0, "a");
  write(2, "b");
  fs::create_directories(directory_.hydrant_path(kDay, 0).parent_path() / "merged");
  EXPECT_EQ(restored(), (Values{"a", "b"}));
  EXPECT_TRUE(fs::exists(directory_.hydrant_path(kDay, 1)));
}

TEST_F(PersistDirectoryTest, SaysWhichFileIsDamaged) {
  directory_.restore();
  std::ofstream(folder_.path() / "ds" / "commit.json") << "{";
  EXPECT_THROW(restored(), Error);
}

}  // namespace
}  // namespace sarsen::ingest
