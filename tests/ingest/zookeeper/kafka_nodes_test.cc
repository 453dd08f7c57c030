#include "ingest/zookeeper/kafka_nodes.h"

#include <gtest/gtest.h>

#include "storage/base/error.h"
#include "storage/base/log.h"
#include "tests/support/memory_zookeeper.h"

namespace sarsen::ingest {
namespace {

constexpr std::string_view kOld = R"({"jmx_port":-1,"timestamp":"1","host":"h","version":1,"port":9092})";
constexpr std::string_view kNew =
    R"({"listener_security_protocol_map":{"CLIENT":"PLAINTEXT","SSL":"SSL"},"endpoints":["SSL://s:9093","CLIENT://c:9092"],)"
    R"("jmx_port":-1,"features":{},"host":null,"timestamp":"1","port":-1,"version":5})";

TEST(KafkaNodesTest, ReadsWhereABrokerIs) {
  EXPECT_EQ(parse_broker(kOld, "PLAINTEXT"), "h:9092");
  EXPECT_EQ(parse_broker(kOld, "SSL"), std::nullopt);
  EXPECT_EQ(parse_broker(kNew, "plaintext"), "c:9092");
  EXPECT_EQ(parse_broker(kNew, "SSL"), "s:9093");
  EXPECT_EQ(parse_broker(kNew, "SASL_SSL"), std::nullopt);
  EXPECT_EQ(parse_broker(R"({"endpoints":["PLAINTEXT://h:1"]})", "PLAINTEXT"), "h:1") << "of version 2";
  for (const char* wrong : {"", "[]", R"({"host":"h"})", R"({"host":"h","port":0})", R"({"endpoints":["h:1"]})"})
    EXPECT_THROW(parse_broker(wrong, "PLAINTEXT"), Error) << wrong;
}

class KafkaNodesInZooKeeperTest : public testing::Test {
 protected:
  void SetUp() override {
    set_log_level(LogLevel::kOff);
    client_ = zookeeper_.connect();
    client_->session(0);
  }
  void TearDown() override { set_log_level(LogLevel::kInfo); }

  MemoryZooKeeper zookeeper_;
  std::unique_ptr<ZooKeeper> client_;
};

TEST_F(KafkaNodesInZooKeeperTest, FindsTheBrokers) {
  EXPECT_EQ(find_brokers(*client_, "PLAINTEXT"), "");
  zookeeper_.put("/brokers/ids/2", std::string(kNew));
  zookeeper_.put("/brokers/ids/1", std::string(kOld));
  zookeeper_.put("/brokers/ids/3", "what is that?");
  EXPECT_EQ(find_brokers(*client_, "PLAINTEXT"), "h:9092,c:9092");
  zookeeper_.set_away(true);
  EXPECT_EQ(find_brokers(*client_, "PLAINTEXT"), std::nullopt);
}

TEST_F(KafkaNodesInZooKeeperTest, FindsTheOffsetsOfAGroup) {
  using Offsets = std::map<std::int32_t, std::int64_t>;
  EXPECT_EQ(find_offsets(*client_, "g", "t"), Offsets());
  zookeeper_.put(offset_path("g", "t", 0), "5");
  zookeeper_.put(offset_path("g", "t", 12), "7000000000");
  zookeeper_.put(offset_path("g", "t", 1), "-1");
  zookeeper_.put(offset_path("g", "t", 2), "5x");
  zookeeper_.put(offset_path("g", "other", 3), "5");
  zookeeper_.put("/consumers/g/offsets/t/x", "5");
  EXPECT_EQ(find_offsets(*client_, "g", "t"), (Offsets{{0, 5}, {12, 7'000'000'000}}));
  zookeeper_.set_away(true);
  EXPECT_EQ(find_offsets(*client_, "g", "t"), std::nullopt);
}

}  // namespace
}  // namespace sarsen::ingest
