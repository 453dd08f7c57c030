#include "storage/segment/deep_storage_path.h"

#include <gtest/gtest.h>

namespace sarsen::storage {
namespace {

const std::string kDay = "2024-01-01T00:00:00.000Z_2024-01-02T00:00:00.000Z";
const Interval kDayInterval = parse_interval("2024-01-01/2024-01-02");

TEST(DeepStoragePath, ReadsDruidsLayoutOfFolders) {
  for (const std::string tail : {"/3", "/3/index", "/3/index.zip", "/3/5c0ffee/index", "/3/5c0ffee/index.zip"}) {
    const auto descriptor = descriptor_of_path("/deep/demo/" + kDay + "/v1" + tail);
    ASSERT_TRUE(descriptor.has_value()) << tail;
    EXPECT_EQ(descriptor->id, (SegmentId{"demo", kDayInterval, "v1", 3})) << tail;
    EXPECT_EQ(descriptor->core_partitions, 0u);
  }
}

TEST(DeepStoragePath, ReadsLayoutsWithoutColons) {
  const SegmentId wanted{"demo", kDayInterval, "2024-01-03T10:11:12.000Z", 3};
  for (const std::string path : {
           "/deep/demo/20240101T000000.000Z_20240102T000000.000Z/2024-01-03T10_11_12.000Z/3_index.zip",
           "/deep/demo/20240101T000000.000Z_20240102T000000.000Z/2024-01-03T10_11_12.000Z/3_5c0f-fee_index.zip",
           "/deep/demo/20240101T000000.000Z_20240102T000000.000Z/2024-01-03T10_11_12.000Z/3/index.zip",
           "/deep/demo/2024-01-01T00_00_00.000Z_2024-01-02T00_00_00.000Z/2024-01-03T10_11_12.000Z/3/index.zip",
       }) {
    const auto descriptor = descriptor_of_path(path);
    ASSERT_TRUE(descriptor.has_value()) << path;
    EXPECT_EQ(descriptor->id, wanted) << path;
  }
}

TEST(DeepStoragePath, KeepsVersionsThatAreNoTimes) {
  EXPECT_EQ(descriptor_of_path("/deep/demo/" + kDay + "/my_version_1/0/index.zip")->id.version, "my_version_1");
}

TEST(DeepStoragePath, KnowsOtherFolders) {
  EXPECT_FALSE(descriptor_of_path("/deep/demo/2024-01-01/v1/3"));
  EXPECT_FALSE(descriptor_of_path("/deep/demo/" + kDay + "/v1/three/index"));
  EXPECT_FALSE(descriptor_of_path("/deep/demo/" + kDay + "/v1/three_index.zip"));
  EXPECT_FALSE(descriptor_of_path(kDay + "/v1/3_index.zip/index.zip"));
  EXPECT_FALSE(descriptor_of_path("/" + kDay + "/v1/3"));
  EXPECT_FALSE(descriptor_of_path("/index.zip"));
  EXPECT_FALSE(descriptor_of_path("/3_index.zip"));
  EXPECT_FALSE(descriptor_of_path("/"));
}

}  // namespace
}  // namespace sarsen::storage
