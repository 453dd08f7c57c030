#include "engine/time/zone_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <vector>

#include "storage/base/civil_time.h"
#include "storage/base/error.h"
#include "storage/base/mapped_file.h"

namespace sarsen::engine {
namespace {

class ZoneFileTest : public testing::Test {
 protected:
  void SetUp() override {
    const std::filesystem::path path = "/usr/share/zoneinfo/America/New_York";
    if (!std::filesystem::exists(path)) GTEST_SKIP() << "no time zone files on this machine";
    file_ = MappedFile(path);
  }

  MappedFile file_;
};

TEST_F(ZoneFileTest, ReadsHistoryAndFuture) {
  const ZoneHistory history = parse_zone_file(file_.bytes());
  EXPECT_TRUE(history.repeats);
  EXPECT_EQ(history.changes.front().offset_ms, -5 * kHourMs);
  EXPECT_GT(civil_from_ms(history.changes.back().time_ms).year, 2400);
  for (std::size_t index = 1; index < history.changes.size(); ++index)
    ASSERT_LT(history.changes[index - 1].time_ms, history.changes[index].time_ms);
}

TEST_F(ZoneFileTest, RefusesEveryCut) {
  for (std::size_t size = 0; size + 1 < file_.size(); ++size)
    ASSERT_THROW(parse_zone_file(file_.bytes().first(size)), Error) << size;
}

TEST_F(ZoneFileTest, SurvivesEveryFlippedByte) {
  std::vector<std::byte> bytes(file_.bytes().begin(), file_.bytes().end());
  for (std::byte& byte : bytes) {
    byte ^= std::byte{0x81};
    try {
      parse_zone_file(bytes);
    } catch (const Error&) {  // either outcome is fine, a crash is not
    }
    byte ^= std::byte{0x81};
  }
}

}  // namespace
}  // namespace sarsen::engine
