#include "ingest/tasks/compaction_status.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sarsen::ingest {
namespace {

using testing::StartsWith;

constexpr const char* kState = R"({"partitionsSpec":{"type":"dynamic","maxRowsPerSegment":5000000,
    "maxTotalRows":9223372036854775807},"dimensionsSpec":{"dimensions":[{"type":"string","name":"page",
    "multiValueHandling":"SORTED_ARRAY","createBitmapIndex":true},{"type":"long","name":"n",
    "multiValueHandling":"SORTED_ARRAY","createBitmapIndex":false}],"dimensionExclusions":[],
    "includeAllDimensions":false,"useSchemaDiscovery":false},"metricsSpec":[{"type":"count","name":"rows"}],
    "transformSpec":{"filter":{"type":"selector","dimension":"page","value":"a","extractionFn":null}},
    "indexSpec":{"bitmap":{"type":"roaring"},"dimensionCompression":"lz4","stringDictionaryEncoding":{"type":"utf8"},
    "metricCompression":"lz4","longEncoding":"longs"},"granularitySpec":{"type":"uniform","segmentGranularity":"DAY",
    "queryGranularity":"HOUR","rollup":true,"intervals":["2024-01-01T00:00:00.000Z/2024-01-02T00:00:00.000Z"]}})";

/// "" where there is none.
std::string reason(const std::string& config, const std::vector<std::string>& states) {
  const Json json = Json::parse(R"({"dataSource":"pages")" + config + "}");
  const DataSourceCompaction compaction = DataSourceCompaction::parse(JsonField(json));
  std::vector<storage::SegmentDescriptor> descriptors(states.size());
  std::vector<const storage::SegmentDescriptor*> segments;
  for (std::size_t i = 0; i < states.size(); ++i) {
    descriptors[i].id = {"pages", parse_interval("2024-01-01/2024-01-02"), "v", static_cast<std::uint32_t>(i)};
    if (!states[i].empty()) descriptors[i].last_compaction_state = Json::parse(states[i]);
    segments.push_back(&descriptors[i]);
  }
  return reason_to_compact(compaction, segments).value_or("");
}

std::string with(std::string state, const std::string& before, const std::string& after) {
  state.replace(state.find(before), before.size(), after);
  return state;
}

TEST(CompactionStatusTest, SegmentsMustHaveBeenCompactedInOneWay) {
  EXPECT_EQ(reason("", {""}), "not compacted yet");
  EXPECT_EQ(reason("", {kState, kState}), "");
  EXPECT_EQ(reason("", {kState, ""}), "segments have different last compaction states");
  EXPECT_EQ(reason("", {kState, with(kState, "true,\"intervals", "false,\"intervals")}),
            "segments have different last compaction states");
}

TEST(CompactionStatusTest, TheSameInOtherWordsIsTheSame) {
  EXPECT_EQ(reason(R"(,"granularitySpec":{"segmentGranularity":{"type":"period","period":"P1D"},
      "queryGranularity":"hour","rollup":true},"dimensionsSpec":{"dimensions":["page",{"type":"long","name":"n"}]},
      "metricsSpec":[{"name":"rows","type":"count"}],"transformSpec":{"filter":{"value":"a","type":"selector",
      "dimension":"page"}},"tuningConfig":{"partitionsSpec":{"type":"dynamic"},"indexSpec":{"longEncoding":"LONGS"}})",
                   {kState}),
            "");
}

TEST(CompactionStatusTest, EachPartIsLookedAt) {
  EXPECT_THAT(reason(R"(,"maxRowsPerSegment":7)", {kState}), StartsWith("'partitionsSpec' mismatch: "));
  EXPECT_THAT(reason(R"(,"tuningConfig":{"partitionsSpec":{"type":"hashed"}})", {kState}),
              StartsWith("'partitionsSpec' mismatch: "));
  EXPECT_THAT(reason(R"(,"tuningConfig":{"indexSpec":{"longEncoding":"auto"}})", {kState}),
              StartsWith("'indexSpec' mismatch: "));
  EXPECT_THAT(reason(R"(,"granularitySpec":{"segmentGranularity":"MONTH"})", {kState}),
              StartsWith("'segmentGranularity' mismatch: "));
  EXPECT_THAT(reason(R"(,"granularitySpec":{"queryGranularity":"none"})", {kState}),
              StartsWith("'queryGranularity' mismatch: "));
  EXPECT_EQ(reason(R"(,"granularitySpec":{"rollup":false})", {kState}),
            "'rollup' mismatch: required[false], current[true]");
  EXPECT_THAT(reason(R"(,"dimensionsSpec":{"dimensions":["page"]})", {kState}),
              StartsWith("'dimensionsSpec' mismatch: "));
  EXPECT_THAT(reason(R"(,"metricsSpec":[{"type":"count","name":"count"}])", {kState}),
              StartsWith("'metricsSpec' mismatch: "));
  EXPECT_THAT(reason(R"(,"transformSpec":{"filter":{"type":"selector","dimension":"page","value":"b"}})", {kState}),
              StartsWith("'transformSpec filter' mismatch: "));
}

TEST(CompactionStatusTest, WhatWasWrittenWithoutAnIndexSpecIsCompactedAgain) {
  const std::string bare = with(kState, R"("longEncoding":"longs"})", R"("longEncoding":"longs"},"x":{})");
  EXPECT_EQ(reason("", {bare}), "");
  EXPECT_THAT(reason("", {with(bare, R"("indexSpec")", R"("was")")}), StartsWith("'indexSpec' mismatch: "));
}

TEST(CompactionStatusTest, OfRangesTheEffectiveMaximumAndTheOtherDimensionsCount) {
  const std::string ranges =
      with(kState, R"({"type":"dynamic","maxRowsPerSegment":5000000,
    "maxTotalRows":9223372036854775807})",
           R"({"type":"range","targetRowsPerSegment":100,"maxRowsPerSegment":null,"partitionDimensions":["n"],
           "assumeGrouped":false})");
  const std::string config = R"(,"tuningConfig":{"partitionsSpec":{"type":"range","partitionDimensions":["n"],)";
  EXPECT_EQ(reason(config + R"("maxRowsPerSegment":150}})", {ranges}), "");
  EXPECT_EQ(reason(R"(,"tuningConfig":{"partitionsSpec":{"type":"single_dim","partitionDimension":"n",
      "maxRowsPerSegment":150}})",
                   {ranges}),
            "");
  EXPECT_THAT(reason(config + R"("maxRowsPerSegment":151}})", {ranges}), StartsWith("'partitionsSpec' mismatch: "));
  EXPECT_EQ(reason(config + R"("maxRowsPerSegment":150}},"dimensionsSpec":{"dimensions":[{"type":"long","name":"n"},
      "page"]})",
                   {ranges}),
            "");
}

}  // namespace
}  // namespace sarsen::ingest
