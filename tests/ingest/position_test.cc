#include "ingest/position.h"

#include <gtest/gtest.h>

#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

TEST(PositionTest, IsWrittenAsDruidWritesIt) {
  Position position{.stream = "wiki", .next_offsets = {{1, 9}}};
  position.advance(0, 4);
  const Json json = position.to_json();
  EXPECT_EQ(
      json.dump(),
      R"({"type":"kafka","partitions":{"type":"end","stream":"wiki","topic":"wiki","partitionSequenceNumberMap":{"0":5,"1":9},"partitionOffsetMap":{"0":5,"1":9}}})");
  EXPECT_EQ(Position::parse(JsonField(json)), position);
}

TEST(PositionTest, IsEmptyWhereThereIsNone) {
  const Json json;
  EXPECT_TRUE(Position::parse(JsonField(json)).empty());
}

TEST(PositionTest, RefusesPartitionsThatAreNoNumbers) {
  const Json json = Json::parse(R"({"partitions":{"stream":"s","partitionSequenceNumberMap":{"x":5}}})");
  EXPECT_THROW(Position::parse(JsonField(json)), Error);
}

}  // namespace
}  // namespace sarsen::ingest
