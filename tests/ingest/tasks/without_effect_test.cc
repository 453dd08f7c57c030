#include "ingest/tasks/without_effect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sarsen::ingest {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(WithoutEffectTest, DefaultsAreNotWorthAWord) {
  EXPECT_THAT(without_effect(Json::parse(R"({"type":"index_parallel","spec":{"tuningConfig":{"type":"index_parallel",
      "maxNumConcurrentSubTasks":1,"maxRetry":3,"splitHintSpec":null,"maxRowsInMemory":7}},
      "context":{"forceTimeChunkLock":true,"priority":7}})")),
              IsEmpty());
  EXPECT_THAT(without_effect(Json::parse(R"({"type":"compact"})")), IsEmpty());
}

TEST(WithoutEffectTest, NamesTheFieldAndTheReason) {
  EXPECT_THAT(without_effect(Json::parse(R"({"type":"compact","tuningConfig":{"maxNumConcurrentSubTasks":4,
      "partitionsSpec":{"type":"dynamic","maxTotalRows":9}},"context":{"forceTimeChunkLock":false}})")),
              ElementsAre("tuningConfig.maxNumConcurrentSubTasks has no effect: a task is one process here, without "
                          "sub-tasks",
                          "context.forceTimeChunkLock has no effect: whole time chunks are locked always"));
}

}  // namespace
}  // namespace sarsen::ingest
