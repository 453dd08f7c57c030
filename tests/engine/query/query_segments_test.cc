#include "engine/query/query_segments.h"

#include <gtest/gtest.h>

namespace sarsen::engine {
namespace {

class NoRows final : public storage::ServedSegment {
 public:
  std::vector<std::shared_ptr<const storage::Segment>> acquire() const override { return {}; }
};

storage::Timeline timeline() {
  storage::Timeline timeline;
  const auto segment = std::make_shared<const NoRows>();
  timeline.add({{"t", {0, 100}, "v1", 0}, 1, Json(), segment});
  timeline.add({{"t", {0, 100}, "v2", 0}, 1, Json(), segment});
  timeline.add({{"t", {0, 100}, "v3", 7}, 4, Json(), segment});  // the core set is on another server
  return timeline;
}

TEST(FindChunk, FindsAlsoWhatIsHiddenOrNotAllHere) {
  const storage::Timeline all = timeline();
  ASSERT_EQ(all.lookup({0, 100}).size(), 1u);
  for (const auto& [version, partition] : {std::pair{"v1", 0u}, {"v2", 0u}, {"v3", 7u}}) {
    const storage::TimelineEntry* found = find_chunk(all, {{0, 100}, version, partition});
    ASSERT_NE(found, nullptr) << version;
    EXPECT_EQ(found->id.version, version);
    EXPECT_EQ(find_chunk(all, {{20, 30}, version, partition}), found) << "a part of its time";
  }
}

TEST(FindChunk, FindsNothingElse) {
  const storage::Timeline all = timeline();
  EXPECT_EQ(find_chunk(all, {{0, 100}, "v1", 1}), nullptr);
  EXPECT_EQ(find_chunk(all, {{0, 100}, "v4", 0}), nullptr);
  EXPECT_EQ(find_chunk(all, {{0, 101}, "v1", 0}), nullptr);
  EXPECT_EQ(find_chunk(all, {{-1, 50}, "v1", 0}), nullptr);
  EXPECT_EQ(find_chunk(storage::Timeline(), {{0, 100}, "v1", 0}), nullptr);
}

}  // namespace
}  // namespace sarsen::engine
