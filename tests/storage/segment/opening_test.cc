// What opening a segment costs: no column is read, one mapping per chunk file, no file left open.
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "storage/segment/mapped_segment.h"
#include "storage/segment/open_stored_segment.h"
#include "storage/segment/smoosh.h"
#include "tests/storage/base/files_test_fixture.h"
#include "tests/storage/segment/memory_files.h"
#include "tests/storage/segment/read_everything.h"
#include "tests/support/checkout.h"

namespace sarsen::storage {
namespace {

namespace fs = std::filesystem;

const fs::path kGolden = source_folder() / "tests/golden/druid-33.0.0/segments/events/2024-02-28";

/// A copy of some bytes at the beginning of a page; pages of it can be forbidden.
class GuardedBytes {
 public:
  explicit GuardedBytes(std::span<const std::byte> bytes) : readable_((bytes.size() + kPage - 1) / kPage, true) {
    void* address =
        ::mmap(nullptr, readable_.size() * kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (address == MAP_FAILED) throw std::bad_alloc();
    begin_ = static_cast<std::byte*>(address);
    std::memcpy(begin_, bytes.data(), bytes.size());
    bytes_ = {begin_, bytes.size()};
  }
  ~GuardedBytes() { ::munmap(begin_, readable_.size() * kPage); }
  GuardedBytes(const GuardedBytes&) = delete;
  GuardedBytes& operator=(const GuardedBytes&) = delete;

  std::span<const std::byte> bytes() const { return bytes_; }

  /// Forbids all pages that hold nothing of `ranges`; returns how many.
  std::size_t forbid_all_but(const std::vector<std::span<const std::byte>>& ranges) {
    readable_.assign(readable_.size(), false);
    for (const auto& range : ranges) {
      const auto begin = static_cast<std::size_t>(range.data() - begin_);
      for (std::size_t page = begin / kPage; page * kPage < begin + range.size(); ++page) readable_[page] = true;
    }
    std::size_t forbidden = 0;
    for (std::size_t page = 0; page < readable_.size(); ++page) {
      if (readable_[page]) continue;
      ::mprotect(begin_ + page * kPage, kPage, PROT_NONE);
      ++forbidden;
    }
    return forbidden;
  }

 private:
  static constexpr std::size_t kPage = 4096;
  std::byte* begin_ = nullptr;
  std::span<const std::byte> bytes_;
  std::vector<bool> readable_;
};

TEST(Opening, ReadsNoColumn) {
  constexpr std::size_t kHeaderBytes = 512;  // of __time, for the number of rows
  StoredFiles files = map_directory(kGolden);
  const auto guarded = std::make_shared<GuardedBytes>(files.at("00000.smoosh").bytes);
  files.insert_or_assign("00000.smoosh", StoredFile{guarded->bytes(), guarded});
  const Smoosh smoosh(files);
  const std::size_t forbidden = guarded->forbid_all_but(
      {*smoosh.find("index.drd"), *smoosh.find("metadata.drd"), smoosh.find("__time")->first(kHeaderBytes)});
  ASSERT_GT(forbidden, 10u);

  const std::shared_ptr<const Segment> segment = open_stored_segment(files, "guarded");
  EXPECT_EQ(segment->row_count(), open_segment(kGolden)->row_count());
  EXPECT_EQ(segment->dimensions().size(), 13u);
  EXPECT_DEATH(read_everything(*segment), "");
}

class OpeningMany : public FilesTest {
 protected:
  static std::size_t open_descriptors() {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator()));
  }

  std::size_t mappings() const {
    std::ifstream maps("/proc/self/maps");
    std::size_t count = 0;
    for (std::string line; std::getline(maps, line);) {
      if (line.find(folder_.string()) != std::string::npos) ++count;
    }
    return count;
  }
};

TEST_F(OpeningMany, KeepsOneMappingPerChunkAndNoFile) {
  constexpr std::size_t kSegments = 50;
  std::vector<std::shared_ptr<const Segment>> segments;
  const std::size_t descriptors = open_descriptors();
  for (std::size_t i = 0; i < kSegments; ++i) {
    fs::copy(kGolden, file(std::to_string(i)));
    segments.push_back(open_segment(file(std::to_string(i))));
  }
  EXPECT_EQ(open_descriptors(), descriptors);
  EXPECT_EQ(mappings(), kSegments);
}

}  // namespace
}  // namespace sarsen::storage
