// Segments out of use and into use, asked through the router without a socket.

#include "server/api/segment_use.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/base/log.h"
#include "tests/ingest/support/temporary_folder.h"
#include "tests/ingest/tasks/task_node.h"
#include "tests/server/api/ask_router.h"

namespace sarsen::server {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

constexpr const char* kOne = R"(200 {"numChangedSegments":1,"segmentStateChanged":true})";
constexpr const char* kTwo = R"(200 {"numChangedSegments":2,"segmentStateChanged":true})";
constexpr const char* kNone = R"(200 {"numChangedSegments":0,"segmentStateChanged":false})";

class SegmentUseTest : public testing::Test {
 protected:
  SegmentUseTest() {
    set_log_level(LogLevel::kError);
    add_segment_use_routes(router_, use_, directory_);
    node_.ended(node_.add(ingest::index_specification({"2024-01-01T01:00:00Z", "2024-01-02T01:00:00Z"})));
  }
  ~SegmentUseTest() override { set_log_level(LogLevel::kInfo); }

  std::string ask(const std::string& method, const std::string& path, const std::string& body = "") {
    return ask_router(router_, method, "/druid/coordinator/v1/datasources/pages" + path, body);
  }

  TemporaryFolder folder_;
  ingest::TaskNode node_{folder_.path()};
  ingest::SegmentUse use_{node_.metadata, node_.served};
  TaskDirectory directory_{node_.queue};
  Router router_;
};

TEST_F(SegmentUseTest, AllSegmentsOfADataSource) {
  EXPECT_EQ(ask("DELETE", ""), kTwo);
  EXPECT_EQ(ask("DELETE", ""), kNone);
  EXPECT_THAT(node_.visible("pages"), SizeIs(0));
  EXPECT_EQ(ask("POST", ""), kTwo);
  EXPECT_EQ(node_.visible_rows("pages"), 2U);
}

TEST_F(SegmentUseTest, SegmentsOfAnIntervalAndByName) {
  const std::string first = node_.visible("pages")[0];
  EXPECT_EQ(ask("POST", "/markUnused", R"({"interval":"2024-01-01/2024-01-02"})"), kOne);
  EXPECT_EQ(node_.visible_rows("pages"), 1U);
  EXPECT_EQ(ask("POST", "/markUsed", R"({"segmentIds":[")" + first + R"("]})"), kOne);
  EXPECT_EQ(ask("POST", "/markUnused", R"({"interval":"2024","versions":["other"]})").substr(0, 3), "400");
  EXPECT_EQ(ask("POST", "/markUnused", R"({"interval":"2024/2025","versions":["other"]})"), kNone);
  EXPECT_THAT(ask("POST", "/markUnused", R"({"interval":"2024/2025","segmentIds":["x"]})"),
              HasSubstr("Invalid request payload. Specify either 'interval' or 'segmentIds'"));
  EXPECT_EQ(ask("DELETE", "/segments/" + first), kOne);
  EXPECT_EQ(ask("POST", "/segments/" + first), kOne);
  EXPECT_EQ(node_.visible_rows("pages"), 2U);
}

TEST_F(SegmentUseTest, HiddenSegmentsStayOutOfUse) {
  node_.ended(node_.add(ingest::index_specification({"2024-01-01T02:00:00Z", "2024-01-02T01:00:00Z"})));
  EXPECT_THAT(node_.metadata.unused_segments("pages", kEternity), SizeIs(2));
  EXPECT_EQ(ask("POST", ""), kNone);
}

TEST_F(SegmentUseTest, WhatIsOutOfUseIsKilled) {
  ask("DELETE", "");
  EXPECT_EQ(ask("DELETE", "/intervals/2024-01-01_2024-01-02"), "200 ");
  EXPECT_TRUE(ingest::becomes([&] { return node_.metadata.segment_ids().size() == 1; }));
  EXPECT_EQ(ask("DELETE", "?kill=true&interval=2024-01-01/2024-02-01"), "200 ");
  EXPECT_TRUE(ingest::becomes([&] { return node_.metadata.segment_ids().empty(); }));
  EXPECT_EQ(ask("DELETE", "/intervals/soon").substr(0, 3), "400");
}

}  // namespace
}  // namespace sarsen::server
