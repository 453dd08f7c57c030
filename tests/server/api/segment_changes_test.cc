#include "server/api/segment_changes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/http/request.h"
#include "tests/server/http/recording_writer.h"
#include "tests/support/memory_segment.h"

namespace sarsen::server {
namespace {

using ::testing::HasSubstr;

class SegmentChangesTest : public ::testing::Test {
 protected:
  static storage::SegmentId id(std::int64_t day) {
    return {.data_source = "a", .interval = {day * 86'400'000, (day + 1) * 86'400'000}, .version = "v"};
  }

  void load(std::int64_t day) {
    catalog_.update("a", [&](storage::Timeline& timeline) {
      timeline.add({.id = id(day),
                    .core_partitions = 0,
                    .shard_spec = Json(),
                    .segment = std::make_shared<storage::ImmutableServedSegment>(
                        std::make_shared<sarsen::testing::MemorySegment>(
                            std::vector<std::int64_t>{1}, sarsen::testing::MemorySegment::Form::kMapped))});
    });
  }
  void drop(std::int64_t day) {
    catalog_.update("a", [&](storage::Timeline& timeline) { timeline.remove(id(day)); });
  }

  std::string since(std::int64_t number, std::int64_t hash) {
    const auto found = changes_.snapshot(SegmentChanges::Counter{number, hash});
    return found ? found->dump() : "nothing";
  }

  RecordingWriter ask(const std::string& target, const std::string& accept = "") {
    Router router;
    add_segment_change_routes(router, changes_);
    Request request;
    request.method = "GET";
    EXPECT_TRUE(parse_target(target, request));
    if (!accept.empty()) request.headers.push_back({"Accept", accept});
    RecordingWriter writer;
    (*router.match(request).handler)(request, writer);
    return writer;
  }

  storage::Catalog catalog_;
  std::int64_t now_ms_ = 100;
  SegmentChanges changes_{catalog_,
                          [](const storage::TimelineEntry& entry) {
                            return Json::Object{{"day", entry.id.interval.start_ms / 86'400'000}};
                          },
                          [this] { return now_ms_++; }};
};

TEST_F(SegmentChangesTest, BeginsWithAllAndGoesOnWithChanges) {
  load(0);
  EXPECT_EQ(changes_.snapshot({})->dump(),
            R"({"resetCounter":false,"resetCause":null,"counter":{"counter":1,"hash":101},)"
            R"("requests":[{"action":"load","day":0}]})");
  EXPECT_EQ(since(1, 101), "nothing");
  load(1);
  load(2);
  drop(0);
  EXPECT_EQ(since(1, 101),
            R"({"resetCounter":false,"resetCause":null,"counter":{"counter":4,"hash":104},)"
            R"("requests":[{"action":"drop","day":0},{"action":"load","day":1},{"action":"load","day":2}]})");
  EXPECT_THAT(since(3, 103), HasSubstr(R"("requests":[{"action":"load","day":2}])"));
  EXPECT_THAT(since(0, 100), HasSubstr(R"({"action":"load","day":0},{"action":"drop","day":0})"));
}

TEST_F(SegmentChangesTest, SendsBackToTheBeginning) {
  load(0);
  EXPECT_THAT(since(1, 7), HasSubstr(R"({"resetCounter":true,"resetCause":"counter 1 has another hash: 7")"));
  EXPECT_THAT(since(2, 7), HasSubstr("counter 2 is larger than the last 1"));
  for (std::int64_t day = 1; day <= 1001; ++day) load(day);
  EXPECT_THAT(since(1, 101), HasSubstr("counter 1 is too old"));
  EXPECT_THAT(since(2, 102), HasSubstr(R"("counter":{"counter":1002,"hash":1102})"));
}

TEST_F(SegmentChangesTest, AnswersOverHttp) {
  load(0);
  EXPECT_EQ(ask("/druid-internal/v1/segments?counter=-1&timeout=100").status, 200);
  const RecordingWriter smile =
      ask("/druid-internal/v1/segments?counter=-1&timeout=100", "application/x-jackson-smile");
  EXPECT_EQ(smile.header("Content-Type"), "application/x-jackson-smile");
  EXPECT_THAT(smile.body, ::testing::StartsWith(":)\n"));
  const RecordingWriter nothing = ask("/druid-internal/v1/segments?counter=1&hash=101&timeout=1");
  EXPECT_EQ(nothing.status, 204);
  EXPECT_EQ(nothing.body, "");
  EXPECT_EQ(ask("/druid-internal/v1/segments?counter=-1&timeout=0").status, 400);
  EXPECT_EQ(ask("/druid-internal/v1/segments?counter=x&timeout=1").status, 400);
}

}  // namespace
}  // namespace sarsen::server
