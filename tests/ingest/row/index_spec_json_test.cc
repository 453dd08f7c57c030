#include "ingest/row/index_spec_json.h"

#include <gtest/gtest.h>

#include <string>

#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

using storage::BitmapEncoding;
using storage::CodecId;
using storage::IndexSpec;
using storage::LongEncodingStrategy;
using storage::StringDictionaryForm;

IndexSpec parse(const std::string& text) {
  const Json json = Json::parse(text);
  return parse_index_spec(JsonField(json)["indexSpec"]);
}

IndexSpec spec(const std::string& text) { return parse(R"({"indexSpec": )" + text + "}"); }

std::string complaint(const std::string& text) {
  try {
    spec(text);
  } catch (const Error& error) {
    EXPECT_EQ(error.category(), ErrorCategory::kInvalidInput);
    return error.what();
  }
  return "none";
}

TEST(IndexSpecJsonTest, TakesDruidsDefaults) {
  EXPECT_EQ(parse("{}"), IndexSpec{});
  EXPECT_EQ(spec("null"), IndexSpec{});
  EXPECT_EQ(spec("{}"), IndexSpec{});
  EXPECT_EQ(spec(R"({"bitmap": {}, "dimensionCompression": null})"), IndexSpec{});
}

TEST(IndexSpecJsonTest, ReadsEveryField) {
  const IndexSpec read = spec(R"({"bitmap": {"type": "concise"}, "dimensionCompression": "lzf",
    "stringDictionaryEncoding": {"type": "frontCoded", "bucketSize": 16, "formatVersion": 1},
    "metricCompression": "none", "longEncoding": "auto", "complexMetricCompression": "zstd",
    "jsonCompression": "uncompressed",
    "segmentLoader": {"type": "broadcastJoinableMMapSegmentFactory", "keyColumns": ["a"]}})");
  EXPECT_EQ(read.bitmap, BitmapEncoding::kConcise);
  EXPECT_EQ(read.dimension_compression, CodecId::kLzf);
  EXPECT_EQ(read.string_dictionary_encoding.form, StringDictionaryForm::kFrontCoded);
  EXPECT_EQ(read.string_dictionary_encoding.bucket_size, 16);
  EXPECT_EQ(read.string_dictionary_encoding.format_version, 1);
  EXPECT_EQ(read.metric_compression, CodecId::kNone);
  EXPECT_EQ(read.long_encoding, LongEncodingStrategy::kAuto);
  EXPECT_EQ(read.complex_metric_compression, CodecId::kZstd);
  EXPECT_EQ(read.json_compression, CodecId::kUncompressed);
  EXPECT_EQ(read.segment_loader, R"({"type":"broadcastJoinableMMapSegmentFactory","keyColumns":["a"]})");
}

TEST(IndexSpecJsonTest, ReadsNamesOfEnumerationsInAnyCase) {
  const IndexSpec read = spec(R"({"metricCompression": "ZSTD", "longEncoding": "Auto"})");
  EXPECT_EQ(read.metric_compression, CodecId::kZstd);
  EXPECT_EQ(read.long_encoding, LongEncodingStrategy::kAuto);
}

TEST(IndexSpecJsonTest, ReadsWhetherBitmapsMayHaveRuns) {
  EXPECT_TRUE(spec(R"({"bitmap": {"type": "roaring", "compressRunOnSerialization": true}})").bitmap_runs);
  EXPECT_FALSE(spec(R"({"bitmap": {"type": "roaring", "compressRunOnSerialization": false}})").bitmap_runs);
}

TEST(IndexSpecJsonTest, FrontCodesAsDruidDoesWhereNothingIsSaid) {
  const auto encoding = spec(R"({"stringDictionaryEncoding": {"type": "frontCoded"}})").string_dictionary_encoding;
  EXPECT_EQ(encoding.bucket_size, 4);
  EXPECT_EQ(encoding.format_version, 0);
}

TEST(IndexSpecJsonTest, PassesOverFieldsOfOtherVersions) {
  EXPECT_EQ(spec(R"({"metadataCompression": "none", "autoColumnFormatSpec": {}})"), IndexSpec{});
}

TEST(IndexSpecJsonTest, ReadsPresetsAndWhatDiffersFromThem) {
  EXPECT_EQ(spec(R"({"preset": "default"})"), IndexSpec{});
  EXPECT_EQ(spec(R"({"preset": "scan"})"), IndexSpec::scan());
  EXPECT_EQ(spec(R"({"preset": "druid"})"), IndexSpec::druid());
  IndexSpec expected = IndexSpec::scan();
  expected.metric_compression = CodecId::kLz4;
  EXPECT_EQ(spec(R"({"preset": "scan", "metricCompression": "lz4"})"), expected);
}

TEST(IndexSpecJsonTest, SaysWhichFieldIsWrongAndWhatItMayBe) {
  EXPECT_EQ(complaint(R"({"metricCompression": "lz5"})"),
            "indexSpec.metricCompression: unknown: lz5 (did you mean \"lz4\"?); it may be lz4, lzf, zstd, "
            "uncompressed, none");
  EXPECT_EQ(complaint(R"({"bitmap": {"type": "roring"}})"),
            "indexSpec.bitmap.type: unknown: roring (did you mean \"roaring\"?); it may be roaring, concise");
  EXPECT_EQ(complaint(R"({"dimensionCompression": "none"})"),
            "indexSpec.dimensionCompression: none is not for dimensions; uncompressed leaves them as they are");
  EXPECT_EQ(complaint(R"({"longEncoding": "delta"})"), "indexSpec.longEncoding: unknown: delta; it may be longs, auto");
  EXPECT_EQ(complaint(R"({"stringDictionaryEncoding": {"type": "frontCoded", "bucketSize": 6}})"),
            "indexSpec.stringDictionaryEncoding.bucketSize: it must be a power of two from 1 to 128, not 6");
  EXPECT_EQ(complaint(R"({"stringDictionaryEncoding": {"type": "frontCoded", "formatVersion": 2}})"),
            "indexSpec.stringDictionaryEncoding.formatVersion: it must be 0 or 1, not 2");
  EXPECT_EQ(complaint(R"({"preset": "skan"})"),
            "indexSpec.preset: unknown: skan (did you mean \"scan\"?); it may be default, scan, druid");
  EXPECT_NE(complaint(R"({"segmentLoader": {"type": "broadcastJoinableMMapSegmentFactory"}})").find("keyColumns"),
            std::string::npos);
  EXPECT_NE(complaint(R"({"segmentLoader": {"type": "tombstoneSegmentFactory"}})").find("segmentLoader.type"),
            std::string::npos);
  EXPECT_NE(complaint(R"({"stringDictionaryEncoding": {}})").find("stringDictionaryEncoding.type"), std::string::npos);
  EXPECT_NE(complaint(R"("scan")").find("must be an object"), std::string::npos);
}

TEST(IndexSpecJsonTest, WritesTheJsonOfDruid33) {
  EXPECT_EQ(index_spec_text({}),
            R"({"bitmap":{"type":"roaring"},"dimensionCompression":"lz4","stringDictionaryEncoding":{"type":"utf8"},)"
            R"("metricCompression":"lz4","longEncoding":"longs"})");
}

TEST(IndexSpecJsonTest, ReadsBackWhatItWrites) {
  for (const char* text :
       {"{}", R"({"preset": "scan"})", R"({"preset": "druid", "longEncoding": "auto"})", R"({"bitmap": {"type": "concise"}, "longEncoding": "auto"})",
        R"({"bitmap": {"type": "roaring", "compressRunOnSerialization": false}})",
        R"({"stringDictionaryEncoding": {"type": "frontCoded", "bucketSize": 128, "formatVersion": 1}})",
        R"({"metricCompression": "zstd", "complexMetricCompression": "lzf", "jsonCompression": "lz4"})",
        R"({"segmentLoader": {"type": "mMapSegmentFactory"}})"}) {
    const IndexSpec read = spec(text);
    EXPECT_EQ(spec(index_spec_text(read)), read) << text;
  }
}

}  // namespace
}  // namespace sarsen::ingest
