#include "ingest/kafka/read_ahead.h"

#include <gtest/gtest.h>

namespace sarsen::ingest {
namespace {

constexpr std::size_t kTaken = 100;

TEST(ReadAhead, WakesOnceWhenAQueueThatWasFullIsHalfEmpty) {
  ReadAhead ahead(ReadAhead::Properties{{"queued.min.messages", "1000"}});
  EXPECT_FALSE(ahead.note_taken(kTaken, kTaken * 10, 400));  // was never full
  EXPECT_FALSE(ahead.note_taken(kTaken, kTaken * 10, 900));
  EXPECT_FALSE(ahead.note_taken(kTaken, kTaken * 10, 600));
  EXPECT_TRUE(ahead.note_taken(kTaken, kTaken * 10, 500));
  EXPECT_FALSE(ahead.note_taken(kTaken, kTaken * 10, 400));
  EXPECT_FALSE(ahead.note_taken(kTaken, kTaken * 10, 900));
  EXPECT_TRUE(ahead.note_taken(kTaken, kTaken * 10, 0));
}

TEST(ReadAhead, LooksAtBytesToo) {
  ReadAhead ahead(ReadAhead::Properties{{"queued.min.messages", "1000"}, {"queued.max.messages.kbytes", "100"}});
  EXPECT_TRUE(ahead.note_taken(kTaken, kTaken * 1024, 10));  // 100 such messages are full
  EXPECT_FALSE(ahead.note_taken(10, 10 * 1024, 80));
  EXPECT_TRUE(ahead.note_taken(30, 30 * 1024, 50));
  EXPECT_FALSE(ahead.note_taken(1, 0, 10));
}

TEST(ReadAhead, LeavesPropertiesThatAreThere) {
  ReadAhead::Properties properties = {{"queued.min.messages", "7"}};
  ReadAhead::add_default(properties);
  EXPECT_EQ(properties.at("queued.min.messages"), "7");
  properties.clear();
  ReadAhead::add_default(properties);
  EXPECT_TRUE(properties.contains("queued.min.messages"));
}

}  // namespace
}  // namespace sarsen::ingest
