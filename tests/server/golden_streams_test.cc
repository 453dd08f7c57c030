// The recorded queries, asked of segments that streams made: the rows of the golden tasks go through Kafka, once to a
// supervisor and once to a realtime node of 0.7, and what these hand off must answer as what Druid's batch task wrote.

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <thread>

#include "ingest/kafka/kafka_producer.h"
#include "ingest/kafka/mock_cluster.h"
#include "server/http/http_client.h"
#include "storage/base/interval.h"
#include "storage/base/json.h"
#include "storage/base/whole_file.h"
#include "storage/segment/segment_finder.h"
#include "tests/server/cli/program.h"
#include "tests/support/checkout.h"
#include "tests/support/golden_ratchet.h"
#include "tests/support/gzip_lines.h"

namespace sarsen::server {
namespace {

namespace fs = std::filesystem;

constexpr int kFlushMs = 20'000;
constexpr std::size_t kPiece = 6000;
constexpr int kPatience = 1800;  // looks a tenth of a second apart: a guard against hanging
constexpr std::chrono::milliseconds kPause{100};

struct Golden {
  const char* data_source;
  const char* input;  // beside the tasks, or one folder above them
  std::size_t days;
  const char* time_column;
  const char* much_later;  // when all days are over
};

void PrintTo(const Golden& golden, std::ostream* out) { *out << golden.data_source; }

/// The recordings in this checkout, or those beside it.
fs::path recordings(const Golden& golden) {
  const fs::path own = source_folder() / "tests/golden/druid-33.0.0";
  return fs::exists(own / (std::string(golden.data_source) + ".task.json")) ? own : shared_folder() / "data/golden";
}

fs::path input_of(const Golden& golden) {
  const fs::path beside = recordings(golden) / golden.input;
  return fs::exists(beside) ? beside : recordings(golden).parent_path() / golden.input;
}

class GoldenStreamsTest : public testing::TestWithParam<Golden> {
 protected:
  void SetUp() override {
    if (!fs::exists(task_path())) GTEST_SKIP() << "needs " << task_path() << ", which is not there";
    cluster_.create_topic("rows", 1);
  }

  void send(const std::string& row) { producer_.send("rows", row, 0); }

  /// In pieces, each read before the next one comes: the embedded broker keeps but the newest few megabytes.
  void send_all(const RunningServer& server) {
    const std::vector<std::string> lines = read_gzip_lines(input_of(golden_));
    for (std::size_t i = 0; i < lines.size(); ++i) {
      send(lines[i]);
      if (i % kPiece == kPiece - 1) wait_until(server, [&] { return newest(server) >= time_of(lines[i]); });
    }
    producer_.flush(kFlushMs);
  }

  std::string time_of(const std::string& row) const {
    return format_iso(parse_iso(Json::parse(row).find(golden_.time_column)->string()));
  }
  std::string newest(const RunningServer& server) const {
    const Json answer =
        Json::parse(post(server, "/druid/v2", R"({"queryType":"timeBoundary","dataSource":")" + data_source_ + "\"}"));
    return answer.array().empty() ? "" : answer.array()[0].find("result")->find("maxTime")->string();
  }

  fs::path task_path() const { return recordings(golden_) / (data_source_ + ".task.json"); }
  Json data_schema() const {
    const Json task = Json::parse(read_whole_file(task_path()));
    return JsonField(task)["spec"]["dataSchema"].json();
  }

  std::string supervisor() const {
    const Json schema = data_schema();
    return R"({"type":"kafka","spec":{"dataSchema":)" + schema.dump() +
           R"(,"ioConfig":{"topic":"rows","inputFormat":{"type":"json"},"taskDuration":"PT1H","useEarliestOffset":true,
           "startDelay":"PT0S","period":"PT0.2S","consumerProperties":{"bootstrap.servers":")" +
           cluster_.brokers() + R"("}},"tuningConfig":{"type":"kafka"}}})";
  }

  std::string realtime_spec() const {
    const Json schema = data_schema();
    const JsonField field(schema);
    return R"([{"dataSchema":{"dataSource":")" + data_source_ +
           R"(","parser":{"type":"string","parseSpec":{"format":"json","timestampSpec":)" +
           field["timestampSpec"].json().dump() + R"(,"dimensionsSpec":)" + field["dimensionsSpec"].json().dump() +
           R"(}},"metricsSpec":)" + field["metricsSpec"].json().dump() + R"(,"granularitySpec":)" +
           field["granularitySpec"].json().dump() +
           R"(},"ioConfig":{"type":"realtime","firehose":{"type":"kafka-0.8","consumerProps":{"bootstrap.servers":")" +
           cluster_.brokers() + R"(","group.id":"g","auto.offset.reset":"smallest"},"feed":"rows"},
           "plumber":{"type":"realtime"}},"tuningConfig":{"type":"realtime","maxRowsInMemory":500000,"windowPeriod":"P4D",
           "basePersistDirectory":")" +
           (folder_ / "persist") + R"(","rejectionPolicy":{"type":"messageTime"}}}])";
  }

  static std::string post(const RunningServer& server, const std::string& path, const std::string& body = "") {
    return http_post(parse_http_url(server.url()), path, body).body;
  }

  /// As stored: a row of rolled-up ones is one.
  std::int64_t rows(const RunningServer& server) const {
    const std::string query =
        R"({"queryType":"timeseries","dataSource":")" + data_source_ +
        R"(","granularity":"all","intervals":"2000/2030","aggregations":[{"type":"count","name":"n"}]})";
    const Json answer = Json::parse(post(server, "/druid/v2", query));
    return answer.array().empty() ? 0 : answer.array()[0].find("result")->find("n")->integer();
  }

  std::int64_t recorded_rows() const {
    std::int64_t rows = 0;
    storage::Catalog catalog;
    load_golden_segments(recordings(golden_) / "segments" / data_source_, catalog);
    const auto timelines = catalog.snapshot();
    for (const auto& [id, entry] : timelines->at(data_source_)->entries())
      for (const auto& segment : entry.segment->acquire()) rows += segment->row_count();
    return rows;
  }

  std::size_t handed_off() const {
    const fs::path segments = folder_.path() / "data/segments" / data_source_;
    return fs::exists(segments) ? storage::segment_paths(segments).size() : 0;
  }

  template <class Condition>
  void wait_until(const RunningServer& server, const Condition& condition) const {
    for (int i = 0; i < kPatience && !condition(); ++i) std::this_thread::sleep_for(kPause);
    ASSERT_TRUE(condition()) << server.log();
  }

  void ask(const std::string& way) const {
    storage::Catalog catalog;
    ASSERT_EQ(load_golden_segments(folder_.path() / "data/segments" / data_source_, catalog), golden_.days);
    const std::string file = "native-" + data_source_ + ".jsonl.gz";
    GoldenReplay replay(catalog, 2);
    replay.ask_all(read_golden_cases(recordings(golden_) / file));
    expect_as_before(replay, way + "/" + file);
  }

  const Golden golden_ = GetParam();
  const std::string data_source_ = golden_.data_source;
  const TemporaryFolder folder_;
  ingest::MockCluster cluster_;
  ingest::KafkaProducer producer_{cluster_.brokers()};
};

TEST_P(GoldenStreamsTest, OfASupervisor) {
  RunningServer server({}, folder_ / "data");
  post(server, "/druid/indexer/v1/supervisor", supervisor());
  send_all(server);
  wait_until(server, [&] { return rows(server) == recorded_rows(); });
  const std::string path = "/druid/indexer/v1/supervisor/" + data_source_;
  post(server, path + "/suspend");
  wait_until(server, [&] { return handed_off() == golden_.days; });
  EXPECT_EQ(server.stop(), 0);
  ask("supervised");
}

TEST_P(GoldenStreamsTest, OfARealtimeNode) {
  write_text(folder_ / "realtime.spec", realtime_spec());
  RunningServer server({"--spec", folder_ / "realtime.spec"}, folder_ / "data");
  send_all(server);
  send(std::string("{\"") + golden_.time_column + "\":\"" + golden_.much_later + "\"}");
  producer_.flush(kFlushMs);
  wait_until(server, [&] { return handed_off() == golden_.days; });
  EXPECT_EQ(server.stop(), 0);
  ask("realtime");
}

INSTANTIATE_TEST_SUITE_P(Golden, GoldenStreamsTest,
                         testing::Values(Golden{"events", "events.json.gz", 3, "ts", "2024-04-01T00:00:00Z"},
                                         Golden{"events_rollup", "events.json.gz", 3, "ts", "2024-04-01T00:00:00Z"},
                                         Golden{"wikiticker", "wikiticker-2015-09-12-sampled.json.gz", 1, "time",
                                                "2015-10-01T00:00:00Z"}));

}  // namespace
}  // namespace sarsen::server
