// The stores of tasks and rules, in each of the databases.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "ingest/metadata/sql_metadata_store.h"
#include "ingest/retention/rule_store.h"
#include "ingest/tasks/task_storage.h"
#include "storage/base/error.h"
#include "tests/ingest/metadata/metadata_under_test.h"

namespace sarsen::ingest {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

TaskStatus status(const std::string& id, std::int64_t created_time_ms, TaskState state = TaskState::kRunning) {
  TaskStatus status;
  status.id = id;
  status.group_id = id;
  status.type = "index";
  status.data_source = "wiki";
  status.created_time_ms = created_time_ms;
  status.status_code = state;
  return status;
}

storage::SegmentDescriptor segment(std::uint32_t partition) {
  storage::SegmentDescriptor segment;
  segment.id = {"wiki", {0, 3'600'000}, "v1", partition};
  segment.shard_spec = storage::numbered_shard_spec(partition, 0);
  return segment;
}

class StoresTest : public MetadataTest {
 protected:
  void open() override { tasks_.emplace(config()); }

  std::optional<TaskStorage> tasks_;
};

SARSEN_METADATA_SUITE(StoresTest);

TEST_P(StoresTest, TasksAreInsertedOnceAndEndOnce) {
  EXPECT_TRUE(tasks_->insert(status("b", 1), Json::Object{{"n", 1}}));
  EXPECT_FALSE(tasks_->insert(status("b", 2), Json::Object{{"n", 2}}));
  EXPECT_TRUE(tasks_->insert(status("a", 2), Json()));
  ASSERT_THAT(tasks_->active(), SizeIs(2));
  EXPECT_EQ(tasks_->active()[0].status.id, "b");
  EXPECT_EQ(tasks_->find("b")->payload.dump(), R"({"n":1})");
  EXPECT_FALSE(tasks_->find("B"));
  EXPECT_TRUE(tasks_->set_status(status("b", 1))) << "as it is already";
  EXPECT_TRUE(tasks_->set_status(status("b", 1, TaskState::kSuccess)));
  EXPECT_FALSE(tasks_->set_status(status("b", 1, TaskState::kFailed)));
  ASSERT_THAT(tasks_->complete(0, 10), SizeIs(1));
  EXPECT_EQ(tasks_->complete(0, 10)[0].status_code, TaskState::kSuccess);
  EXPECT_THAT(tasks_->complete(2, SIZE_MAX), SizeIs(0));
}

TEST_P(StoresTest, PublicationEndsTheTaskOrDoesNothing) {
  SqlMetadataStore metadata(config());
  tasks_->insert(status("t", 1), Json());
  tasks_->add_pending("t", {segment(0), segment(1)});
  EXPECT_THROW(tasks_->add_pending("u", {segment(2), segment(1)}), Error);
  EXPECT_THAT(tasks_->pending_ids(), SizeIs(2)) << "all or none";
  const TaskCompletion completion{"t", status_payload(status("t", 1, TaskState::kSuccess)).dump()};
  metadata.publish({segment(0)}, {}, completion);
  EXPECT_THAT(tasks_->pending_ids(), SizeIs(0));
  EXPECT_THAT(tasks_->active(), SizeIs(0));
  EXPECT_THROW(metadata.publish({segment(1)}, {}, completion), Error);
  EXPECT_FALSE(metadata.find(segment(1).id));
}

TEST_P(StoresTest, LocksAreReplacedAndRemoved) {
  const TaskLock lock{TaskLockType::kExclusive, "t", "wiki", {0, 10}, "v1", 50, false};
  TaskLock revoked = lock;
  revoked.revoked = true;
  tasks_->insert(status("t", 1), Json());
  tasks_->add_lock("t", lock);
  tasks_->replace_lock("t", lock, revoked);
  ASSERT_THAT(tasks_->locks("t"), SizeIs(1));
  EXPECT_TRUE(tasks_->locks("t")[0].revoked);
  tasks_->set_status(status("t", 1, TaskState::kFailed));
  tasks_->insert(status("active", 1), Json());
  for (const char* id : {"active", "unknown"}) tasks_->add_lock(id, lock);
  tasks_->remove_locks_of_ended_tasks();
  EXPECT_THAT(tasks_->locks("t"), SizeIs(0));
  EXPECT_THAT(tasks_->locks("unknown"), SizeIs(1)) << "of a supervisor, perhaps of another process";
  EXPECT_THAT(tasks_->locks("active"), SizeIs(1));
}

TEST_P(StoresTest, ConfigurationIsReplaced) {
  EXPECT_FALSE(tasks_->config("lookups"));
  for (const int n : {1, 2, 2}) tasks_->set_config("lookups", Json::Object{{"n", n}});
  EXPECT_EQ(tasks_->config("lookups")->dump(), R"({"n":2})");
}

TEST_P(StoresTest, RulesHaveADefaultAndAHistory) {
  std::int64_t now_ms = 1'000;
  const auto clock = [&] { return now_ms; };
  const Json drop = Json::parse(R"([{"type":"dropForever"}])");
  {
    RuleStore rules(config(), clock);
    rules.set("wiki", parse_rules(JsonField(drop)), {"ada", "why", "::1"});
    rules.set("wiki", parse_rules(JsonField(drop)), {"ada", "again", "::1"});  // in the same millisecond
    now_ms += 1;
    rules.set("wiki", {}, {"ada", "none", "::1"});
  }
  const RuleStore rules(config(), clock);
  EXPECT_THAT(rules.all(), SizeIs(2));
  EXPECT_THAT(rules.rules("wiki"), SizeIs(0));
  EXPECT_THAT(rules.with_default("wiki"), SizeIs(1));
  EXPECT_THAT(rules.history({.key = "wiki", .interval = {}, .count_max = SIZE_MAX}).array(), SizeIs(3));
  EXPECT_THAT(rules.history({.key = "wiki", .interval = Interval{0, 1'001}, .count_max = {}}).array(), SizeIs(2));
}

}  // namespace
}  // namespace sarsen::ingest
