#include "ingest/row/data_schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ingest/row/dimension_json.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

DataSchema parse(const std::string& text) {
  const Json json = Json::parse(text);
  return DataSchema::parse(JsonField(json));
}

std::string problem_of(const std::string& text) {
  try {
    parse(text);
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

/// A schema with these members added.
std::string schema_text(const std::string& members) { return R"({"dataSource":"x",)" + members + "}"; }

TEST(DataSchemaTest, ReadsTheModernForm) {
  const DataSchema schema = parse(schema_text(R"("timestampSpec":{"column":"t"},
      "dimensionsSpec":{"dimensions":["a",{"type":"long","name":"b"},{"name":"c","createBitmapIndex":false,"multiValueHandling":"ARRAY"}]},
      "metricsSpec":[{"type":"count","name":"n"}],"granularitySpec":{"rollup":false})"));
  EXPECT_EQ(schema.timestamp_spec.column(), "t");
  EXPECT_EQ(schema.dimensions_spec.dimensions[0], DimensionSchema{.name = "a"});
  EXPECT_EQ(schema.dimensions_spec.dimensions[1].type, storage::ValueType::kLong);
  EXPECT_FALSE(schema.dimensions_spec.dimensions[2].bitmap_index);
  EXPECT_EQ(schema.dimensions_spec.dimensions[2].multi_value_handling, MultiValueHandling::kArray);
  EXPECT_FALSE(schema.dimensions_spec.discovery);
  EXPECT_FALSE(schema.granularity_spec.rollup());
  EXPECT_FALSE(schema.input_format);
}

TEST(DataSchemaTest, ReadsTheOldForm) {
  const DataSchema schema =
      parse(schema_text(R"("parser":{"parseSpec":{"format":"jsonLowercase","timestampSpec":{"column":"t"},
      "dimensionsSpec":{"dimensions":["a"]}}},"metricsSpec":[])"));
  EXPECT_EQ(schema.timestamp_spec.column(), "t");
  EXPECT_TRUE(schema.input_format->lower_case_keys);
  EXPECT_TRUE(schema.input_format->replace_malformed_utf8);
}

TEST(DataSchemaTest, ExcludesTimeAndMetricsFromDiscovery) {
  const DataSchema schema =
      parse(schema_text(R"("timestampSpec":{"column":"t"},"dimensionsSpec":{"dimensionExclusions":["no"]},
      "metricsSpec":[{"type":"longSum","name":"s","fieldName":"f"}])"));
  EXPECT_TRUE(schema.dimensions_spec.discovery);
  EXPECT_THAT(schema.dimensions_spec.exclusions, ElementsAre("__time", "f", "no", "s", "t"));
}

TEST(DataSchemaTest, ExcludesWhatFiltersOfMetricsReadFromDiscovery) {
  const DataSchema schema = parse(schema_text(
      R"("metricsSpec":[{"type":"filtered","filter":{"type":"selector","dimension":"d","value":"x"},
      "aggregator":{"type":"longSum","name":"s","expression":"f + g"}}])"));
  EXPECT_THAT(schema.dimensions_spec.exclusions, ElementsAre("__time", "d", "f", "g", "s", "timestamp"));
}

TEST(DataSchemaTest, KeepsAMetricsInputThatIsListedAsADimension) {
  const DataSchema schema = parse(schema_text(R"("dimensionsSpec":{"dimensions":["f"],"includeAllDimensions":true},
      "metricsSpec":[{"type":"longSum","name":"s","fieldName":"f"}])"));
  EXPECT_TRUE(schema.dimensions_spec.discovery);
  EXPECT_FALSE(schema.dimensions_spec.exclusions.contains("f"));
}

TEST(DataSchemaTest, RefusesNamesThatClash) {
  EXPECT_THAT(problem_of(schema_text(R"("dimensionsSpec":{"dimensions":["a","b","a"]})")), HasSubstr("listed twice"));
  EXPECT_THAT(problem_of(schema_text(R"("dimensionsSpec":{"dimensions":["__time"]})")), HasSubstr("dimensions[0]"));
  EXPECT_THAT(problem_of(schema_text(R"("dimensionsSpec":{"dimensions":["a,b"]})")), HasSubstr("comma"));
  EXPECT_THAT(problem_of(schema_text(R"("dimensionsSpec":{"dimensions":["a"],"dimensionExclusions":["a"]})")),
              HasSubstr("too"));
  EXPECT_THAT(
      problem_of(schema_text(R"("dimensionsSpec":{"dimensions":["a"]},"metricsSpec":[{"type":"count","name":"a"}])")),
      HasSubstr("a dimension has this name"));
  EXPECT_THAT(problem_of(schema_text(R"("metricsSpec":[{"type":"count","name":"a"},{"type":"count","name":"a"}])")),
              HasSubstr("metricsSpec[1].name"));
}

TEST(DataSchemaTest, RefusesWhatIsNotBuilt) {
  EXPECT_THAT(problem_of(schema_text(R"("transformSpec":{"transforms":[{}]})")), HasSubstr("transformSpec"));
  EXPECT_EQ(problem_of(schema_text(R"("transformSpec":{"transforms":[],"filter":null})")), "none");
  EXPECT_THAT(problem_of(schema_text(R"("dimensionsSpec":{"dimensions":[{"type":"strng","name":"a"}]})")),
              HasSubstr("did you mean \"string\""));
  EXPECT_THAT(problem_of(schema_text(R"("metricsSpec":[{"type":"filtered"}])")), HasSubstr("aggregator"));
}

TEST(DataSchemaTest, TakesSpatialDimensionsOfBothForms) {
  const Json json = Json::parse(schema_text(
      R"("dimensionsSpec":{"dimensions":["a",{"type":"spatial","name":"b","dims":["x","y"]},
      {"type":"spatial","name":"c"},{"type":"spatial","name":"d","dims":["d"]}],
      "spatialDimensions":[{"dimName":"e","dims":["y","z"]}]})"));
  const DimensionsSpec spec = DataSchema::parse(JsonField(json)).dimensions_spec;
  std::vector<std::string> names;
  for (const DimensionSchema& dimension : spec.dimensions) {
    names.push_back(dimension.name);
    EXPECT_EQ(dimension.type, storage::ValueType::kString);
    EXPECT_EQ(dimension.spatial, dimension.name != "a");
  }
  EXPECT_EQ(names, (std::vector<std::string>{"a", "b", "c", "d", "e"}));
  EXPECT_EQ(spec.dimensions[1].coordinate_fields, (std::vector<std::string>{"x", "y"}));
  EXPECT_TRUE(spec.dimensions[3].coordinate_fields.empty());
  EXPECT_EQ(spec.dimensions[4].coordinate_fields, (std::vector<std::string>{"y", "z"}));
  EXPECT_EQ(dimension_json(spec.dimensions[1]).dump(),
            R"({"type":"spatial","name":"b","dims":["x","y"],"multiValueHandling":"SORTED_ARRAY",)"
            R"("createBitmapIndex":true})");
  EXPECT_FALSE(spec.discovery);

  const auto problem = [](const std::string& dimensions) {
    return problem_of(schema_text(R"("dimensionsSpec":{)" + dimensions + "}"));
  };
  EXPECT_THAT(problem(R"("dimensions":[{"type":"spatial","name":"a","dims":["x","y","z"]}])"),
              AllOf(HasSubstr("dimensions[0].dims"), HasSubstr("two coordinates")));
  EXPECT_THAT(problem(R"("dimensions":["a"],"spatialDimensions":[{"dimName":"a","dims":["x","y"]}])"),
              HasSubstr("listed twice"));
  EXPECT_THAT(problem(R"("spatialDimensions":[{"dims":["x","y"]}])"), HasSubstr("spatialDimensions[0].dimName"));
}

TEST(DataSchemaTest, TakesDimensionsOfAnyShape) {
  const Json json = Json::parse(schema_text(
      R"("dimensionsSpec":{"dimensions":[{"type":"json","name":"a","formatVersion":4},{"type":"auto","name":"b"},
      {"type":"auto","name":"c","castToType":"array<float>"},{"type":"auto","name":"d","castToType":"COMPLEX<json>"}],
      "useSchemaDiscovery":true})"));
  const DimensionsSpec spec = DataSchema::parse(JsonField(json)).dimensions_spec;
  ASSERT_EQ(spec.dimensions.size(), 4u);
  for (const DimensionSchema& dimension : spec.dimensions) EXPECT_EQ(dimension.type, storage::ValueType::kVariant);
  EXPECT_EQ(spec.dimensions[1].cast_to, "");
  EXPECT_EQ(spec.dimensions[2].cast_to, "ARRAY<DOUBLE>");
  EXPECT_EQ(spec.dimensions[3].cast_to, "");
  EXPECT_TRUE(spec.discovery);
  EXPECT_EQ(spec.discovered("e").type, storage::ValueType::kVariant);
  EXPECT_THAT(problem_of(schema_text(
                  R"("dimensionsSpec":{"dimensions":[{"type":"auto","name":"a","castToType":"ARRAY<LNG>"}]})")),
              HasSubstr("castToType"));
}

TEST(DataSchemaTest, HoldsDataSourcesToDruidsRules) {
  for (const char* name : {"", ".hidden", "a/b", "a\\tb", "a\\u00a0b", "\\ud83d\\ude00"})
    EXPECT_THAT(problem_of(R"({"dataSource":")" + std::string(name) + "\"}"), HasSubstr("dataSource")) << name;
  EXPECT_EQ(problem_of(R"({"dataSource":"a b-ü"})"), "none");
}

TEST(GranularitySpecTest, CutsTimeIntoSegmentsAndTruncatesRows) {
  const GranularitySpec spec =
      parse(schema_text(R"("granularitySpec":{"segmentGranularity":"hour","queryGranularity":"DAY"})"))
          .granularity_spec;
  const std::int64_t time_ms = parse_iso("2020-01-01T10:20:30");
  EXPECT_EQ(spec.segment_interval(time_ms), parse_interval("2020-01-01T10/2020-01-01T11"));
  EXPECT_EQ(spec.row_time(time_ms, parse_iso("2020-01-01T10")),
            parse_iso("2020-01-01T10"));  // never before its segment
  EXPECT_TRUE(spec.wants(0));
}

TEST(GranularitySpecTest, WantsOnlyTheIntervalsGiven) {
  const GranularitySpec spec =
      parse(schema_text(R"("granularitySpec":{"intervals":["2021/2022","2019/2020","2019-06/2020-06"]})"))
          .granularity_spec;
  EXPECT_EQ(spec.intervals().size(), 2u);
  EXPECT_TRUE(spec.wants(parse_iso("2020-05-31")));
  EXPECT_FALSE(spec.wants(parse_iso("2020-06-01")));
  EXPECT_FALSE(spec.wants(parse_iso("2018-12-31")));
}

TEST(GranularitySpecTest, TakesArbitraryIntervalsAsSegments) {
  const GranularitySpec spec =
      parse(schema_text(R"("granularitySpec":{"type":"arbitrary","intervals":["2020/2021","2021/2021-02-03"]})"))
          .granularity_spec;
  EXPECT_EQ(spec.segment_interval(parse_iso("2021-01-01")), parse_interval("2021/2021-02-03"));
  EXPECT_EQ(spec.segment_interval(parse_iso("2022-01-01")), std::nullopt);
  EXPECT_THAT(problem_of(schema_text(R"("granularitySpec":{"type":"arbitrary"})")), HasSubstr("intervals"));
  EXPECT_THAT(
      problem_of(schema_text(R"("granularitySpec":{"type":"arbitrary","intervals":["2020/2022","2021/2023"]})")),
      HasSubstr("overlap"));
  EXPECT_THAT(problem_of(schema_text(R"("granularitySpec":{"segmentGranularity":"none"})")),
              HasSubstr("segmentGranularity"));
}

TEST(DataSchemaTest, TheTimeMayBeListedWhereItStandsAnyhow) {
  const auto listed = [](const std::string& dimensions) {
    return schema_text(R"("dimensionsSpec":{"dimensions":[)" + dimensions + "]}");
  };
  const DataSchema schema = parse(listed(R"({"type":"long","name":"__time"},"a")"));
  EXPECT_THAT(schema.dimensions_spec.dimensions, ElementsAre(DimensionSchema{.name = "a"}));
  EXPECT_FALSE(parse(listed(R"({"type":"long","name":"__time"})")).dimensions_spec.discovery);
  EXPECT_THAT(problem_of(listed(R"("__time","a")")), HasSubstr("incorrect type[string]"));
  EXPECT_THAT(problem_of(listed(R"("a",{"type":"long","name":"__time"})")), HasSubstr("dimensions[1]"));
}

}  // namespace
}  // namespace sarsen::ingest
