// Segments of stock Druid, read and written again with the index spec that they were written with: every logical file
// must come out as Druid wrote it, but for those of which it is said here why they cannot. Whatever the bytes, the
// values must be the same.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <map>

#include "storage/segment/mapped_segment.h"
#include "storage/segment/segment_writer.h"
#include "storage/segment/smoosh.h"
#include "tests/storage/base/files_test_fixture.h"
#include "tests/storage/segment/index_spec_of.h"
#include "tests/storage/segment/same_values.h"
#include "tests/storage/segment/segment_copy.h"
#include "tests/support/checkout.h"

namespace sarsen::storage {
namespace {

namespace fs = std::filesystem;

/// A recorded segment and what its describe.json says of it.
struct Recorded {
  explicit Recorded(const fs::path& path) : folder(path), description(Json::parse(content(path / "describe.json"))) {
    const JsonField json(description);
    name = json["druidVersion"].string() + "/" + json["name"].string();
    version = std::stoi(name);
    spec = index_spec_of(json["indexSpec"]);
    nulls = json["nullMode"].string().starts_with("sql-compatible");
  }

  fs::path folder;
  Json description;
  std::string name;
  int version = 0;
  IndexSpec spec;
  bool nulls = false;  // told from empty strings and zeros
};

bool uses(const IndexSpec& spec, CodecId codec) {
  return spec.dimension_compression == codec || spec.metric_compression == codec ||
         spec.complex_metric_compression == codec;
}

/// The same for the files of auto and JSON columns.
std::string structured_reason(const Recorded& recorded, const std::string& file, std::string_view bytes) {
  if (bytes.substr(0, 1000).find(R"("typeName":"json")") != std::string_view::npos)
    return "JSON columns of earlier formats get the common form";
  const bool head = bytes.substr(0, 1000).find("nestedCommonFormat") != std::string_view::npos;
  const bool part = file.find(".__") != std::string::npos;
  if (!head && !part) return "";
  if (recorded.version == 27) return "27 takes booleans for strings and orders files of elements otherwise";
  if (head && recorded.version != 33) return "the descriptor of auto columns differs from release to release";
  if (file.starts_with("js.") && recorded.version < 33) return "JSON columns of earlier formats get the common form";
  if (recorded.name.ends_with("-autospec") || recorded.name.ends_with("-nostorage"))
    return "the options of auto columns of 36 are not written";
  if (recorded.version == 37 && file.ends_with("__valueIndexes")) return "37 stores empty bitmaps as null";
  if (recorded.version == 37 && recorded.spec.metric_compression != recorded.spec.dimension_compression)
    return "37 compresses numbers of auto columns by metricCompression";
  return "";
}

/// Why a file may differ; empty: it may not.
std::string reason(const Recorded& recorded, const std::string& file) {
  if (recorded.version < 27 || !recorded.nulls) return "an older format: parts without nulls, other descriptors";
  if (file.find('/') != std::string::npos) return "projections are not copied";
  if (file != "index.drd" && file != "metadata.drd" && uses(recorded.spec, CodecId::kZstd))
    return "Zstandard's bytes depend on its version";
  if (recorded.name.starts_with("33.0.0/") && file.starts_with("string") && file.size() < 12)
    return "the sorted mark of pairs of strings is not compared, cells are not for them";
  return "";
}

class DruidBytesTest : public FilesTest {
 protected:
  /// Writes each segment below `root` again.
  void compare_all(const fs::path& root) {
    std::vector<fs::path> folders;
    for (const auto& entry : fs::recursive_directory_iterator(root))
      if (entry.path().filename() == "describe.json") folders.push_back(entry.path().parent_path());
    std::sort(folders.begin(), folders.end());
    for (const fs::path& folder : folders) compare(Recorded(folder));
    for (const auto& [why, count] : different_) std::cout << count << " files differ: " << why << "\n";
    for (const std::string& why : left_out_) std::cout << "left out: " << why << "\n";
    std::cout << equal_ << " files of " << segments_ << " segments are the bytes of Druid\n";
  }

  std::size_t equal_ = 0;
  std::size_t segments_ = 0;

 private:
  void compare(const Recorded& recorded) {
    SCOPED_TRACE(recorded.name);
    const fs::path again = file(std::to_string(++written_));
    try {
      const SegmentCopy copy(open_segment(recorded.folder));
      write_segment(again, copy.data(), recorded.spec);
      const SegmentCopy read(open_segment(again));
      expect_same_segment(copy.data(), read.data());
    } catch (const Error& error) {
      // Columns of kinds that are read or written elsewhere; a dictionary that Druid 0.8 itself broke.
      ASSERT_TRUE(error.category() == ErrorCategory::kUnsupported || recorded.version == 0) << error.what();
      left_out_.push_back(recorded.name + ": " + error.what());
      return;
    }
    ++segments_;
    compare_files(recorded, Smoosh(map_directory(recorded.folder)), Smoosh(map_directory(again)));
    fs::remove_all(again);
  }

  void compare_files(const Recorded& recorded, const Smoosh& expected, const Smoosh& actual) {
    for (const auto& [name, bytes] : expected.logical_files()) {
      const auto written = actual.find(name);
      if (written && std::ranges::equal(*written, bytes)) {
        ++equal_;
        continue;
      }
      std::string why = reason(recorded, name);
      if (why.empty())
        why = structured_reason(recorded, name, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
      EXPECT_NE(why, "") << name << (written ? " differs" : " is missing");
      ++different_[why];
    }
  }

  std::size_t written_ = 0;
  std::map<std::string, std::size_t> different_;
  std::vector<std::string> left_out_;
};

TEST_F(DruidBytesTest, AreWrittenForTheSegmentsOfThisCheckout) {
  compare_all(source_folder() / "tests/golden/segments");
  EXPECT_GE(equal_, 50u);
}

TEST_F(DruidBytesTest, AreWrittenForEveryIndexSpec) {
  const fs::path root = shared_folder() / "data/druid-segments";
  if (!fs::exists(root)) GTEST_SKIP() << "the segments of 16 Druid versions are not at " << root;
  compare_all(root);
  EXPECT_GE(equal_, 500u);
}

}  // namespace
}  // namespace sarsen::storage
