#include "storage/segment/zip_archive.h"

#include <gtest/gtest.h>
#include <zip.h>

#include "storage/base/error.h"
#include "storage/segment/mapped_segment.h"
#include "storage/segment/segment_finder.h"
#include "tests/storage/base/files_test_fixture.h"
#include "tests/storage/segment/memory_files.h"
#include "tests/storage/segment/read_everything.h"
#include "tests/support/checkout.h"

namespace sarsen::storage {
namespace {

const std::string kGolden = (source_folder() / "tests/golden/segments/").string();

class ZipArchive : public FilesTest {
 protected:
  void write_zip(const FileTexts& texts, int method) const {
    int code = 0;
    zip_t* archive = zip_open(file("index.zip").c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
    ASSERT_NE(archive, nullptr);
    for (const auto& [name, text] : texts) {
      zip_source_t* source = zip_source_buffer(archive, text.data(), text.size(), 0);
      const zip_int64_t index = zip_file_add(archive, name.c_str(), source, 0);
      ASSERT_GE(index, 0);
      zip_set_file_compression(archive, static_cast<zip_uint64_t>(index), method, 0);
    }
    ASSERT_EQ(zip_close(archive), 0);
  }

  bool readable() const {
    try {
      const auto segment = open_segment(file("index.zip"));
      return read_everything(*segment) == segment->dimensions().size() + segment->metrics().size() + 1;
    } catch (const Error&) {
      return false;
    }
  }

  const FileTexts texts_ = read_files(kGolden + "small");
};

TEST_F(ZipArchive, ReadsDeflatedAndStoredEntries) {
  for (const int method : {ZIP_CM_DEFLATE, ZIP_CM_STORE}) {
    write_zip(texts_, method);
    EXPECT_TRUE(readable());
    EXPECT_EQ(open_segment(file("index.zip"))->size_bytes(), 2210u + 4 + 29 + 174);
  }
}

TEST_F(ZipArchive, PassesOverOtherEntries) {
  FileTexts texts = texts_;
  texts["../../outside"] = "no";
  texts["readme.txt"] = "no";
  write_zip(texts, ZIP_CM_DEFLATE);
  EXPECT_EQ(read_zip_archive(file("index.zip")).size(), texts_.size());
}

TEST_F(ZipArchive, ReadsWhatDruidPushed) {
  const FoundSegments found = find_segments(kGolden + "druid-0.8-zip");
  ASSERT_EQ(found.segments.size(), 1u);
  const FoundSegment& segment = found.segments[0];
  EXPECT_EQ(segment.descriptor.id.text(),
            "testds_2014-10-22T00:00:00.000Z_2014-10-23T00:00:00.000Z_2015-07-15T22:02:40.171Z");
  EXPECT_EQ(segment.descriptor.core_partitions, 0u);
  EXPECT_EQ(segment.segment->dimensions(), std::vector<std::string>{"host"});
  EXPECT_EQ(read_everything(*segment.segment), 4u);
}

TEST_F(ZipArchive, SurvivesEveryChangedByteAndCut) {
  write_zip(texts_, ZIP_CM_DEFLATE);
  const std::string sound = read("index.zip");
  std::size_t refused = 0;
  for (std::size_t i = 0; i < sound.size(); i += 7) {
    std::string changed = sound;
    changed[i] = static_cast<char>(changed[i] ^ 0x55);
    write("index.zip", changed);
    refused += readable() ? 0 : 1;
    write("index.zip", sound.substr(0, i));
    EXPECT_FALSE(readable()) << "cut to " << i;
  }
  EXPECT_GT(refused, 50u);
}

TEST_F(ZipArchive, BelievesNoSizeThatTheArchiveHasNoRoomFor) {
  write_zip(texts_, ZIP_CM_DEFLATE);
  std::string changed = read("index.zip");
  const std::size_t directory = changed.find("PK\x01\x02");
  ASSERT_NE(directory, std::string::npos);
  for (std::size_t i = directory + 20; i < directory + 28; ++i) changed[i] = 0x7F;  // both sizes of the first entry
  write("index.zip", changed);
  try {
    open_segment(file("index.zip"));
    FAIL() << "opened";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("impossible size"), std::string::npos) << error.what();
  }
}

TEST_F(ZipArchive, NamesTheArchive) {
  write("index.zip", "this is no archive");
  try {
    open_segment(file("index.zip"));
    FAIL() << "opened";
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()).find(file("index.zip").string() + ": cannot open the archive"), 0u);
  }
}

}  // namespace
}  // namespace sarsen::storage
