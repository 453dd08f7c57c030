// Druid 0.7's tutorial with its specification as it is: the brokers are found through ZooKeeper, the server is
// announced there, and the group's offsets are kept there. With a real ZooKeeper and a real broker, where there are
// any.

#include "ingest/zookeeper/zookeeper.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>

#include "ingest/http/http_exchange.h"
#include "ingest/kafka/kafka_producer.h"
#include "server/http/http_client.h"
#include "storage/base/error.h"
#include "storage/base/json.h"
#include "tests/server/cli/program.h"
#include "tests/server/real_broker.h"
#include "tests/support/checkout.h"
#include "tests/support/wait_until.h"

namespace sarsen::server {
namespace {

using testing::HasSubstr;

constexpr int kFlushMs = 20'000;
constexpr std::string_view kCount =
    R"({"queryType":"timeseries","dataSource":"wikipedia","granularity":"all","intervals":"2013/2014",)"
    R"("aggregations":[{"type":"longSum","name":"rows","fieldName":"count"}]})";

bool is_built() {
  try {
    ingest::check_zookeeper_is_built("");
    return true;
  } catch (const Error&) {
    return false;
  }
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

void replace(std::string& text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  ASSERT_NE(at, std::string::npos) << from;
  text.replace(at, from.size(), to);
}

/// The tutorial's, but for places and the topic.
std::string spec_with(const std::string& zookeeper, const std::string& topic, const std::string& persist) {
  std::string spec = read_file(source_folder() / "tools" / "tutorial" / "wikipedia.spec");
  replace(spec, "localhost:2181", zookeeper);
  replace(spec, R"("feed": "wikipedia")", R"("feed": ")" + topic + "\"");
  replace(spec, "\\/tmp\\/realtime\\/basePersist", persist);
  replace(spec, "\"largest\"", "\"smallest\"");
  return spec;
}

struct GetAnswer {
  long status;
  std::string body;
};

GetAnswer http_get(const HttpUrl& url, const std::string& path) {
  const auto answer =
      ingest::http_exchange({.url = "http://" + url.host + ":" + url.port + path, .follow_redirects = false});
  return {answer.status, answer.body};
}

void send_events(const std::string& brokers, const std::string& topic) {
  ingest::KafkaProducer producer(brokers);
  std::istringstream stream(read_file(source_folder() / "tools" / "tutorial" / "events.json"));
  for (std::string line; std::getline(stream, line);)
    if (!line.empty()) producer.send(topic, line, 0);
  producer.flush(kFlushMs);
}

bool counts(const RunningServer& server, const std::string& rows) {
  return wait_until([&] {
    return http_post(parse_http_url(server.url()), "/druid/v2/", kCount).body.find("\"rows\":" + rows) !=
           std::string::npos;
  });
}

TEST(ZooKeeperTest, IsWaitedForAndNamedWhereItIsAway) {
  if (!is_built()) GTEST_SKIP() << "built without libzookeeper-mt-dev";
  const TemporaryFolder folder;
  write_text(folder / "wikipedia.spec", spec_with("127.0.0.1:1", "wikipedia", folder / "persist"));
  RunningServer server({"--spec", folder / "wikipedia.spec", "--set", "druid.zk.service.host=127.0.0.1:1"},
                       folder / "data");
  EXPECT_THAT(server.wait_for_log("No Kafka broker is known yet"), HasSubstr("bootstrap.servers"));
  server.wait_for_log("ZooKeeper at 127.0.0.1:1 does not answer");
  EXPECT_THAT(http_post(parse_http_url(server.url()), "/druid/v2/", kCount).body, HasSubstr("rows"))
      << "queries are answered";
  EXPECT_EQ(server.stop(), 0);
}

TEST(ZooKeeperTest, RunsTheTutorialAndAnnouncesIt) {
  if (!is_built()) GTEST_SKIP() << "built without libzookeeper-mt-dev";
  const RealBroker broker(RealBroker::Kind::kInZooKeeper);
  if (broker.address().empty()) GTEST_SKIP() << "no real ZooKeeper: " << broker.reason();
  const TemporaryFolder folder;
  const std::string name = folder.path().filename().string();  // of the topic, and of Druid's node
  write_text(folder / "wikipedia.spec", spec_with(broker.zookeeper(), name, folder / "persist"));
  const std::vector<std::string> arguments{
      "--spec", folder / "wikipedia.spec",
      "--set",  "druid.zk.service.host=" + broker.zookeeper() + "/" + name + "/chroot",
      "--set",  "druid.zk.service.compress=false"};
  const auto client = ingest::connect_zookeeper(ingest::parse_connect_string("", broker.zookeeper()), {});
  ASSERT_TRUE(wait_until([&] { return client->session(1'000) != 0; }));
  const auto data_of = [&](const std::string& path) {
    ingest::ZooKeeperNode node;
    client->get(path, node, false);
    return node.data;
  };
  const std::string druid = "/" + name + "/chroot/druid";
  const std::string offset = "/consumers/druid-example/offsets/" + name + "/0";
  const auto segments_of = [&](const std::string& host_and_port) {
    std::vector<std::string> batches;
    client->children(druid + "/segments/" + host_and_port, batches);
    return batches.empty() ? std::string() : data_of(druid + "/segments/" + host_and_port + "/" + batches.front());
  };

  send_events(broker.address(), name);  // makes the topic
  std::string killed;
  {
    RunningServer server(arguments, folder / "data");
    killed = server.url().substr(server.url().rfind('/') + 1);
    EXPECT_TRUE(counts(server, "5"));
    EXPECT_TRUE(wait_until([&] { return !segments_of(killed).empty(); }));
    EXPECT_THAT(segments_of(killed), HasSubstr(R"([{"dataSource":"wikipedia")"));
    EXPECT_THAT(segments_of(killed), HasSubstr(R"("metrics":"count,added,deleted,delta")"));
    EXPECT_TRUE(wait_until([&] { return !data_of(druid + "/announcements/" + killed).empty(); }));
    server.kill();
  }
  {
    RunningServer server(arguments, folder / "data");
    EXPECT_TRUE(counts(server, "5")) << "read again: nothing was persisted";
    EXPECT_EQ(server.stop(), 0);
  }
  EXPECT_EQ(data_of(offset), "5") << "a stop persists, and says so";
  {
    RunningServer server(arguments, folder / "data");
    server.wait_for_log("from offset 5");
    send_events(broker.address(), name);
    EXPECT_TRUE(counts(server, "10")) << "what is new is added";
    const std::string here = server.url().substr(server.url().rfind('/') + 1);
    EXPECT_TRUE(wait_until([&] { return !data_of(druid + "/announcements/" + here).empty(); }));
    EXPECT_EQ(server.stop(), 0);
    EXPECT_EQ(data_of(druid + "/announcements/" + here), "") << "a stop ends the session";
  }
}

TEST(ZooKeeperTest, GivesWayToWhoLeadsAlready) {
  if (!is_built()) GTEST_SKIP() << "built without libzookeeper-mt-dev";
  const RealBroker broker(RealBroker::Kind::kInZooKeeper);
  if (broker.zookeeper().empty()) GTEST_SKIP() << "no real ZooKeeper: " << broker.reason();
  const TemporaryFolder folder;
  const std::string name = folder.path().filename().string();
  const auto client = ingest::connect_zookeeper(ingest::parse_connect_string("", broker.zookeeper()), {});
  ASSERT_TRUE(wait_until([&] { return client->session(1'000) != 0; }));
  const std::string latch = "/" + name + "/druid/overlord/_OVERLORD/_c_stock-latch-";
  ingest::create_parents(*client, latch);
  std::string created;
  ASSERT_EQ(client->create(latch, "http://stock:8090", ingest::NodeKind::kEphemeralSequential, &created),
            ingest::ZooKeeperAnswer::kDone);
  RunningServer server({"--set", "druid.zk.service.host=" + broker.zookeeper() + "/" + name}, folder / "data");
  const auto url = parse_http_url(server.url());
  const auto status = [&](const std::string& path) { return http_get(url, path).status; };
  server.wait_for_log("http://stock:8090 leads");
  EXPECT_EQ(http_get(url, "/druid/indexer/v1/leader").body, "http://stock:8090");
  EXPECT_EQ(http_get(url, "/druid/indexer/v1/isLeader").body, R"({"leader":false})");
  EXPECT_EQ(status("/druid/indexer/v1/isLeader"), 404);
  EXPECT_EQ(status("/druid/indexer/v1/tasks"), 307);
  EXPECT_EQ(http_post(url, "/druid/indexer/v1/task", R"({"type":"noop"})").status, 307);
  EXPECT_EQ(status("/druid/coordinator/v1/isLeader"), 200) << "another election";
  client->remove(created);
  EXPECT_TRUE(wait_until([&] { return status("/druid/indexer/v1/isLeader") == 200; }));
  EXPECT_TRUE(wait_until([&] {
    return http_post(url, "/druid/indexer/v1/task", R"({"type":"noop","id":"t"})").body.find("\"t\"") !=
           std::string::npos;
  })) << "its duties begin soon after it leads";
  EXPECT_TRUE(wait_until(
      [&] { return http_get(url, "/druid/indexer/v1/task/t/status").body.find("SUCCESS") != std::string::npos; }));
  EXPECT_EQ(server.stop(), 0);
}

TEST(ZooKeeperTest, HandsOffToAServerThatAnnouncesTheSegment) {
  if (!is_built()) GTEST_SKIP() << "built without libzookeeper-mt-dev";
  const RealBroker broker(RealBroker::Kind::kInZooKeeper);
  if (broker.address().empty()) GTEST_SKIP() << "no real ZooKeeper: " << broker.reason();
  const TemporaryFolder folder;
  const std::string name = folder.path().filename().string();
  write_text(folder / "wikipedia.spec", spec_with(broker.zookeeper(), name, folder / "persist"));
  const auto client = ingest::connect_zookeeper(ingest::parse_connect_string("", broker.zookeeper()), {});
  ASSERT_TRUE(wait_until([&] { return client->session(1'000) != 0; }));
  send_events(broker.address(), name);
  ingest::KafkaProducer producer(broker.address());
  producer.send(name, R"({"timestamp":"2013-09-02T00:00:00Z","page":"later","added":1,"deleted":0,"delta":1})", 0);
  producer.flush(kFlushMs);

  RunningServer server(
      {"--spec", folder / "wikipedia.spec", "--set", "druid.zk.service.host=" + broker.zookeeper() + "/" + name,
       "--set", "sarsen.segment.handoff=announcements", "--set", "druid.segment.handoff.pollDuration=PT0.1S"},
      folder / "data");
  server.wait_for_log("is handed off: published");
  EXPECT_TRUE(counts(server, "6")) << "served from here until somebody else does";
  const std::string druid = "/" + name + "/druid";
  const auto put = [&](const std::string& path, const std::string& data) {
    ingest::create_parents(*client, path);
    EXPECT_EQ(client->create(path, data, ingest::NodeKind::kEphemeral, nullptr), ingest::ZooKeeperAnswer::kDone);
  };
  put(druid + "/announcements/historical:1", R"({"name":"historical:1","type":"historical"})");
  put(druid + "/segments/historical:1/0",
      R"([{"dataSource":"wikipedia","interval":"2013-08-31/2013-09-01","version":"2013-08-31T00:00:00.000Z",)"
      R"("shardSpec":{"type":"none"}}])");
  EXPECT_THAT(server.wait_for_log("is served elsewhere"), HasSubstr("not announced"));
  EXPECT_TRUE(counts(server, "6")) << "queries that were planned before find it";
  EXPECT_EQ(server.stop(), 0);
}

/// Rows of one hour, each with an id of its own, over the partitions by turns.
void send_pages(const std::string& brokers, const std::string& topic, int from, int to, int partitions) {
  ingest::KafkaProducer producer(brokers);
  for (int i = from; i < to; ++i)
    producer.send(topic, R"({"timestamp":"2013-08-31T01:02:33Z","page":"p)" + std::to_string(i) + R"(","added":1})",
                  i % partitions);
  producer.flush(kFlushMs);
}

/// How often each page was read, of all servers.
std::map<std::string, std::int64_t> pages(const std::vector<const RunningServer*>& servers) {
  std::map<std::string, std::int64_t> found;
  for (const RunningServer* server : servers) {
    const Json answer = Json::parse(
        http_post(parse_http_url(server->url()), "/druid/v2/",
                  R"({"queryType":"groupBy","dataSource":"wikipedia","granularity":"all","intervals":"2013/2014",
        "dimensions":["page"],"aggregations":[{"type":"longSum","name":"n","fieldName":"count"}]})")
            .body);
    if (!answer.is_array()) continue;
    for (const Json& row : answer.array())
      found[row.find("event")->find("page")->string()] += row.find("event")->find("n")->integer();
  }
  return found;
}

std::map<std::string, std::int64_t> each_once(int count) {
  std::map<std::string, std::int64_t> expected;
  for (int i = 0; i < count; ++i) expected["p" + std::to_string(i)] = 1;
  return expected;
}

TEST(ZooKeeperTest, TwoServersOfOneGroupShareThePartitions) {
  if (!is_built()) GTEST_SKIP() << "built without libzookeeper-mt-dev";
  const RealBroker broker(RealBroker::Kind::kInZooKeeper);
  if (broker.address().empty()) GTEST_SKIP() << "no real ZooKeeper: " << broker.reason();
  const TemporaryFolder folder;
  const std::string name = folder.path().filename().string();
  constexpr int kPartitions = 4;
  if (!broker.create_topic(name, kPartitions)) GTEST_SKIP() << "no topic of several partitions can be made";
  const auto arguments = [&](const std::string& of) {
    std::string spec = spec_with(broker.zookeeper(), name, folder / ("persist-" + of));
    replace(spec, R"("rejectionPolicy")",
            R"("shardSpec":{"type":"linear","partitionNum":)" + of + R"(},"rejectionPolicy")");
    replace(spec, R"("zookeeper.session.timeout.ms" : "15000")", R"("zookeeper.session.timeout.ms" : "6000")");
    write_text(folder / (of + ".spec"), spec);
    return std::vector<std::string>{"--spec", folder / (of + ".spec")};
  };
  const auto client = ingest::connect_zookeeper(ingest::parse_connect_string("", broker.zookeeper()), {});
  ASSERT_TRUE(wait_until([&] { return client->session(1'000) != 0; }));
  const auto owners = [&] {
    std::map<std::string, int> found;
    for (int i = 0; i < kPartitions; ++i) {
      ingest::ZooKeeperNode node;
      if (client->get("/consumers/druid-example/owners/" + name + "/" + std::to_string(i), node, false) ==
          ingest::ZooKeeperAnswer::kDone)
        ++found[node.data];
    }
    return found;
  };
  const auto is_shared = [&] { return owners().size() == 2 && owners().begin()->second == 2; };

  RunningServer first(arguments("0"), folder / "data-0");
  send_pages(broker.address(), name, 0, 100, kPartitions);
  EXPECT_TRUE(wait_until([&] { return pages({&first}) == each_once(100); }));
  auto second = std::make_unique<RunningServer>(arguments("1"), folder / "data-1");
  ASSERT_TRUE(wait_until(is_shared));
  send_pages(broker.address(), name, 100, 200, kPartitions);
  EXPECT_TRUE(wait_until([&] { return pages({&first, second.get()}) == each_once(200); }));
  EXPECT_EQ(pages({second.get()}).size(), 50u);

  second->kill();  // nothing of it was persisted: the first one reads it again
  EXPECT_TRUE(wait_until([&] { return pages({&first}) == each_once(200); })) << pages({&first}).size();
  second = std::make_unique<RunningServer>(arguments("1"), folder / "data-1");
  ASSERT_TRUE(wait_until(is_shared));
  send_pages(broker.address(), name, 200, 300, kPartitions);
  EXPECT_TRUE(wait_until([&] { return pages({&first, second.get()}) == each_once(300); }));
  EXPECT_EQ(pages({second.get()}).size(), 50u);
  EXPECT_EQ(second->stop(), 0);  // persists
  send_pages(broker.address(), name, 300, 340, kPartitions);
  EXPECT_TRUE(wait_until([&] { return pages({&first}).size() == 290u; }));
  EXPECT_EQ(first.stop(), 0);
}

}  // namespace
}  // namespace sarsen::server
