// A batch task with a spatial dimension, whose rows are sorted by a dimension before the time, gives the very files
// that stock Druid makes of the same rows: texts, order, rollup, metadata, and the tree of places with its splits.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "ingest/batch/index_task.h"
#include "storage/base/whole_file.h"
#include "storage/column/spatial_index.h"
#include "storage/segment/mapped_segment.h"
#include "storage/segment/smoosh.h"
#include "storage/segment/zip_archive.h"
#include "tests/ingest/support/temporary_folder.h"
#include "tests/storage/hex.h"
#include "tests/support/checkout.h"
#include "tests/support/gzip_lines.h"

namespace sarsen::ingest {
namespace {

namespace fs = std::filesystem;
using storage::Smoosh;

TEST(PlacesTest, AreTheFilesOfDruid) {
  const fs::path golden = source_folder() / "tests/golden";
  const TemporaryFolder folder;
  {
    std::ofstream input(folder.path() / "events.json");
    for (const std::string& line : read_gzip_lines(golden / "druid-33.0.0/events.json.gz")) input << line << "\n";
  }
  IndexTask task = IndexTask::parse(Json::parse(read_whole_file(golden / "places/places.task.json")), folder.path());
  task.tuning.index_spec = storage::IndexSpec::druid();
  const IndexReport report = run_index_task(task, {OutputLayout::Kind::kPlain, folder.path()});
  EXPECT_EQ(report.stats.processed, 2006u);
  const fs::path written = folder.path() / "places/2024-02-29";
  EXPECT_GE(storage::open_segment(written)->column("spot")->spatial_index()->statistics().depth, 2u);
  const Smoosh ours(storage::map_directory(written));
  const Smoosh theirs(storage::read_zip_archive(golden / "places/segment/index.zip"));
  EXPECT_EQ(ours.logical_files().size(), theirs.logical_files().size());
  for (const auto& [file, bytes] : theirs.logical_files()) {
    const auto found = ours.find(file);
    ASSERT_TRUE(found.has_value()) << file;
    EXPECT_EQ(hex(*found), hex(bytes)) << file;
  }
}

}  // namespace
}  // namespace sarsen::ingest
