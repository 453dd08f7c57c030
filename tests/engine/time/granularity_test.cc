#include "engine/time/granularity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <limits>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "storage/base/civil_time.h"
#include "storage/base/error.h"
#include "tests/support/checkout.h"

namespace sarsen::engine {
namespace {

using testing::HasSubstr;

std::shared_ptr<const Granularity> from_json(std::string_view text) {
  const Json json = Json::parse(text);
  return parse_granularity(JsonField(json));
}

std::string complaint(std::string_view text) {
  try {
    const Json json = Json::parse("{\"granularity\":" + std::string(text) + "}");
    parse_granularity(JsonField(json)["granularity"]);
  } catch (const Error& error) {
    EXPECT_EQ(error.category(), ErrorCategory::kInvalidInput);
    return error.what();
  }
  return "no complaint";
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::stringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
  return parts;
}

/// "start/next" of one time, both relative: to the time, and to the start.
void check_bucket(const Granularity& granularity, std::int64_t time_ms, const std::string& expected,
                  const std::string& name) {
  if (expected == "error") return;
  const std::int64_t start_ms = granularity.bucket_start(time_ms);
  const std::int64_t next_ms = granularity.next_bucket(start_ms);
  EXPECT_EQ(std::to_string(start_ms - time_ms) + "/" + std::to_string(next_ms - start_ms), expected)
      << name << " at " << format_iso(time_ms);
}

// Each line: granularity, Druid's JSON of it, the first time in its zone, start/next for each of the times in the first
// line.
TEST(Granularity, CutsTimeAsDruid) {
  std::ifstream file(source_folder() / "tests/golden/granularity/druid-33.0.0.tsv");
  ASSERT_TRUE(file);
  std::string line;
  std::getline(file, line);
  const std::vector<std::string> times = split(split(line, '\t').back(), ' ');
  std::size_t granularities = 0;
  while (std::getline(file, line)) {
    const std::vector<std::string> parts = split(line, '\t');
    ASSERT_EQ(parts.size(), 4u);
    const std::shared_ptr<const Granularity> granularity = from_json(parts[0]);
    EXPECT_EQ(granularity->to_json().dump(), parts[1]);
    EXPECT_EQ(granularity->format(std::stoll(times[0])), parts[2]) << parts[0];
    const std::vector<std::string> buckets = split(parts[3], ' ');
    ASSERT_EQ(buckets.size(), times.size());
    for (std::size_t index = 0; index < times.size(); ++index)
      check_bucket(*granularity, std::stoll(times[index]), buckets[index], parts[0]);
    ++granularities;
  }
  EXPECT_GT(granularities, 100u);
}

struct JsonCase {
  const char* granularity;
  const char* expected;
};

// What Druid 33 prints for each.
constexpr JsonCase kJsonCases[] = {
    {R"("all")", R"({"type":"all"})"},
    {R"({"type":"none"})", R"({"type":"none"})"},
    {R"("Six_Hour")", R"("SIX_HOUR")"},
    {R"({"type":"period","period":"PT1H"})", R"("HOUR")"},
    {R"({"type":"period","period":3600000})", R"("HOUR")"},
    {R"({"type":"period","period":"P1D","origin":""})", R"("DAY")"},
    {R"({"type":"period","period":"P1D","timeZone":"Mars/Base"})", R"("DAY")"},
    {R"({"type":"period","period":"pt60m"})", R"({"type":"period","period":"PT60M","timeZone":"UTC","origin":null})"},
    {R"({"type":"period","period":"P1D","timeZone":"PST"})",
     R"({"type":"period","period":"P1D","timeZone":"America/Los_Angeles","origin":null})"},
    {R"({"type":"period","period":"P1D","timeZone":"+05:30"})",
     R"({"type":"period","period":"P1D","timeZone":"+05:30","origin":null})"},
    {R"({"type":"period","period":"P1D","timeZone":"Europe/Berlin","origin":"2024-01-01T06:00:00+02:00"})",
     R"({"type":"period","period":"P1D","timeZone":"Europe/Berlin","origin":"2024-01-01T04:00:00.000Z"})"},
    {R"({"type":"period","period":"P1D","origin":1704088800000})",
     R"({"type":"period","period":"P1D","timeZone":"UTC","origin":"2024-01-01T06:00:00.000Z"})"},
    {R"({"type":"duration","duration":"3600000","origin":"2024-01-01T01:30:00Z"})",
     R"({"type":"duration","duration":3600000,"origin":"1970-01-01T00:30:00.000Z"})"},
};

TEST(Granularity, PrintsItsJsonAsDruid) {
  for (const JsonCase& json : kJsonCases) EXPECT_EQ(from_json(json.granularity)->to_json().dump(), json.expected);
}

TEST(Granularity, ReadsBackItsJson) {
  for (const JsonCase& json : kJsonCases) EXPECT_EQ(from_json(json.expected)->to_json().dump(), json.expected);
}

TEST(Granularity, KnowsAllAndNone) {
  EXPECT_TRUE(parse_granularity("ALL")->is_all());
  const auto none = parse_granularity("none");
  EXPECT_TRUE(none->is_none());
  EXPECT_EQ(none->bucket_start(-5), -5);
  EXPECT_EQ(none->next_bucket(-5), -4);
  EXPECT_EQ(none->format(0), "1970-01-01T00:00:00.000Z");
}

TEST(Granularity, NamesPeriodsByTheirIntervals) {
  const auto name = [](const char* interval) { return named_period(parse_interval(interval)); };
  EXPECT_EQ(name("2024-01-01/P1Y"), "YEAR");
  EXPECT_EQ(name("2024-02-10/2024-03-10"), "MONTH") << "from its start on";
  EXPECT_EQ(name("2023-02-01/P28D"), "MONTH");
  EXPECT_EQ(name("2024-01-01/P7D"), "WEEK");
  EXPECT_EQ(name("2024-01-01T03:00/PT8H"), "EIGHT_HOUR");
  EXPECT_EQ(name("2024-01-01/PT2H"), std::nullopt);
}

TEST(Granularity, SaysWhatIsWrong) {
  EXPECT_THAT(complaint("\"hours\""), HasSubstr("granularity: unknown granularity \"hours\" (did you mean \"hour\"?)"));
  EXPECT_THAT(complaint("5"), HasSubstr("granularity: must be a name or an object, but got an integer"));
  EXPECT_THAT(complaint("null"), HasSubstr("granularity: is required"));
  EXPECT_THAT(complaint("{}"), HasSubstr("granularity.type: is required"));
  EXPECT_THAT(complaint(R"({"type":"hour"})"), HasSubstr("granularity.type: unknown type of granularity \"hour\""));
  EXPECT_THAT(complaint(R"({"type":"period"})"), HasSubstr("granularity.period: is required"));
  EXPECT_THAT(complaint(R"({"type":"period","period":"P1X"})"), HasSubstr("granularity.period: Invalid period"));
  EXPECT_THAT(complaint(R"({"type":"period","period":"P0D"})"), HasSubstr("granularity.period: must not be"));
  EXPECT_THAT(complaint(R"({"type":"period","period":"P-1D"})"), HasSubstr("granularity.period: must not hold"));
  EXPECT_THAT(complaint(R"({"type":"period","period":"P1D","origin":"x"})"), HasSubstr("granularity.origin: Invalid"));
  EXPECT_THAT(complaint(R"({"type":"duration"})"), HasSubstr("granularity.duration: is required"));
  EXPECT_THAT(complaint(R"({"type":"duration","duration":0})"), HasSubstr("granularity.duration: must be greater"));
  EXPECT_THROW(parse_granularity("fortnight"), Error);
}

TEST(Granularity, StaysDefinedAtTheEndsOfTime) {
  constexpr std::int64_t kLow = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t kHigh = std::numeric_limits<std::int64_t>::max();
  for (const char* json : {R"("hour")", R"("week")", R"("month")", R"({"type":"duration","duration":7,"origin":3})",
                           R"({"type":"period","period":"PT6H","origin":"2012-01-01T02:30:00Z"})",
                           R"({"type":"period","period":"P1M","timeZone":"Europe/Berlin"})"}) {
    const auto granularity = from_json(json);
    for (const std::int64_t time_ms : {kLow, kLow + 1, kHigh - 1, kHigh, kEternity.start_ms, kEternity.end_ms})
      granularity->bucket_start(time_ms);
  }
  EXPECT_EQ(parse_granularity("hour")->next_bucket(kHigh), kHigh);
}

TEST(Granularity, GivesUpWhereAWalkFromTheOriginWouldNotEnd) {
  const auto granularity = from_json(R"({"type":"period","period":"P1M1D"})");
  EXPECT_THROW(granularity->bucket_start(kEternity.end_ms), Error);
  EXPECT_THROW(granularity->bucket_start(kEternity.start_ms), Error);
}

}  // namespace
}  // namespace sarsen::engine
