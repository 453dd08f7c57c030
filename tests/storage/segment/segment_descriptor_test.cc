#include "storage/segment/segment_descriptor.h"

#include <gtest/gtest.h>

#include "storage/base/error.h"

namespace sarsen::storage {
namespace {

constexpr std::string_view kDescriptor =
    R"({"dataSource":"demo","interval":"2024-01-01T00:00:00.000Z/2024-01-02T00:00:00.000Z",)"
    R"("version":"2024-01-03T10:00:00.000Z","loadSpec":{"type":"local","path":"/deep/index.zip"},)"
    R"("dimensions":"city,tags","metrics":"cnt,price",)"
    R"("shardSpec":{"type":"numbered","partitionNum":2,"partitions":3},"binaryVersion":9,"size":2417,)"
    R"("identifier":"demo_2024-01-01T00:00:00.000Z_2024-01-02T00:00:00.000Z_2024-01-03T10:00:00.000Z_2"})";

SegmentDescriptor with_shard_spec(const std::string& shard_spec) {
  return SegmentDescriptor::parse(Json::parse(R"({"dataSource":"demo","interval":"2024-01-01/2024-01-02",)"
                                              R"("version":"v","shardSpec":)" +
                                              shard_spec + "}"));
}

TEST(SegmentDescriptor, WritesWhatItReads) {
  const SegmentDescriptor descriptor = SegmentDescriptor::parse(Json::parse(kDescriptor));
  EXPECT_EQ(descriptor.id.data_source, "demo");
  EXPECT_EQ(descriptor.id.interval, parse_interval("2024-01-01/2024-01-02"));
  EXPECT_EQ(descriptor.id.partition, 2u);
  EXPECT_EQ(descriptor.core_partitions, 3u);
  EXPECT_EQ(descriptor.dimensions, (std::vector<std::string>{"city", "tags"}));
  EXPECT_EQ(descriptor.size_bytes, 2417u);
  EXPECT_EQ(descriptor.to_json().dump(), kDescriptor);
}

TEST(SegmentDescriptor, LeavesPartitionZeroOutOfTheIdentifier) {
  SegmentId id{"demo", parse_interval("2024-01-01/2024-01-02"), "v", 0};
  EXPECT_EQ(id.text(), "demo_2024-01-01T00:00:00.000Z_2024-01-02T00:00:00.000Z_v");
  id.partition = 7;
  EXPECT_EQ(id.text(), "demo_2024-01-01T00:00:00.000Z_2024-01-02T00:00:00.000Z_v_7");
}

TEST(SegmentDescriptor, KnowsTheShardSpecs) {
  const auto numbers = [](const std::string& shard_spec) {
    const SegmentDescriptor descriptor = with_shard_spec(shard_spec);
    return std::pair(descriptor.id.partition, descriptor.core_partitions);
  };
  using Numbers = std::pair<std::uint32_t, std::uint32_t>;
  EXPECT_EQ(numbers("null"), Numbers(0, 1));
  EXPECT_EQ(numbers(R"({"type":"none"})"), Numbers(0, 0));
  EXPECT_EQ(numbers(R"({"type":"linear","partitionNum":4})"), Numbers(4, 0));
  EXPECT_EQ(numbers(R"({"type":"numbered","partitionNum":1,"partitions":0})"), Numbers(1, 0));
  EXPECT_EQ(numbers(R"({"type":"hashed","partitionNum":1,"partitions":2,"partitionDimensions":[]})"), Numbers(1, 2));
  EXPECT_EQ(numbers(R"({"type":"single","dimension":"d","start":null,"end":"k","partitionNum":1})"), Numbers(1, 0));
  EXPECT_EQ(numbers(R"({"type":"range","dimensions":["d"],"partitionNum":1,"numCorePartitions":5})"), Numbers(1, 5));
}

TEST(SegmentDescriptor, NamesWhatItDoesNotUnderstand) {
  try {
    with_shard_spec(R"({"type":"numbered_overwrite","partitionId":40000})");
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.category(), ErrorCategory::kUnsupported);
    EXPECT_STREQ(error.what(), "shardSpec: shard spec of a type not understood: numbered_overwrite");
  }
  EXPECT_THROW(with_shard_spec(R"({"type":"numbered","partitionNum":-1})"), Error);
  EXPECT_THROW(SegmentDescriptor::parse(Json::parse(R"({"dataSource":"demo"})")), Error);
}

}  // namespace
}  // namespace sarsen::storage
