// Supervisors over real brokers: such that want passwords or certificates, and topics that are written in transactions.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "ingest/http/http_download.h"
#include "ingest/kafka/kafka_producer.h"
#include "server/http/http_client.h"
#include "storage/base/json.h"
#include "tests/server/cli/program.h"
#include "tests/server/real_broker.h"
#include "tests/server/secured_broker.h"
#include "tests/support/wait_until.h"

namespace sarsen::server {
namespace {

using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;

constexpr int kAnswerMs = 30'000;

using Properties = std::map<std::string, std::string>;

Json json_of(const Properties& properties) {
  Json::Object object;
  for (const auto& [name, value] : properties) object.emplace_back(name, value);
  return Json(std::move(object));
}

/// A server with supervisors, each of a data source of its own.
class SupervisingServer {
 public:
  explicit SupervisingServer(const TemporaryFolder& folder) : folder_(folder), server_({}, folder / "data") {}

  void supervise(const std::string& name, const std::string& topic, const Properties& consumer,
                 const std::string& task_duration = "PT1H", int task_count = 1) {
    const std::string spec =
        R"({"type":"kafka","spec":{"dataSchema":{"dataSource":")" + name +
        R"(","timestampSpec":{"column":"t"},"dimensionsSpec":{"dimensions":["id"]},
        "metricsSpec":[{"type":"count","name":"n"}],
        "granularitySpec":{"segmentGranularity":"DAY","queryGranularity":"NONE"}},
        "ioConfig":{"topic":")" +
        topic + R"(","inputFormat":{"type":"json"},"consumerProperties":)" + json_of(consumer).dump() +
        R"(,"useEarliestOffset":true,"startDelay":"PT0S","period":"PT0.2S","taskCount":)" + std::to_string(task_count) +
        R"(,"taskDuration":")" + task_duration + R"("},"tuningConfig":{"type":"kafka"}}})";
    const HttpAnswer answer = http_post(url(), "/druid/indexer/v1/supervisor", spec);
    ASSERT_EQ(answer.status, 200) << answer.body;
  }

  /// The payload of the supervisor's status.
  Json status(const std::string& name) const {
    const std::string file = folder_ / "answer";
    ingest::http_download({server_.url() + "/druid/indexer/v1/supervisor/" + name + "/status", ""}, file);
    std::ifstream stream(file);
    const std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
    return *Json::parse(text).find("payload");
  }

  /// How often each row is there.
  std::map<std::string, std::int64_t> rows(const std::string& name) const {
    const Json answer = Json::parse(http_post(url(), "/druid/v2",
                                              R"({"queryType":"groupBy","dataSource":")" + name +
                                                  R"(","granularity":"all","intervals":"2024/2025","dimensions":["id"],
        "aggregations":[{"type":"longSum","name":"n","fieldName":"n"}]})")
                                        .body);
    std::map<std::string, std::int64_t> found;
    if (!answer.is_array()) return found;
    for (const Json& row : answer.array())
      found[row.find("event")->find("id")->string()] = row.find("event")->find("n")->integer();
    return found;
  }

  /// Exactly these, each once.
  void expect_rows(const std::string& name, const std::vector<std::string>& ids) const {
    std::map<std::string, std::int64_t> expected;
    for (const std::string& id : ids) expected[id] = 1;
    EXPECT_TRUE(wait_until([&] { return rows(name) == expected; }))
        << name << " has " << testing::PrintToString(rows(name)) << ", and says " << status(name).dump();
  }

  /// The cause is among the recent errors: a connection can also just be lost before the broker says why.
  void expect_trouble(const std::string& name, const std::string& exception_class,
                      const testing::Matcher<std::string>& message) const {
    const auto is_cause = [&](const Json& error) {
      return error.find("exceptionClass")->string() == exception_class &&
             message.Matches(error.find("message")->string()) && error.find("streamException")->boolean();
    };
    EXPECT_TRUE(wait_until([&] {
      const Json payload = status(name);
      const Json::Array& errors = payload.find("recentErrors")->array();
      return payload.find("detailedState")->string() == "UNABLE_TO_CONNECT_TO_STREAM" &&
             !payload.find("healthy")->boolean() && std::any_of(errors.begin(), errors.end(), is_cause);
    })) << name
        << status(name).dump();
  }

  HttpUrl url() const { return parse_http_url(server_.url()); }
  int stop() { return server_.stop(); }

 private:
  const TemporaryFolder& folder_;
  RunningServer server_;
};

std::string row(const std::string& id) { return R"({"t":"2024-01-01T10:00:00Z","id":")" + id + R"("})"; }

std::string plain(const std::string& user, const std::string& password) {
  return "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + user + "\" password=\"" +
         password + "\";";
}

std::string scram(const std::string& user, const std::string& password) {
  return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"" + user + "\" password=\"" +
         password + "\";";
}

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// Whom the broker lets in, by name of the supervisor.
std::map<std::string, Properties> good_properties(const SecuredBroker& broker) {
  const Properties password{{"bootstrap.servers", broker.password_address()}, {"security.protocol", "SASL_PLAINTEXT"}};
  const Properties tls{{"bootstrap.servers", broker.tls_address()}, {"security.protocol", "SSL"}};
  const Properties mutual{{"bootstrap.servers", broker.mutual_address()},
                          {"security.protocol", "SSL"},
                          {"ssl.truststore.type", "PEM"},
                          {"ssl.truststore.location", broker.authority()}};
  const auto with = [](Properties properties, const Properties& more) {
    properties.insert(more.begin(), more.end());
    return properties;
  };
  return {
      {"plain",
       with(password, {{"sasl.mechanism", "PLAIN"}, {"sasl.jaas.config", plain(broker.kUser, broker.kPassword)}})},
      {"quoted", with(password, {{"sasl.mechanism", "PLAIN"},
                                 {"sasl.jaas.config", plain(broker.kOtherUser, broker.kOtherPassword)}})},
      {"scram", with(password, {{"sasl.mechanism", "SCRAM-SHA-256"},
                                {"sasl.jaas.config", scram(broker.kUser, broker.kPassword)}})},
      {"librdkafka",
       with(password,
            {{"sasl.mechanisms", "PLAIN"}, {"sasl.username", broker.kUser}, {"sasl.password", broker.kPassword}})},
      {"store", with(tls, {{"ssl.truststore.type", "PEM"}, {"ssl.truststore.location", broker.authority()}})},
      {"inline",
       with(tls, {{"ssl.truststore.type", "PEM"}, {"ssl.truststore.certificates", text_of(broker.authority())}})},
      {"file", with(tls, {{"ssl.ca.location", broker.authority()}})},
      {"certificate", with(mutual, {{"ssl.keystore.type", "PEM"}, {"ssl.keystore.location", broker.client_store()}})},
      {"pkcs12", with(mutual, {{"ssl.keystore.type", "PKCS12"},
                               {"ssl.keystore.location", broker.client_pkcs12()},
                               {"ssl.keystore.password", "changeit"}})},
      {"both",
       {{"bootstrap.servers", broker.both_address()},
        {"security.protocol", "SASL_SSL"},
        {"sasl.mechanism", "SCRAM-SHA-256"},
        {"sasl.jaas.config", scram(broker.kUser, broker.kPassword)},
        {"ssl.truststore.type", "PEM"},
        {"ssl.truststore.location", broker.authority()},
        {"ssl.endpoint.identification.algorithm", "https"}}}};
}

TEST(RealSupervisorTest, ReadsFromABrokerThatAsksWhoItIs) {
  const SecuredBroker broker;
  if (!broker.runs()) GTEST_SKIP() << "no secured Kafka broker: " << broker.reason();
  const TemporaryFolder folder;
  ingest::KafkaProducer producer(broker.open_address());
  for (const char* id : {"a", "b", "c"}) producer.send("secured", row(id), 0);
  producer.flush(kAnswerMs);
  SupervisingServer server(folder);
  for (const auto& [name, properties] : good_properties(broker)) server.supervise(name, "secured", properties);
  for (const auto& [name, properties] : good_properties(broker)) server.expect_rows(name, {"a", "b", "c"});
  EXPECT_EQ(server.stop(), 0);
}

TEST(RealSupervisorTest, SaysWhyABrokerDoesNotLetItIn) {
  const SecuredBroker broker;
  if (!broker.runs()) GTEST_SKIP() << "no secured Kafka broker: " << broker.reason();
  const TemporaryFolder folder;
  ingest::KafkaProducer producer(broker.open_address());
  producer.send("secured", row("a"), 0);
  producer.flush(kAnswerMs);
  SupervisingServer server(folder);
  std::map<std::string, Properties> all = good_properties(broker);
  all["plain"]["sasl.jaas.config"] = plain(broker.kUser, "a wrong one");
  all["scram"]["sasl.jaas.config"] = scram(broker.kUser, "a wrong one");
  all["store"]["ssl.truststore.location"] = broker.other_authority();
  all["certificate"].erase("ssl.keystore.location");
  all["file"]["bootstrap.servers"] = broker.open_address();
  for (const char* name : {"plain", "scram", "store", "certificate", "file"})
    server.supervise(name, "secured", all[name]);
  const std::string of_sasl = "org.apache.kafka.common.errors.SaslAuthenticationException";
  const std::string of_tls = "org.apache.kafka.common.errors.SslAuthenticationException";
  server.expect_trouble("plain", of_sasl,
                        AllOf(HasSubstr(broker.password_address()), HasSubstr("Authentication failed"),
                              HasSubstr("Invalid username or password")));
  server.expect_trouble("scram", of_sasl, HasSubstr("Authentication failed"));
  server.expect_trouble("store", of_tls, HasSubstr("certificate verify failed"));
  server.expect_trouble("certificate", of_tls, HasSubstr("certificate"));
  // Who hears no TLS may hang up before it is understood as such.
  server.expect_trouble("file", of_tls, AnyOf(HasSubstr("SSL handshake failed"), HasSubstr("SSL_HANDSHAKE")));
  // With the right password it goes on.
  server.supervise("plain", "secured", good_properties(broker)["plain"]);
  server.expect_rows("plain", {"a"});
  EXPECT_EQ(server.stop(), 0);
}

/// A topic that is written in transactions.
class Transactions {
 public:
  Transactions(const std::string& brokers, std::string topic)
      : topic_(std::move(topic)), producer_(brokers, {{"transactional.id", topic_}}) {}

  void commit(const std::vector<std::string>& ids) {
    begin(ids);
    commit();
  }
  void abort(const std::vector<std::string>& ids) {
    begin(ids);
    producer_.abort_transaction(kAnswerMs);
  }
  /// What is sent is in the topic, and nobody knows yet what becomes of it.
  void begin(const std::vector<std::string>& ids) {
    producer_.begin_transaction(kAnswerMs);
    for (const std::string& id : ids) producer_.send(topic_, row(id), 0);
    producer_.flush(kAnswerMs);
  }
  void commit() { producer_.commit_transaction(kAnswerMs); }

 private:
  const std::string topic_;
  ingest::KafkaProducer producer_;
};

/// Of partition 0, as the supervisor's status has it.
std::int64_t figure(const Json& status, const char* name) {
  const Json* by_partition = status.find(name);
  const Json* figure = by_partition == nullptr ? nullptr : by_partition->find("0");
  return figure == nullptr ? -1 : figure->integer();
}

/// Where the task that reads now has begun.
std::int64_t starting_offset(const Json& status) {
  const auto& tasks = status.find("activeTasks")->array();
  return tasks.empty() ? -1 : figure(tasks.back(), "startingOffsets");
}

std::string task_id(const Json& status) {
  const auto& tasks = status.find("activeTasks")->array();
  return tasks.empty() ? "" : tasks.back().find("id")->string();
}

TEST(RealSupervisorTest, ReadsWhatTransactionsCommitAndNothingElse) {
  const RealBroker broker;
  if (broker.address().empty()) GTEST_SKIP() << "no real Kafka broker: " << broker.reason();
  const TemporaryFolder folder;
  const std::string topic = "transactions-" + folder.path().filename().string();
  const Properties consumer{{"bootstrap.servers", broker.address()}};
  Transactions transactions(broker.address(), topic);
  transactions.commit({"a", "b", "c"});  // offsets 0 to 2, and the record that ends the transaction
  transactions.abort({"x", "y"});        // 4 and 5
  transactions.commit({"d", "e"});       // 7 and 8
  std::vector<std::string> rows{"a", "b", "c", "d", "e"};
  {
    SupervisingServer server(folder);
    server.supervise("committed", topic, consumer, "PT1S");
    Properties uncommitted = consumer;
    uncommitted["isolation.level"] = "read_uncommitted";
    server.supervise("uncommitted", topic, uncommitted);
    server.expect_rows("committed", rows);
    server.expect_rows("uncommitted", {"a", "b", "c", "d", "e", "x", "y"});
    // As in Druid: behind the last row there is the record that ends its transaction.
    EXPECT_TRUE(wait_until([&] { return starting_offset(server.status("committed")) == 9; }));
    EXPECT_TRUE(wait_until([&] { return figure(server.status("committed"), "latestOffsets") == 10; }));
    EXPECT_EQ(figure(server.status("committed"), "minimumLag"), 1);
    EXPECT_EQ(server.status("committed").find("aggregateLag")->integer(), 1);

    // Tasks that meet nothing but records of that kind, and rows that were taken back, give way to others.
    transactions.abort({"v", "w"});  // 10 and 11
    EXPECT_TRUE(wait_until([&] { return figure(server.status("committed"), "latestOffsets") == 13; }));
    for (int i = 0; i < 2; ++i) {
      const std::string before = task_id(server.status("committed"));
      EXPECT_TRUE(wait_until([&] {
        const std::string now = task_id(server.status("committed"));
        return !now.empty() && now != before;
      }));
    }
    EXPECT_EQ(starting_offset(server.status("committed")), 9);
    transactions.commit({"f"});  // 13
    rows.emplace_back("f");
    server.expect_rows("committed", rows);
    EXPECT_TRUE(wait_until([&] { return starting_offset(server.status("committed")) == 14; }));

    // A transaction that is open hides its rows, and those behind them.
    transactions.begin({"g", "h"});  // 15 and 16
    const std::string before = task_id(server.status("committed"));
    server.expect_rows("uncommitted", {"a", "b", "c", "d", "e", "f", "g", "h", "v", "w", "x", "y"});
    EXPECT_TRUE(wait_until([&] { return task_id(server.status("committed")) != before; }));
    server.expect_rows("committed", rows);
    EXPECT_EQ(server.stop(), 0);
  }
  SupervisingServer server(folder);
  transactions.commit();
  rows.insert(rows.end(), {"g", "h"});
  server.expect_rows("committed", rows);
  EXPECT_TRUE(wait_until([&] { return starting_offset(server.status("committed")) == 17; }));
  server.expect_rows("committed", rows);
  EXPECT_EQ(server.stop(), 0);
}

}  // namespace
}  // namespace sarsen::server
