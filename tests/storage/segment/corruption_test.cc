// Damaged segments end in an answer or an Error: each byte is changed, and the files are cut at each length.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "storage/base/log.h"
#include "storage/segment/open_stored_segment.h"
#include "tests/storage/segment/memory_files.h"
#include "tests/storage/segment/read_everything.h"
#include "tests/support/checkout.h"

namespace sarsen::storage {
namespace {

class Corruption : public testing::Test {
 protected:
  Corruption() { set_log_level(LogLevel::kOff); }
  ~Corruption() override { set_log_level(LogLevel::kInfo); }

  /// True where everything could be read.
  bool read(const FileTexts& texts) {
    try {
      const auto segment = open_stored_segment(stored_files(texts), "memory");
      return read_everything(*segment) == segment->dimensions().size() + segment->metrics().size() + 1;
    } catch (const Error& error) {
      EXPECT_NE(error.category(), ErrorCategory::kDefensive) << error.what();
      EXPECT_NE(std::string(error.what()), "");
      return false;
    }
  }

  const FileTexts texts_ = read_files(source_folder() / "tests/golden/segments/small");
};

TEST_F(Corruption, ReadsTheSoundSegment) { EXPECT_TRUE(read(texts_)); }

TEST_F(Corruption, SurvivesEveryChangedByte) {
  std::size_t refused = 0;
  for (const auto& [name, text] : texts_) {
    for (std::size_t position = 0; position < text.size(); ++position) {
      for (const int change : {0x01, 0x80, 0xFF}) {
        FileTexts changed = texts_;
        changed[name][position] = static_cast<char>(text[position] ^ change);
        refused += read(changed) ? 0 : 1;
      }
    }
  }
  EXPECT_GT(refused, 1000u);
}

TEST_F(Corruption, SurvivesCutsAtEveryLength) {
  for (const auto& [name, text] : texts_) {
    for (std::size_t size = 0; size < text.size(); ++size) {
      FileTexts cut = texts_;
      cut[name].resize(size);
      // Only factory.json is not needed, and without its last line feed meta.smoosh is still whole.
      EXPECT_TRUE(!read(cut) || name == "factory.json" || (name == "meta.smoosh" && size + 1 == text.size()))
          << name << " cut to " << size;
    }
  }
}

// A logical file alone, so that every structure ends where it is cut.
TEST_F(Corruption, SurvivesColumnsThatEndEarly) {
  const std::string& meta = texts_.at("meta.smoosh");
  for (const std::string column : {"__time,0,0,204", "city,0,1005,1331", "price,0,408,638", "tags,0,1331,1699",
                                   "uniq,0,831,1005", "index.drd,0,1699,1854"}) {
    const std::size_t line = meta.find(column);
    ASSERT_NE(line, std::string::npos);
    const std::size_t end_field = column.rfind(',') + 1;
    const std::size_t begin_field = column.rfind(',', end_field - 2) + 1;
    const int begin = std::stoi(column.substr(begin_field));
    for (int end = begin; end < std::stoi(column.substr(end_field)); ++end) {
      FileTexts cut = texts_;
      cut["meta.smoosh"].replace(line, column.size(), column.substr(0, end_field) + std::to_string(end));
      // Whole without its tail: a column without null rows, an index.drd from before the type of bitmaps was written.
      const bool whole = (column.starts_with("price") && end == 616) || (column.starts_with("index") && end == 1832);
      EXPECT_EQ(read(cut), whole) << column << " cut to " << end;
    }
  }
}

// JSON and auto columns, from the seeds of fuzzing: meta.smoosh up to the first zero byte, then the chunk file.
TEST_F(Corruption, SurvivesChangedBytesOfJsonAndAutoColumns) {
  for (const char* name : {"druid-24-nested_v3", "druid-25-nested_v4", "druid-37.0.0-auto", "druid-37.0.0-json"}) {
    std::ifstream file(source_folder() / "tests/fuzz/corpus/segment" / name, std::ios::binary);
    const std::string seed{std::istreambuf_iterator<char>(file), {}};
    FileTexts texts = {{"version.bin", std::string("\0\0\0\11", 4)},
                       {"meta.smoosh", seed.substr(0, seed.find('\0'))},
                       {"00000.smoosh", seed.substr(seed.find('\0') + 1)}};
    ASSERT_TRUE(read(texts)) << name;
    std::size_t refused = 0;
    std::string& chunk = texts["00000.smoosh"];
    for (std::size_t position = 0; position < chunk.size(); position += 5) {
      const char before = chunk[position];
      chunk[position] = static_cast<char>(before ^ (position % 2 == 0 ? 0xFF : 0x01));
      refused += read(texts) ? 0 : 1;
      chunk[position] = before;
    }
    EXPECT_GT(refused, chunk.size() / 50) << name;
  }
}

}  // namespace
}  // namespace sarsen::storage
