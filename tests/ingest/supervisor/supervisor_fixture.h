#pragma once
// What tests of whole supervisors have in common: a stream that the test holds, and stores on disk.

#include <gtest/gtest.h>

#include <string>

#include "storage/base/log.h"
#include "tests/ingest/supervisor/supervised_node.h"
#include "tests/ingest/support/temporary_folder.h"

namespace sarsen::ingest {

inline constexpr std::int64_t kHourMs = 3'600'000;

inline std::string event(std::int64_t time_ms, int key) {
  return R"({"t":)" + std::to_string(time_ms) + R"(,"a":"v)" + std::to_string(key) + R"(","v":1})";
}

class SupervisorTest : public testing::Test {
 protected:
  void SetUp() override { set_log_level(LogLevel::kOff); }
  void TearDown() override { set_log_level(LogLevel::kInfo); }

  /// Some events in each of three hours, over the partitions by turns.
  void produce(int count, std::int32_t partitions) {
    for (int i = 0; i < count; ++i, ++produced_)
      stream_.push(event(produced_ % 3 * kHourMs + produced_, produced_ % 5), produced_ % partitions);
  }

  TemporaryFolder folder_;
  FakePartitions stream_;
  std::int32_t produced_ = 0;
};

}  // namespace sarsen::ingest
