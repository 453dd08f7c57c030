#include "ingest/tasks/task_lockbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/base/error.h"
#include "storage/base/log.h"
#include "tests/ingest/support/temporary_folder.h"

namespace sarsen::ingest {
namespace {

using testing::SizeIs;

class TaskLockboxTest : public testing::Test {
 protected:
  TaskLockboxTest() { set_log_level(LogLevel::kError); }
  ~TaskLockboxTest() override { set_log_level(LogLevel::kInfo); }

  std::optional<std::vector<TaskLock>> acquire(const std::string& task, const std::string& interval,
                                               TaskLockType type = TaskLockType::kExclusive, int priority = 50,
                                               const std::string& source = "pages") {
    return box_.try_acquire({task, task, priority}, {type, source, {parse_interval(interval)}});
  }

  TemporaryFolder folder_;
  TaskStorage storage_{folder_.path() / "metadata.sqlite"};
  TaskLockbox box_{storage_, [] { return std::int64_t{1'000}; }};
};

TEST_F(TaskLockboxTest, ExclusiveLocksKeepOthersAway) {
  EXPECT_TRUE(acquire("a", "2024-01-01/2024-01-03"));
  EXPECT_FALSE(acquire("b", "2024-01-02/2024-01-04"));
  EXPECT_FALSE(acquire("b", "2024-01-02/2024-01-04", TaskLockType::kShared));
  EXPECT_TRUE(acquire("b", "2024-01-03/2024-01-04"));
  EXPECT_TRUE(acquire("c", "2024-01-02/2024-01-04", TaskLockType::kExclusive, 50, "others"));
  box_.release("a");
  EXPECT_TRUE(acquire("d", "2024-01-01/2024-01-03"));
}

/// Druid's rules, type by type, for a lock that is asked for beside one of another group. `wide` contains `narrow`.
TEST_F(TaskLockboxTest, LocksStandBesideEachOtherByTheirTypesAndIntervals) {
  using enum TaskLockType;
  const std::string wide = "2024-01-01/2024-01-03", narrow = "2024-01-01/2024-01-02", across = "2024-01-02/2024-01-04";
  struct Case {
    TaskLockType held;
    TaskLockType wanted;
    bool same, within, around, crossing;  // where the wanted interval is the same, within the held one, around it, …
  };
  for (const Case& one :
       {Case{kExclusive, kExclusive, false, false, false, false}, Case{kExclusive, kShared, false, false, false, false},
        Case{kExclusive, kReplace, false, false, false, false}, Case{kExclusive, kAppend, false, false, false, false},
        Case{kShared, kExclusive, false, false, false, false}, Case{kShared, kShared, true, true, true, true},
        Case{kShared, kReplace, false, false, false, false}, Case{kShared, kAppend, false, false, false, false},
        Case{kReplace, kExclusive, false, false, false, false}, Case{kReplace, kShared, false, false, false, false},
        Case{kReplace, kReplace, false, false, false, false}, Case{kReplace, kAppend, true, true, false, false},
        Case{kAppend, kExclusive, false, false, false, false}, Case{kAppend, kShared, false, false, false, false},
        Case{kAppend, kReplace, true, false, true, false}, Case{kAppend, kAppend, true, true, true, true}}) {
    const std::string what = std::string(to_text(one.held)) + ", then " + std::string(to_text(one.wanted));
    const auto beside = [&](const std::string& held, const std::string& wanted) {
      EXPECT_TRUE(acquire("a", held, one.held)) << what;
      const bool given = acquire("b", wanted, one.wanted).has_value();
      for (const char* task : {"a", "b"}) box_.release(task);
      return given;
    };
    EXPECT_EQ(beside(wide, wide), one.same) << what;
    EXPECT_EQ(beside(wide, narrow), one.within) << what;
    EXPECT_EQ(beside(narrow, wide), one.around) << what;
    EXPECT_EQ(beside(wide, across), one.crossing) << what;
  }
}

TEST_F(TaskLockboxTest, ManyAppendBesideOneThatReplaces) {
  using enum TaskLockType;
  const std::string day = "2024-01-01/2024-01-02";
  const auto first = acquire("a", day, kAppend);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->front().version, kAppendVersion);
  ASSERT_TRUE(acquire("b", day, kAppend));
  const auto replacing = acquire("r", "2024-01-01/2024-01-03", kReplace);
  ASSERT_TRUE(replacing);
  EXPECT_GT(replacing->front().version, kAppendVersion);
  EXPECT_FALSE(acquire("q", "2024-01-02/2024-01-03", kReplace)) << "of these there is one";
  const ConcurrentTasks tasks = box_.concurrent("pages");
  EXPECT_THAT(tasks.appending, testing::ElementsAre("a", "b"));
  ASSERT_THAT(tasks.replacing, SizeIs(1));
  EXPECT_EQ(tasks.replacing[0].task_id, "r");
  EXPECT_EQ(tasks.replacing[0].version, replacing->front().version);
  EXPECT_EQ(storage_.locks("a").front().to_json().dump(),
            R"({"granularity":"timeChunk","type":"APPEND","groupId":"a","dataSource":"pages",)"
            R"("interval":"2024-01-01T00:00:00.000Z/2024-01-02T00:00:00.000Z","version":"1970-01-01T00:00:00.000Z",)"
            R"("priority":50,"revoked":false})");
}

TEST_F(TaskLockboxTest, OnlyThoseInTheWayAreRevoked) {
  using enum TaskLockType;
  ASSERT_TRUE(acquire("r", "2024-01-01/2024-01-02", kReplace, 25));
  ASSERT_TRUE(acquire("a", "2024-01-01/2024-01-02", kAppend, 50));
  ASSERT_TRUE(acquire("kafka", "2024-01-01/2024-01-03", kAppend, 75)) << "which the other does not contain";
  EXPECT_TRUE(box_.revoked("r"));
  EXPECT_FALSE(box_.revoked("a"));
  EXPECT_THAT(box_.concurrent("pages").replacing, SizeIs(0));
  EXPECT_THROW(box_.in_publication("r", "pages", [](const ConcurrentTasks&) { FAIL(); }), Error);
  int published = 0;
  box_.in_publication("a", "pages",
                      [&](const ConcurrentTasks& tasks) { published += tasks.appending.contains("kafka"); });
  EXPECT_EQ(published, 1);
}

TEST_F(TaskLockboxTest, SharedLocksStandBesideEachOther) {
  EXPECT_TRUE(acquire("a", "2024-01-01/2024-01-03", TaskLockType::kShared));
  EXPECT_TRUE(acquire("b", "2024-01-01/2024-01-03", TaskLockType::kShared));
  EXPECT_FALSE(acquire("c", "2024-01-01/2024-01-03"));
}

TEST_F(TaskLockboxTest, LocksAreLostToMorePriorityButWhileTheirTaskPublishes) {
  EXPECT_TRUE(acquire("a", "2024-01-01/2024-01-03"));
  box_.begin_publication("a");
  EXPECT_FALSE(acquire("b", "2024-01-02/2024-01-04", TaskLockType::kExclusive, 75));
  EXPECT_FALSE(box_.revoked("a"));
  box_.end_publication("a");
  EXPECT_TRUE(acquire("b", "2024-01-02/2024-01-04", TaskLockType::kExclusive, 75));
  ASSERT_TRUE(box_.revoked("a"));
  EXPECT_EQ(format_iso(box_.revoked("a")->interval), "2024-01-01T00:00:00.000Z/2024-01-03T00:00:00.000Z");
  EXPECT_THROW(box_.begin_publication("a"), Error);
}

TEST_F(TaskLockboxTest, AllOrNone) {
  EXPECT_TRUE(acquire("a", "2024-01-02/2024-01-03"));
  EXPECT_FALSE(box_.try_acquire({"b", "b", 50},
                                {TaskLockType::kExclusive,
                                 "pages",
                                 {parse_interval("2024-01-01/2024-01-02"), parse_interval("2024-01-02/2024-01-03")}}));
  EXPECT_THAT(box_.locks("b"), SizeIs(0));
}

TEST_F(TaskLockboxTest, EveryVersionIsGreaterThanTheOneBefore) {
  const auto first = acquire("a", "2024-01-01/2024-01-02");
  const auto second = acquire("b", "2024-01-02/2024-01-03");
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->front().version, "1970-01-01T00:00:01.000Z");
  EXPECT_LT(first->front().version, second->front().version);
  EXPECT_EQ(acquire("a", "2024-01-01/2024-01-02"), first) << "a task has its locks once";
}

TEST_F(TaskLockboxTest, AHigherPriorityRevokesUnlessTheTaskPublishes) {
  EXPECT_TRUE(acquire("compact", "2024-01-01/2024-01-02", TaskLockType::kExclusive, 25));
  EXPECT_FALSE(acquire("other", "2024-01-01/2024-01-02", TaskLockType::kExclusive, 25));
  EXPECT_TRUE(acquire("index", "2024-01-01/2024-01-02"));
  EXPECT_THROW(box_.begin_publication("compact"), Error);
  EXPECT_TRUE(storage_.locks("compact").front().revoked);
  box_.begin_publication("index");
  EXPECT_FALSE(acquire("kafka", "2024-01-01/2024-01-02", TaskLockType::kExclusive, 75));
}

TEST_F(TaskLockboxTest, LocksSurviveTheProcess) {
  const auto before = acquire("a", "2024-01-01/2024-01-03");
  TaskLockbox next(storage_, [] { return std::int64_t{500}; });
  next.restore("a");
  EXPECT_FALSE(
      next.try_acquire({"b", "b", 50}, {TaskLockType::kExclusive, "pages", {parse_interval("2024-01-01/2024-01-02")}}));
  const auto again =
      next.try_acquire({"a", "a", 50}, {TaskLockType::kExclusive, "pages", {parse_interval("2024-01-01/2024-01-03")}});
  EXPECT_EQ(again, before);
  const auto newer =
      next.try_acquire({"b", "b", 50}, {TaskLockType::kExclusive, "pages", {parse_interval("2024-02-01/2024-02-02")}});
  ASSERT_TRUE(newer);
  EXPECT_GT(newer->front().version, before->front().version);
}

}  // namespace
}  // namespace sarsen::ingest
