// Dates by patterns; what is expected was printed by Joda-Time 2.12.5 on Java 17.

#include "engine/time/joda_format.h"

#include <gtest/gtest.h>

#include "storage/base/error.h"

namespace sarsen::engine {
namespace {

constexpr std::int64_t kSummer = 1720000000123;
constexpr std::int64_t kBeforeChrist = -62198755199877;

std::string print(std::string_view pattern, std::int64_t time_ms, std::string_view zone = "UTC",
                  std::string_view locale = {}) {
  return JodaFormat(pattern, TimeZone::find(zone), locale).print(time_ms);
}

TEST(JodaFormat, PrintsEveryLetter) {
  EXPECT_EQ(print("G C Y y x yy YY xx yyyy YYYY D DDD", kSummer), "AD 20 2024 2024 2024 24 24 24 2024 2024 185 185");
  EXPECT_EQ(print("G C Y y x yy YY xx yyyy YYYY D DDD", kBeforeChrist), "BC 0 2 -1 -2 01 01 02 -0001 0002 1 001");
  EXPECT_EQ(print("S SS SSSS k K h H a", kSummer, "America/St_Johns"), "1 12 1230 7 7 7 7 AM");
  EXPECT_EQ(print("k K h H a", kBeforeChrist), "24 0 12 0 AM");
  EXPECT_EQ(print("e E EEEE M MM MMM MMMM w ww", kSummer), "3 Wed Wednesday 7 07 Jul July 27 27");
  EXPECT_EQ(print("''yyyy''' T'''", kSummer), "'2024' T'");
}

TEST(JodaFormat, PrintsZones) {
  EXPECT_EQ(print("Z ZZ ZZZ z", kSummer, "America/St_Johns"), "-0230 -02:30 America/St_Johns NDT");
  EXPECT_EQ(print("Z ZZ ZZZ z", kSummer), "+0000 +00:00 UTC UTC");
  EXPECT_EQ(print("z", kSummer, "Europe/London"), "BST");
  EXPECT_EQ(print("z", kSummer, "Asia/Kolkata"), "IST");
  EXPECT_EQ(print("z", kSummer, "+05:30"), "+05:30");
}

TEST(JodaFormat, KnowsLanguages) {
  EXPECT_EQ(print("EEEE d MMMM", kSummer, "UTC", "fr"), "mercredi 3 juillet");
  EXPECT_EQ(print("EEE, d MMM yyyy", kSummer, "UTC", "de"), "Mi., 3 Juli 2024");
  EXPECT_EQ(print("MMMM a", kSummer, "UTC", "ja"), "7月 午前");
  EXPECT_EQ(print("EEE", kSummer, "UTC", "en-US"), "Wed");
  EXPECT_THROW(JodaFormat("EEE", TimeZone::utc(), "xx"), Error);
}

TEST(JodaFormat, ReadsWhatItPrints) {
  const auto parse = [](std::string_view pattern, std::string_view text, std::string_view zone = "UTC") {
    return JodaFormat(pattern, TimeZone::find(zone)).parse(text);
  };
  EXPECT_EQ(parse("yyyy-MM-dd HH:mm:ss.SSS", "2024-07-03 09:46:40.123"), kSummer);
  EXPECT_EQ(parse("yyyy-MM-dd HH:mm:ss.SSS", "2024-07-03 07:16:40.123", "America/St_Johns"), kSummer);
  EXPECT_EQ(parse("d MMM yyyy HH:mm:ss Z", "3 jul 2024 11:46:40 +0200"), kSummer - 123);
  EXPECT_EQ(parse("yyyy-MM", "2024-7"), parse("yyyy-MM-dd", "2024-07-01"));
  EXPECT_EQ(parse("yyyyMMdd", "20240703"), parse("yyyy-DDD", "2024-185"));
  EXPECT_EQ(parse("xxxx-ww-e", "2024-27-3"), parse("yyyy-MM-dd", "2024-07-03"));
  EXPECT_EQ(parse("hh a", "12 AM"), 0);
  EXPECT_FALSE(parse("yyyy-MM", "2024-13"));
  EXPECT_FALSE(parse("yyyy", "2024x"));
  EXPECT_FALSE(parse("yyyy", ""));
}

TEST(JodaFormat, ReadsNumbersOfCommonLengthsAsOthers) {
  const auto parse = [](std::string_view pattern, std::string_view text) { return JodaFormat(pattern).parse(text); };
  const auto expected = parse("yyyy-MM-dd HH:mm:ss.SSS", "2024-7-3 9:6:4.5");
  EXPECT_EQ(parse("yyyy-MM-dd HH:mm:ss.SSS", "2024-07-03 09:06:04.500"), expected);
  EXPECT_EQ(parse("yyyyMMddHHmmssSSS", "20240703090604500"), expected);
  EXPECT_EQ(parse("SSS ss mm HH dd/MM/yyyy", "500 04 06 09 03/07/2024"), expected);
  EXPECT_EQ(parse("yyyy'1'MM", "2024107"), std::nullopt);  // the year takes all digits
  EXPECT_EQ(parse("yyyy-MM-dd", "-024-07-03"), parse("yyyy-MM-dd", "-24-7-3"));
  EXPECT_EQ(parse("MM-dd", "07-03"), parse("yyyy-MM-dd", "2000-07-03"));
  for (const char* text : {"2024-13-03", "2024-02-30", "2024-00-03", "20x4-07-03", "2024/07-03"})
    EXPECT_EQ(parse("yyyy-MM-dd", text), std::nullopt) << text;
}

TEST(JodaFormat, RefusesWhatJodaRefuses) {
  EXPECT_THROW(JodaFormat("bogus!"), Error);
  EXPECT_THROW(JodaFormat(""), Error);
}

}  // namespace
}  // namespace sarsen::engine
