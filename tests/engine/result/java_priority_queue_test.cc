// JavaPriorityQueue: the order in which java.util.PriorityQueue lets equal elements go.
#include "engine/result/java_priority_queue.h"

#include <gtest/gtest.h>

#include <string>

namespace sarsen::engine {
namespace {

struct ByFirst {
  bool operator()(const std::string& left, const std::string& right) const { return left[0] < right[0]; }
};

std::string drained(JavaPriorityQueue<std::string, ByFirst>& queue) {
  std::string all;
  while (!queue.empty()) all += (all.empty() ? "" : " ") + queue.pop();
  return all;
}

TEST(JavaPriorityQueue, LetsEqualElementsGoAsJavaDoes) {
  JavaPriorityQueue<std::string, ByFirst> queue{ByFirst()};
  for (const char* element : {"b1", "a1", "a2", "b2", "a3", "c1", "a4"}) queue.push(element);
  EXPECT_EQ(drained(queue), "a1 a4 a3 a2 b2 b1 c1");
  for (const char* element : {"a1", "a2", "a3", "a4", "a5"}) queue.push(element);
  EXPECT_EQ(drained(queue), "a1 a5 a4 a3 a2");
}

/// Two sources of equal elements take turns.
TEST(JavaPriorityQueue, TakesTurns) {
  JavaPriorityQueue<std::string, ByFirst> queue{ByFirst()};
  queue.push("a1");
  queue.push("a2");
  std::string turns;
  for (int i = 0; i < 4; ++i) {
    const std::string first = queue.pop();
    turns += first;
    queue.push(first);
  }
  EXPECT_EQ(turns, "a1a2a1a2");
}

}  // namespace
}  // namespace sarsen::engine
