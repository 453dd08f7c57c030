#include "storage/base/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>

#include "storage/base/error.h"

namespace sarsen {
namespace {

using testing::MatchesRegex;

template <class Action>
std::string logged(Action action) {
  testing::internal::CaptureStderr();
  action();
  return testing::internal::GetCapturedStderr();
}

constexpr const char* kTime = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2},[0-9]{3}";

TEST(Log, WritesTimeLevelThreadAndMessage) {
  const std::string text = logged([] {
    std::thread([] {
      set_thread_name("chief-wikipedia");
      log_info("rows: {}", 7);
      log_warn("{}", "careful");
      EXPECT_EQ(thread_name(), "chief-wikipedia");
    }).join();
  });
  const std::string expected =
      std::string(kTime) + " INFO \\[chief-wikipedia\\] rows: 7\n" + kTime + " WARN \\[chief-wikipedia\\] careful\n";
  EXPECT_THAT(text, MatchesRegex(expected));
}

TEST(Log, KeepsAMessageOnOneLine) {
  EXPECT_THAT(logged([] { log_error("a\nb\r{}", "{}"); }),
              MatchesRegex(std::string(kTime) + " ERROR \\[main\\] a\\\\nb\\\\r\\{\\}\n"));
}

TEST(Log, DropsWhatIsBelowTheLevel) {
  EXPECT_EQ(logged([] { log_debug("quiet"); }), "");
  set_log_level(LogLevel::kOff);
  EXPECT_EQ(logged([] { log_error("quiet"); }), "");
  set_log_level(LogLevel::kInfo);
}

TEST(Log, ReadsLevelNames) {
  EXPECT_EQ(parse_log_level("Warn"), LogLevel::kWarn);
  EXPECT_EQ(parse_log_level("off"), LogLevel::kOff);
  EXPECT_THROW(parse_log_level("wran"), Error);
}

}  // namespace
}  // namespace sarsen
