#include "ingest/zookeeper/catalog_announcer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "ingest/zookeeper/announcement_json.h"
#include "storage/base/log.h"
#include "storage/segment/segment_descriptor.h"
#include "tests/support/memory_segment.h"

namespace sarsen::ingest {
namespace {

using sarsen::testing::MemorySegment;
using ::testing::HasSubstr;

class GrowingSegment final : public storage::ServedSegment {
 public:
  std::vector<std::shared_ptr<const storage::Segment>> acquire() const override { return {}; }
  bool is_realtime() const noexcept override { return true; }
};

class CatalogAnnouncerTest : public ::testing::Test {
 protected:
  void SetUp() override { set_log_level(LogLevel::kOff); }
  void TearDown() override { set_log_level(LogLevel::kInfo); }

  SegmentNodes nodes() {
    return SegmentNodes(
        {.folder = "/s", .new_name = [this] { return std::to_string(names_++); }},
        [this](const std::string& path, const std::string& data) { nodes_[path] = data; },
        [this](const std::string& path) { nodes_.erase(path); });
  }

  static storage::SegmentId id(const std::string& source) {
    return {.data_source = source, .interval = {0, 86'400'000}, .version = "v", .partition = 0};
  }

  void serve(const std::string& source, std::shared_ptr<const storage::ServedSegment> segment) {
    catalog_.update(source, [&](storage::Timeline& timeline) {
      timeline.add({.id = id(source),
                    .core_partitions = 0,
                    .shard_spec = Json::parse(R"({"type":"none"})"),
                    .segment = std::move(segment)});
    });
  }

  std::string text() {
    std::string all;
    for (const auto& [path, data] : nodes_) all += path + "=" + data + "\n";
    return all;
  }

  storage::Catalog catalog_;
  std::map<std::string, std::string> nodes_;
  int names_ = 0;
};

TEST_F(CatalogAnnouncerTest, FollowsTheCatalog) {
  CatalogAnnouncer announcer(catalog_, nodes(), served_segment_json);
  serve("a", std::make_shared<GrowingSegment>());
  announcer.announce(id("a"));
  EXPECT_EQ(text(),
            R"(/s/0=[{"dataSource":"a","interval":"1970-01-01T00:00:00.000Z/1970-01-02T00:00:00.000Z","version":"v",)"
            R"("loadSpec":{},"dimensions":"","metrics":"","shardSpec":{"type":"none"},"binaryVersion":9,"size":0,)"
            R"("identifier":"a_1970-01-01T00:00:00.000Z_1970-01-02T00:00:00.000Z_v"}])"
            "\n");
  auto segment = std::make_shared<MemorySegment>(std::vector<std::int64_t>{1}, MemorySegment::Form::kMapped);
  segment->strings("page", {"x"});
  serve("b", std::make_shared<storage::ImmutableServedSegment>(segment));
  announcer.look();
  EXPECT_THAT(text(), HasSubstr(R"("dimensions":"page")"));
  catalog_.update("a", [](storage::Timeline& timeline) { timeline.remove(id("a")); });
  announcer.unannounce(id("a"));
  EXPECT_THAT(text(), ::testing::Not(HasSubstr(R"("dataSource":"a")")));
  EXPECT_THAT(text(), HasSubstr(R"("dataSource":"b")"));
}

TEST_F(CatalogAnnouncerTest, SaysOfAHandedOffSegmentWhatIsPublished) {
  CatalogAnnouncer announcer(catalog_, nodes(), [](const storage::TimelineEntry& entry) {
    if (entry.segment->is_realtime()) return served_segment_json(entry);
    storage::SegmentDescriptor published;
    published.id = entry.id;
    published.load_spec = Json::parse(R"({"type":"local","path":"/p"})");
    published.size_bytes = 77;
    return published.to_json();
  });
  serve("a", std::make_shared<GrowingSegment>());
  announcer.announce(id("a"));
  EXPECT_THAT(text(), ::testing::Not(HasSubstr("local")));
  serve("a", std::make_shared<storage::ImmutableServedSegment>(
                 std::make_shared<MemorySegment>(std::vector<std::int64_t>{1}, MemorySegment::Form::kMapped)));
  announcer.unannounce(id("a"));
  EXPECT_THAT(text(), HasSubstr(R"("loadSpec":{"type":"local","path":"/p"})"));
  EXPECT_THAT(text(), HasSubstr(R"("size":77)"));
}

}  // namespace
}  // namespace sarsen::ingest
