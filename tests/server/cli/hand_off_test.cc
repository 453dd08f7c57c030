// Hand-off through the real program: from events in its embedded Kafka to a segment that a server serves which knows of
// no stream.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "ingest/kafka/kafka_producer.h"
#include "server/http/http_client.h"
#include "tests/server/cli/program.h"

namespace sarsen::server {
namespace {

using testing::HasSubstr;

constexpr std::string_view kSpec =
    R"([{"dataSchema":{"dataSource":"clicks","parser":{"type":"string","parseSpec":{"format":"json",
    "timestampSpec":{"column":"t","format":"iso"},"dimensionsSpec":{"dimensions":["page"]}}},
    "metricsSpec":[{"type":"count","name":"n"}],
    "granularitySpec":{"type":"uniform","segmentGranularity":"HOUR","queryGranularity":"NONE"}},
    "ioConfig":{"type":"realtime","firehose":{"type":"kafka-0.8","feed":"clicks",
    "consumerProps":{"auto.offset.reset":"smallest"}}},
    "tuningConfig":{"type":"realtime","windowPeriod":"PT10M","rejectionPolicy":{"type":"messageTime"}}}])";

constexpr std::string_view kCount =
    R"({"queryType":"timeseries","dataSource":"clicks","granularity":"hour","intervals":"2024-01-01/2024-01-02",)"
    R"("context":{"skipEmptyBuckets":true},"aggregations":[{"type":"longSum","name":"n","fieldName":"n"}]})";

constexpr std::string_view kCounts =
    R"([{"timestamp":"2024-01-01T10:00:00.000Z","result":{"n":2}},{"timestamp":"2024-01-01T11:00:00.000Z","result":{"n":1}}])";

void send(const std::string& brokers) {
  ingest::KafkaProducer producer(brokers);
  for (const char* time : {"10:01", "10:02", "11:30"})
    producer.send("clicks", std::string(R"({"t":"2024-01-01T)") + time + R"(:00Z","page":"a"})", 0);
  producer.flush(20'000);
}

std::string ask(const RunningServer& server) {
  return http_post(parse_http_url(server.url()), "/druid/v2", kCount).body;
}

TEST(HandOffTest, MakesARealtimeSegmentOneOfDeepStorage) {
  const TemporaryFolder folder;
  write_text(folder / "clicks.spec", std::string(kSpec));
  const std::vector<std::string> stores{"--set", "druid.storage.storageDirectory=" + (folder / "deep"), "--set",
                                        "druid.storage.zip=true"};
  std::vector<std::string> arguments{"--spec", folder / "clicks.spec", "--embedded-kafka", "0"};
  arguments.insert(arguments.end(), stores.begin(), stores.end());
  {
    RunningServer server(arguments, folder / "data");
    send(server.wait_for_log("The embedded Kafka listens on "));
    server.wait_for_log("is handed off: published");
    EXPECT_EQ(ask(server), kCounts);
    EXPECT_EQ(server.stop(), 0);
  }
  const std::string place = "clicks/2024-01-01T10:00:00.000Z_2024-01-01T11:00:00.000Z/2024-01-01T10:00:00.000Z/0";
  const ProgramResult verified = run_program({"verify", folder / ("deep/" + place)});
  EXPECT_EQ(verified.status, 0) << verified.out << verified.err;
  {
    RunningServer server(arguments, folder / "data");
    EXPECT_EQ(ask(server), kCounts);
    EXPECT_EQ(server.stop(), 0);
  }
  RunningServer server(stores, folder / "data");
  EXPECT_THAT(ask(server), HasSubstr(R"("result":{"n":2})"));
  EXPECT_EQ(server.stop(), 0);
}

}  // namespace
}  // namespace sarsen::server
