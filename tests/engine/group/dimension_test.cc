// Dimension specs: what a row's values are, of mapped and live columns.

#include "engine/group/dimension.h"

#include <gtest/gtest.h>

#include "engine/result/value_cast.h"
#include "engine/vector/segment_sources.h"
#include "storage/base/error.h"
#include "tests/support/memory_segment.h"

namespace sarsen::engine {
namespace {

using sarsen::testing::MemorySegment;

std::string text_of(const DimensionReader& reader, std::uint32_t id) {
  return value_text(reader.value(id)).value_or("null");
}

/// "a|b,c|": the values of each row.
std::string rows(const std::string& json, MemorySegment::Form form) {
  MemorySegment segment({0, 1, 2}, form);
  segment.strings("x", {"abc", std::nullopt, "xyz"}).lists("tags", {{"a", "b"}, {}, {"b", std::nullopt}});
  segment.longs("n", {10, std::nullopt, 7});
  SegmentSources columns(segment);
  const Json document = Json::parse(json);
  const auto reader = bind_dimension(parse_dimension(JsonField(document)), columns);
  std::string text;
  if (reader->multiple_values()) {
    const auto lists = reader->read_lists(0, 3);
    for (std::uint32_t row = 0; row < 3; ++row) {
      for (std::uint32_t i = lists.offsets[row]; i < lists.offsets[row + 1]; ++i)
        text += (i > lists.offsets[row] ? "," : "") + text_of(*reader, lists.ids[i]);
      text += '|';
    }
  } else {
    const std::uint32_t* ids = reader->read_ids(0, 3);
    for (std::uint32_t row = 0; row < 3; ++row) text += text_of(*reader, ids[row]) + "|";
  }
  return text;
}

TEST(Dimension, GivesTheValuesOfItsSpec) {
  struct Case {
    const char* spec;
    const char* rows;
  };
  const Case cases[] = {
      {R"("x")", "abc|null|xyz|"},
      {R"({"type":"whatever","dimension":"x"})", "abc|null|xyz|"},
      {R"({"dimension":"n","outputType":"DOUBLE"})", "10.0|null|7.0|"},
      {R"({"type":"extraction","dimension":"x","extractionFn":{"type":"substring","index":0,"length":1}})",
       "a|null|x|"},
      {R"({"type":"extraction","dimension":"x","outputType":"LONG","extractionFn":{"type":"strlen"}})", "3|null|3|"},
      {R"({"type":"extraction","dimension":"tags","extractionFn":{"type":"upper"}})", "A,B||B,null|"},
      {R"({"type":"extraction","dimension":"n","extractionFn":{"type":"bucket","size":5}})", "10|null|5|"},
      {R"({"type":"extraction","dimension":"gone","extractionFn":{"type":"stringFormat","format":"<%s>"}})",
       "<null>|<null>|<null>|"},
      {R"({"type":"lookup","dimension":"x","lookup":{"type":"map","map":{"abc":"A"}},"retainMissingValue":true})",
       "A|null|xyz|"},
      {R"({"type":"listFiltered","delegate":"tags","values":["b",null]})", "b||b,null|"},
      {R"({"type":"listFiltered","delegate":"tags","values":["b"],"isWhitelist":false})", "a||null|"},
      {R"({"type":"listFiltered","delegate":{"dimension":"n","outputType":"LONG"},"values":["10"]})", "10|||"},
      {R"({"type":"regexFiltered","delegate":"x","pattern":"a"})", "|||"},
      {R"({"type":"regexFiltered","delegate":"x","pattern":"a.*"})", "abc|||"},
      {R"({"type":"prefixFiltered","delegate":"tags","prefix":""})", "a,b||b|"},
      {R"({"type":"listFiltered","values":["B"],"delegate":{"type":"extraction","dimension":"tags",
           "extractionFn":{"type":"upper"}}})",
       "B||B|"},
      {R"({"type":"prefixFiltered","prefix":"b","delegate":{"type":"listFiltered","delegate":"tags","values":["a"]}})",
       "b||b|"},
  };
  for (const Case& each : cases) {
    EXPECT_EQ(rows(each.spec, MemorySegment::Form::kMapped), each.rows) << each.spec;
    EXPECT_EQ(rows(each.spec, MemorySegment::Form::kLive), each.rows) << "live: " << each.spec;
  }
}

TEST(Dimension, LeavesOneToOneFunctionsToTheEnd) {
  const Json json = Json::parse(R"({"type":"lookup","dimension":"x","outputName":"o",
                                    "lookup":{"type":"map","map":{"a":"A"},"isOneToOne":true}})");
  DimensionSpec spec = parse_dimension(JsonField(json));
  spec.defer_one_to_one();
  EXPECT_EQ(spec.function, nullptr);
  EXPECT_EQ(std::get<std::string>(spec.shown(Value(std::string("a")))), "A");
  EXPECT_TRUE(is_null(spec.shown(Value(std::string("b")))));
}

TEST(Dimension, CountsNumbersAsTheyAreMet) {
  constexpr std::int64_t kGreat = std::int64_t{1} << 40;
  const std::vector<std::optional<std::int64_t>> numbers{5, -1, 16'383, 16'384, 5, std::nullopt, 16'384, kGreat, 0, -1};
  for (const MemorySegment::Form form : {MemorySegment::Form::kMapped, MemorySegment::Form::kLive}) {
    MemorySegment segment(std::vector<std::int64_t>(numbers.size()), form);
    segment.longs("n", numbers);
    SegmentSources columns(segment);
    const Json name(std::string("n"));
    const auto reader = bind_dimension(parse_dimension(JsonField(name)), columns);
    ASSERT_TRUE(reader->counts_ids());
    const std::uint32_t* ids = reader->read_ids(0, static_cast<std::uint32_t>(numbers.size()));
    const std::vector<std::uint32_t> found(ids, ids + numbers.size());
    EXPECT_EQ(found, (std::vector<std::uint32_t>{1, 2, 3, 4, 1, 0, 4, 5, 6, 2}));
    for (std::size_t row = 0; row < numbers.size(); ++row)
      EXPECT_EQ(text_of(*reader, found[row]), numbers[row] ? std::to_string(*numbers[row]) : "null");
  }
}

TEST(Dimension, RefusesWhatDruidRefuses) {
  for (const char* json :
       {R"({"type":"extraction","dimension":"x"})", R"({"type":"lookup","dimension":"x"})",
        R"({"type":"listFiltered","delegate":"x","values":[]})", R"({"type":"regexFiltered","delegate":"x"})",
        R"({"type":"listFiltered","values":["a"]})", R"({"type":"extraction","extractionFn":{"type":"upper"}})"}) {
    const Json document = Json::parse(json);
    EXPECT_THROW(parse_dimension(JsonField(document)), Error) << json;
  }
}

}  // namespace
}  // namespace sarsen::engine
