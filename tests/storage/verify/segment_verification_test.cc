#include "storage/verify/segment_verification.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "storage/segment/segment_files.h"
#include "storage/segment/segment_finder.h"
#include "tests/storage/base/files_test_fixture.h"
#include "tests/support/checkout.h"

namespace sarsen::storage {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const fs::path kGolden = source_folder() / "tests" / "golden" / "segments";

VerifyReport verify(const fs::path& path) {
  SegmentVerification verification(path, nullptr);
  for (std::size_t step = 0; step < verification.step_count(); ++step) verification.run_step(step);
  return verification.report();
}

std::string text_of(const VerifyReport& report) {
  std::string text;
  for (const Finding& finding : report.findings)
    text += (finding.note ? "note " : "damage ") + finding.column + ", " + finding.part + ": " + finding.problem + "\n";
  return text;
}

/// A copy of a segment whose bytes can be changed.
class SegmentVerificationTest : public FilesTest {
 protected:
  void copy(const std::string& name) {
    fs::remove_all(copy_);
    fs::create_directories(copy_);
    for (const auto& entry : fs::directory_iterator(kGolden / name))
      fs::copy_file(entry.path(), copy_ / entry.path().filename());
  }

  /// Changes byte `at` of a part of the copy.
  void flip(const std::string& part_path, std::size_t at, char mask = 1) {
    const StoredFiles files = open_segment_files(copy_);
    const SegmentMap map = map_segment(files, Smoosh(files));
    const auto [mapped, part] = map.find(part_path);
    ASSERT_LT(at, part->size) << part_path;
    std::fstream file(copy_ / mapped->file, std::ios::binary | std::ios::in | std::ios::out);
    const auto offset = static_cast<std::streamoff>(mapped->begin + part->begin + at);
    file.seekg(offset);
    const auto byte = static_cast<char>(file.get() ^ mask);
    file.seekp(offset);
    file.put(byte);
  }

  std::size_t size_of(const std::string& part_path) {
    const StoredFiles files = open_segment_files(copy_);
    const SegmentMap map = map_segment(files, Smoosh(files));
    return map.find(part_path).part->size;
  }

  /// Flips each byte of a part in turn; returns how many of the flips were found.
  std::size_t found_flips(const std::string& segment, const std::string& part_path) {
    copy(segment);
    const std::size_t size = size_of(part_path);
    std::size_t found = 0;
    for (std::size_t at = 0; at < size; ++at) {
      flip(part_path, at);
      if (verify(copy_).damaged()) ++found;
      flip(part_path, at);
    }
    return found;
  }

  const fs::path copy_ = folder_ / "copy";
};

TEST_F(SegmentVerificationTest, FindsGoldenSegmentsWhole) {
  std::size_t count = 0;
  for (const fs::path& path : segment_paths(kGolden)) {
    const VerifyReport report = verify(path);
    EXPECT_FALSE(report.damaged()) << path << "\n" << text_of(report);
    EXPECT_GT(report.rows, 0u);
    ++count;
  }
  EXPECT_GE(count, 4u);
}

// Of ids, a flip gives another value; only in bitmaps it is seen. Of a dictionary's text, one that keeps the order is
// not.
TEST_F(SegmentVerificationTest, FindsEveryFlipInWhatIsStoredTwice) {
  for (const char* part : {"country/ids/values", "country/bitmaps/offsets"}) {
    SCOPED_TRACE(part);
    const std::size_t found = found_flips("druid-0.7.0-spatial", part);
    EXPECT_GE(found + 3, size_of(part));  // three bytes behind the ids are padding
    EXPECT_GT(found, 0u);
  }
}

TEST_F(SegmentVerificationTest, FindsMostFlipsInBitmaps) {
  const std::size_t found = found_flips("druid-0.7.0-spatial", "country/bitmaps/bitmaps");
  EXPECT_GT(found * 2, size_of("country/bitmaps/bitmaps"));
}

TEST_F(SegmentVerificationTest, FindsFlipsInBitmapsOfElements) {
  copy("druid-37.0.0-types");
  const std::string part = "arr_lng.__arrayElementIndexes/bitmaps";
  flip(part, size_of(part) - 1);
  const VerifyReport report = verify(copy_);
  EXPECT_TRUE(report.damaged());
  EXPECT_THAT(text_of(report), HasSubstr("damage arr_lng, bitmaps of elements: "));
}

TEST_F(SegmentVerificationTest, NamesThePartAndWhereItBegins) {
  copy("druid-0.7.0-spatial");
  flip("country/bitmaps/bitmaps", 7);
  const VerifyReport report = verify(copy_);
  ASSERT_TRUE(report.damaged());
  const Finding& finding = report.findings.front();
  EXPECT_EQ(finding.column, "country") << text_of(report);
  EXPECT_EQ(finding.part, "bitmaps");
  EXPECT_EQ(finding.file, "00000.smoosh");
  EXPECT_TRUE(finding.offset.has_value());
}

TEST_F(SegmentVerificationTest, FindsRangesThatOverlapOrLeaveGaps) {
  copy("druid-0.7.0-spatial");
  std::ifstream in(copy_ / "meta.smoosh");
  std::string meta{std::istreambuf_iterator<char>(in), {}};
  const std::size_t line = meta.find("\ncount,");
  ASSERT_NE(line, std::string::npos);
  const std::size_t end = meta.find('\n', line + 1);
  // The same file under a second name.
  std::ofstream(copy_ / "meta.smoosh") << meta.substr(0, end) << "\nsecond" << meta.substr(line + 6, end - line - 6)
                                       << meta.substr(end);
  EXPECT_THAT(text_of(verify(copy_)), HasSubstr("overlaps"));
  // Bytes that no logical file covers.
  std::ofstream(copy_ / "meta.smoosh") << meta;
  std::ofstream(copy_ / "00000.smoosh", std::ios::app | std::ios::binary) << "tail";
  EXPECT_THAT(text_of(verify(copy_)), HasSubstr("no logical file covers"));
}

TEST_F(SegmentVerificationTest, ComparesTheDescriptorBeside) {
  copy("druid-0.8-zip");
  EXPECT_FALSE(verify(copy_ / "index.zip").damaged()) << text_of(verify(copy_ / "index.zip"));
  std::ifstream in(copy_ / "descriptor.json");
  std::string text{std::istreambuf_iterator<char>(in), {}};
  const std::size_t at = text.find("\"size\"");
  ASSERT_NE(at, std::string::npos);
  text.insert(text.find_first_of("0123456789", at), "9");
  std::ofstream(copy_ / "descriptor.json") << text;
  EXPECT_THAT(text_of(verify(copy_ / "index.zip")), HasSubstr("descriptor.json, size"));
}

TEST_F(SegmentVerificationTest, ReportsWhatCannotBeOpenedInsteadOfThrowing) {
  copy("druid-0.7.0-spatial");
  fs::remove(copy_ / "meta.smoosh");
  const VerifyReport report = verify(copy_);
  EXPECT_TRUE(report.damaged());
  EXPECT_THAT(text_of(report), HasSubstr("meta.smoosh"));
  EXPECT_THROW(verify(copy_ / "nothing"), Error);
}

}  // namespace
}  // namespace sarsen::storage
