#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "ingest/tasks/task_queue.h"
#include "storage/base/atomic_file.h"
#include "storage/base/log.h"
#include "tests/ingest/support/temporary_folder.h"
#include "tests/ingest/tasks/task_node.h"

namespace sarsen::ingest {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

/// A storage with an archive: another folder.
class TwoPlaces final : public DeepStorage {
 public:
  explicit TwoPlaces(const fs::path& folder)
      : folder_(folder), here_(folder / "segments"), archive_(folder / "archive") {}

  storage::SegmentDescriptor push(const fs::path& files, storage::SegmentDescriptor segment) override {
    return here_.push(files, std::move(segment));
  }
  void pull(const storage::SegmentDescriptor& segment, const fs::path& target) const override {
    here_.pull(segment, target);
  }
  void remove(const storage::SegmentDescriptor& segment) override { here_.remove(segment); }

  std::optional<storage::SegmentDescriptor> copy_to_archive(const storage::SegmentDescriptor& segment) override {
    return copy(segment, archive_);
  }
  std::optional<storage::SegmentDescriptor> copy_from_archive(const storage::SegmentDescriptor& segment) override {
    return copy(segment, here_);
  }

 private:
  std::optional<storage::SegmentDescriptor> copy(const storage::SegmentDescriptor& segment, LocalDeepStorage& to) {
    const TemporaryDirectory files(folder_ / "copy");
    here_.pull(segment, files.path());
    return to.push(files.path(), segment);
  }

  const fs::path folder_;
  LocalDeepStorage here_;
  LocalDeepStorage archive_;
};

class RelocateTaskTest : public ::testing::Test {
 protected:
  void SetUp() override {
    set_log_level(LogLevel::kOff);
    node_.ended(node_.add(index_specification({"2024-01-01", "2024-01-02"})));
    const auto used = node_.metadata.used_segments();
    ASSERT_EQ(used.size(), 2u);
    node_.metadata.mark_unused({used[0].id});
    unused_ = used[0].id;
  }
  void TearDown() override { set_log_level(LogLevel::kInfo); }

  static std::string task(const std::string& type) {
    return R"({"type":")" + type + R"(","dataSource":"pages","interval":"2024-01-01/2024-02-01","id":")" + type +
           R"(","target":{"bucket":"b","baseKey":"k"}})";
  }
  std::string place() const { return node_.metadata.find(unused_)->descriptor.load_spec.find("path")->string(); }
  std::size_t files_in(const char* name) const {
    std::size_t count = 0;
    if (!fs::exists(folder_.path() / name)) return 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder_.path() / name))
      count += entry.path().filename() == "index" ? 1 : 0;
    return count;
  }

  TemporaryFolder folder_;
  TaskNode node_{folder_.path()};
  storage::SegmentId unused_;
};

TEST_F(RelocateTaskTest, MovesWhatIsOutOfUseAndTellsTheStore) {
  node_.queue.stop();
  TwoPlaces places(folder_.path());
  TaskQueue queue({.workers = 1, .directory = folder_.path() / "tasks", .base_directory = folder_.path()},
                  {.metadata = node_.metadata,
                   .allocation = node_.allocation,
                   .deep_storage = places,
                   .deep_storage_root = folder_.path() / "segments",
                   .served = node_.served,
                   .catalog = node_.catalog,
                   .storage = node_.storage,
                   .locks = node_.locks});
  queue.start({.host = "here", .port = 8082});
  queue.add(Json::parse(task("archive")));
  EXPECT_EQ(node_.ended("archive").status_code, TaskState::kSuccess);
  EXPECT_THAT(place(), HasSubstr("/archive/pages/"));
  EXPECT_EQ(files_in("archive"), 1u);
  EXPECT_EQ(files_in("segments"), 1u) << "what is in use stays";
  EXPECT_FALSE(node_.metadata.find(unused_)->used);
  queue.add(Json::parse(task("restore")));
  EXPECT_EQ(node_.ended("restore").status_code, TaskState::kSuccess);
  EXPECT_THAT(place(), HasSubstr("/segments/pages/"));
  EXPECT_EQ(files_in("archive"), 0u);
  EXPECT_EQ(files_in("segments"), 2u);
  EXPECT_FALSE(node_.metadata.find(unused_)->used) << "as in Druid";
}

TEST_F(RelocateTaskTest, FailsWithLocalDeepStorageAsInDruid) {
  for (const char* type : {"move", "archive", "restore"}) {
    node_.add(task(type));
    const TaskStatus ended = node_.ended(type);
    EXPECT_EQ(ended.status_code, TaskState::kFailed);
    EXPECT_THAT(ended.error_message, HasSubstr("Unknown loader type[local].  Known types are []")) << type;
  }
  EXPECT_EQ(files_in("segments"), 2u);
}

TEST_F(RelocateTaskTest, WantsATargetToMoveTo) {
  EXPECT_THROW(node_.add(R"({"type":"move","dataSource":"pages","interval":"2024-01-01/2024-02-01"})"), Error);
}

}  // namespace
}  // namespace sarsen::ingest
