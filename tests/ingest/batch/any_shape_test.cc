// Batch tasks with dimensions of any shape give the very files that stock Druid makes of the same rows: types, order of
// rows, rollup, casts.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "ingest/batch/index_task.h"
#include "storage/segment/smoosh.h"
#include "storage/segment/zip_archive.h"
#include "tests/ingest/support/temporary_folder.h"
#include "tests/storage/hex.h"
#include "tests/support/checkout.h"

namespace sarsen::ingest {
namespace {

namespace fs = std::filesystem;
using storage::Smoosh;

IndexTask read_task(const fs::path& path) {
  std::ifstream file(path);
  IndexTask task =
      IndexTask::parse(Json::parse(std::string{std::istreambuf_iterator<char>(file), {}}), path.parent_path());
  task.tuning.index_spec = storage::IndexSpec::druid();
  return task;
}

class AnyShapeTest : public testing::TestWithParam<const char*> {};

TEST_P(AnyShapeTest, GivesTheFilesOfDruid) {
  const fs::path golden = source_folder() / "tests/golden/any-shape";
  const std::string name = GetParam();
  const TemporaryFolder folder;
  const IndexReport report =
      run_index_task(read_task(golden / (name + ".task.json")), {OutputLayout::Kind::kPlain, folder.path()});
  EXPECT_EQ(report.stats.processed, 240u);
  const Smoosh ours(storage::map_directory(folder.path() / ("any-shape-" + name) / "2024-01-01"));
  const Smoosh theirs(storage::read_zip_archive(golden / name / "index.zip"));
  EXPECT_EQ(ours.logical_files().size(), theirs.logical_files().size());
  for (const auto& [file, bytes] : theirs.logical_files()) {
    if (file == "metadata.drd") continue;
    const auto written = ours.find(file);
    ASSERT_TRUE(written.has_value()) << file;
    EXPECT_EQ(hex(*written), hex(bytes)) << file;
  }
}

INSTANTIATE_TEST_SUITE_P(Golden, AnyShapeTest, testing::Values("plain", "rolled"));

}  // namespace
}  // namespace sarsen::ingest
