// Every extraction function, with the edges that it has; null is written as "null".

#include <gtest/gtest.h>

#include "engine/extraction/extraction_function.h"
#include "engine/lookup/lookup_registry.h"
#include "storage/base/error.h"

namespace sarsen::engine {
namespace {

ExtractionPtr parse(const std::string& json) {
  const Json document = Json::parse(json);
  return parse_extraction(JsonField(document));
}

std::string shown(const ExtractionFunction::Text& text) { return text.value_or("null"); }

std::string extracted(const std::string& function, std::optional<std::string_view> value) {
  return shown(parse(function)->apply(value));
}

struct Case {
  const char* function;
  std::optional<std::string_view> value;
  const char* result;
};

TEST(Extraction, TurnsTextIntoText) {
  const Case cases[] = {
      {R"({"type":"identity"})", "a", "a"},
      {R"({"type":"identity"})", std::nullopt, "null"},
      {R"({"type":"strlen"})", "\U0001d4b3a", "3"},
      {R"({"type":"strlen"})", std::nullopt, "null"},
      {R"({"type":"upper"})", "straße", "STRASSE"},
      {R"({"type":"upper","locale":"tr"})", "i", "I"},
      {R"({"type":"lower"})", "ΑΣ", "ας"},
      {R"({"type":"lower"})", std::nullopt, "null"},
      {R"({"type":"substring","index":1,"length":2})", "abcd", "bc"},
      {R"({"type":"substring","index":2})", "abcd", "cd"},
      {R"({"type":"substring"})", "", "null"},
      {R"({"type":"substring","index":4})", "abcd", "null"},
      {R"({"type":"substring","index":0,"length":2})", "\U0001d4b3a", "\U0001d4b3"},
      {R"({"type":"partial","expr":"^l"})", "low", "low"},
      {R"({"type":"partial","expr":"^l"})", "mid", "null"},
      {R"({"type":"searchQuery","query":{"type":"insensitive_contains","value":"N"}})", "Berlin", "Berlin"},
      {R"({"type":"searchQuery","query":{"type":"all"}})", std::nullopt, "null"},
      {R"j({"type":"regex","expr":"(e.)"})j", "Berlin", "er"},
      {R"j({"type":"regex","expr":"(e.)"})j", "Oslo", "Oslo"},
      {R"j({"type":"regex","expr":"(e.)","replaceMissingValue":true})j", "Oslo", "null"},
      {R"j({"type":"regex","expr":"(e.)","replaceMissingValue":true,"replaceMissingValueWith":"none"})j", std::nullopt,
       "none"},
      {R"({"type":"regex","expr":"[A-Z]","index":0})", "aB", "B"},
      {R"j({"type":"regex","expr":"()"})j", std::nullopt, "null"},
      {R"({"type":"bucket","size":5,"offset":2})", "6", "2"},
      {R"({"type":"bucket"})", " 2.5 ", "2"},
      {R"({"type":"bucket"})", "abc", "null"},
      {R"({"type":"stringFormat","format":"[%s]"})", std::nullopt, "[null]"},
      {R"({"type":"stringFormat","format":"[%s]","nullHandling":"emptyString"})", std::nullopt, "[]"},
      {R"({"type":"stringFormat","format":"[%s]","nullHandling":"RETURNNULL"})", std::nullopt, "null"},
      {R"({"type":"stringFormat","format":"%1$6.2S%%%-4s|%n"})", "low", "    LO%low |\n"},
      {R"({"type":"stringFormat","format":"%b %<h"})", "low", "true 1a354"},
      {R"({"type":"cascade","extractionFns":[{"type":"substring","index":0,"length":3},{"type":"upper"}]})", "Berlin",
       "BER"},
      {R"({"type":"cascade","extractionFns":[]})", "a", "a"},
      {R"({"type":"time","timeFormat":"MM/dd/yyyy","resultFormat":"yyyy-MM-dd"})", "13/45/2020", "2021-02-14"},
      {R"({"type":"time","timeFormat":"MM/dd/yyyy","resultFormat":"yyyy-MM-dd"})", "02-28-2024", "02-28-2024"},
      {R"({"type":"time","timeFormat":"yyyyMMdd","resultFormat":"D w e Y k K h a G"})", "20240228",
       "59 9 4 2024 24 0 12 AM AD"},
      {R"({"type":"time","timeFormat":"MMM d, yyyy","resultFormat":"MM/dd/yy EEEE"})", "february 1,2020",
       "02/01/20 Saturday"},
      {R"({"type":"time","timeFormat":"yyyy","resultFormat":"yyyy-MM-dd G"})", "-12", "0013-01-01 BC"},
      {R"({"type":"time","timeFormat":"yyyy","resultFormat":"yyyy-MM-dd G"})", "10000000", "1758981-05-29 BC"},
      {R"({"type":"time","timeFormat":"yyyy","resultFormat":"yyyy-MM-dd G"})", "5828964", "5828963-12-20 AD"},
      {R"({"type":"time","timeFormat":"yyyy","resultFormat":"yyyy-MM-dd G"})", "9223372036854775807",
       "587951-03-22 BC"},
      {R"({"type":"time","timeFormat":"yyyy","resultFormat":"yy","joda":true})", "7x", "7x"},
      {R"({"type":"time","timeFormat":"yyyy","resultFormat":"yy","joda":true})", "2024", "24"},
      {R"({"type":"timeFormat","format":"EEEE","locale":"fr"})", "2024-02-28", "mercredi"},
      {R"({"type":"timeFormat","asMillis":true,"granularity":"day"})", "1709100000000", "1709078400000"},
      {R"({"type":"timeFormat","granularity":"hour","timeZone":"America/New_York"})", "2024-02-28T06:30:00Z",
       "2024-02-28T01:00:00.000-05:00"},
      {R"({"type":"timeFormat"})", std::nullopt, "null"},
      {R"({"type":"lookup","lookup":{"type":"map","map":{"low":"L","":"E"}}})", "low", "L"},
      {R"({"type":"lookup","lookup":{"type":"map","map":{"low":"L","":"E"}}})", "", "E"},
      {R"({"type":"lookup","lookup":{"type":"map","map":{"low":"L","":"E"}}})", std::nullopt, "null"},
      {R"({"type":"lookup","lookup":{"type":"map","map":{}},"retainMissingValue":true})", "a", "a"},
      {R"({"type":"lookup","lookup":{"type":"map","map":{}},"replaceMissingValueWith":"x"})", std::nullopt, "x"},
  };
  for (const Case& each : cases) EXPECT_EQ(extracted(each.function, each.value), each.result) << each.function;
}

TEST(Extraction, TurnsNumbersIntoText) {
  EXPECT_EQ(shown(parse(R"({"type":"bucket","size":10,"offset":3})")->apply(std::int64_t{-5})), "-7");
  EXPECT_EQ(shown(parse(R"({"type":"bucket","size":0.1})")->apply(0.35)), "0.30000000000000004");
  EXPECT_EQ(shown(parse(R"({"type":"bucket","size":0})")->apply(std::int64_t{1})), "NaN");
  EXPECT_EQ(shown(parse(R"({"type":"strlen"})")->apply(0.5F)), "3");
  EXPECT_EQ(shown(parse(R"({"type":"timeFormat","format":"ss.SSS"})")->apply(std::int64_t{1005})), "01.005");
  EXPECT_EQ(shown(parse(R"({"type":"timeFormat","granularity":"all"})")->apply(std::int64_t{5})),
            "-146136543-09-08T08:23:32.096Z");
  EXPECT_THROW(parse(R"({"type":"timeFormat"})")->apply(1.5), Error);
  EXPECT_EQ(shown(parse(R"({"type":"cascade","extractionFns":[{"type":"bucket","size":10},{"type":"strlen"}]})")
                      ->apply(std::int64_t{123})),
            "3");
}

TEST(Extraction, AsksRegisteredLookups) {
  lookup_registry().put("levels", {"v1", std::make_shared<Lookup>(Lookup::Entries{{"low", "LOW"}}, true)});
  EXPECT_EQ(extracted(R"({"type":"registeredLookup","lookup":"levels"})", "low"), "LOW");
  EXPECT_TRUE(parse(R"({"type":"registeredLookup","lookup":"levels"})")->is_one_to_one());
  EXPECT_FALSE(parse(R"({"type":"registeredLookup","lookup":"levels","injective":false})")->is_one_to_one());
  lookup_registry().remove("levels");
  EXPECT_THROW(parse(R"({"type":"registeredLookup","lookup":"levels"})"), Error);
}

TEST(Extraction, RefusesWhatDruidRefuses) {
  for (const char* json :
       {R"({"type":"rot13"})",
        R"({"type":"javascript","function":"x"})",
        R"({"type":"regex"})",
        R"({"type":"regex","expr":"(["})",
        R"({"type":"regex","expr":"a","index":-1})",
        R"({"type":"substring","index":-1})",
        R"({"type":"substring","index":0,"length":0})",
        R"({"type":"stringFormat","format":""})",
        R"({"type":"stringFormat","format":"%d"})",
        R"({"type":"stringFormat","format":"%s %s"})",
        R"({"type":"stringFormat","format":"%999999s"})",
        R"({"type":"stringFormat","format":"%s","nullHandling":"other"})",
        R"({"type":"stringFormat","format":"%"})",
        R"({"type":"timeFormat","format":"bogus!"})",
        R"({"type":"timeFormat","asMillis":true,"timeZone":"Asia/Tokyo"})",
        R"({"type":"time","timeFormat":"yyyy"})",
        R"({"type":"lookup"})",
        R"({"type":"lookup","lookup":{"type":"map","map":{"a":null}}})",
        R"({"type":"lookup","lookup":{"type":"map","map":{}},"retainMissingValue":true,"replaceMissingValueWith":"x"})",
        R"({"type":"cascade"})"})
    EXPECT_THROW(parse(json), Error) << json;
  EXPECT_THROW(extracted(R"({"type":"regex","expr":"a"})", "a"), Error);
  EXPECT_THROW(extracted(R"({"type":"timeFormat","format":"yyyy"})", "high"), Error);
}

}  // namespace
}  // namespace sarsen::engine
