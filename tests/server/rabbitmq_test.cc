// The real program reading from a real RabbitMQ, which the test starts for itself: killed while messages come, it loses
// none; stopped, it leaves none to be delivered again.

#include <gtest/gtest.h>

#if __has_include(<amqp.h>)

#include <amqp.h>
#include <amqp_tcp_socket.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "server/http/http_client.h"
#include "storage/base/json.h"
#include "tests/server/cli/program.h"
#include "tests/server/real_broker.h"

namespace sarsen::server {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr int kPatience = 1200;  // looks a tenth of a second apart: a guard against hanging
constexpr milliseconds kPause{100};
constexpr const char* kQueue = "clicks";
constexpr const char* kExchange = "amq.topic";

/// A program that is looked for in PATH, "" where there is none.
fs::path program(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::string rest = path == nullptr ? "" : path;
  rest += ":";
  for (std::size_t end = rest.find(':'); end != std::string::npos; end = rest.find(':')) {
    const fs::path candidate = fs::path(rest.substr(0, end)) / name;
    std::error_code ignored;
    if (::access(candidate.c_str(), X_OK) == 0) return fs::canonical(candidate, ignored);
    rest.erase(0, end + 1);
  }
  return {};
}

/// Debian's command is a wrapper that changes the user; the script itself lies beside it.
fs::path server_script() {
  const fs::path command = program("rabbitmq-server");
  if (command.empty()) return {};
  const fs::path script = command.parent_path() / "rabbitmq-server";
  return fs::exists(script) ? script : command;
}

using Variables = std::vector<std::pair<const char*, std::string>>;

/// A process in a group of its own, with its output in a file.
pid_t start(const fs::path& path, const std::vector<std::string>& arguments, const Variables& variables,
            const fs::path& out) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  ::setsid();
  for (const auto& [name, value] : variables) ::setenv(name, value.c_str(), 1);
  ::dup2(::open("/dev/null", O_RDONLY), STDIN_FILENO);
  const int file = ::open(out.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  ::dup2(file, STDOUT_FILENO);
  ::dup2(file, STDERR_FILENO);
  std::vector<char*> words{const_cast<char*>(path.c_str())};
  for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  ::execv(path.c_str(), words.data());
  ::_exit(127);
}

struct Close {
  void operator()(amqp_connection_state_t connection) const {
    amqp_connection_close(connection, AMQP_REPLY_SUCCESS);
    amqp_destroy_connection(connection);
  }
};
using Connection = std::unique_ptr<amqp_connection_state_t_, Close>;

/// A channel 1 with the queue declared and bound; null where the broker does not answer.
Connection connect(int port) {
  Connection connection(amqp_new_connection());
  amqp_socket_t* socket = amqp_tcp_socket_new(connection.get());
  if (amqp_socket_open(socket, "127.0.0.1", port) != AMQP_STATUS_OK) return nullptr;
  const auto reply = amqp_login(connection.get(), "/", 0, 131'072, 0, AMQP_SASL_METHOD_PLAIN, "guest", "guest");
  if (reply.reply_type != AMQP_RESPONSE_NORMAL) return nullptr;
  const amqp_bytes_t queue = amqp_cstring_bytes(kQueue);
  amqp_channel_open(connection.get(), 1);
  amqp_queue_declare(connection.get(), 1, queue, 0, 1, 0, 0, amqp_empty_table);
  amqp_queue_bind(connection.get(), 1, queue, amqp_cstring_bytes(kExchange), queue, amqp_empty_table);
  return connection;
}

class RabbitBroker {
 public:
  RabbitBroker() {
    const fs::path script = server_script();
    const fs::path mapper = program("epmd");
    if (script.empty() || mapper.empty()) return;
    port_ = free_ports(3);
    std::ofstream(folder_ / "plugins") << "[].";
    mapper_ = start(mapper, {"-port", std::to_string(port_ + 2), "-address", "127.0.0.1"}, {}, folder_ / "epmd.out");
    server_ = start(script, {}, variables(), folder_ / "server.out");
    for (int i = 0; i < kPatience && !answers(); ++i) std::this_thread::sleep_for(kPause);
  }

  ~RabbitBroker() {
    end(server_, SIGTERM);
    end(mapper_, SIGKILL);
  }
  RabbitBroker(const RabbitBroker&) = delete;
  RabbitBroker& operator=(const RabbitBroker&) = delete;

  /// False where it is not installed.
  bool installed() const { return server_ > 0; }
  bool answers() const { return connect(port_) != nullptr; }
  int port() const { return port_; }
  std::string log() const {
    std::ifstream file(folder_ / "server.out");
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }

 private:
  Variables variables() const {
    return {{"HOME", folder_.path().string()},
            {"RABBITMQ_NODENAME", "sarsen-test-" + std::to_string(::getpid()) + "@localhost"},
            {"RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1"},
            {"RABBITMQ_NODE_PORT", std::to_string(port_)},
            {"RABBITMQ_DIST_PORT", std::to_string(port_ + 1)},
            {"ERL_EPMD_PORT", std::to_string(port_ + 2)},
            {"ERL_EPMD_ADDRESS", "127.0.0.1"},
            // Erlang's schedulers would spin for work, and take the processors from those who have some.
            {"RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
             "-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none"},
            {"RABBITMQ_CONF_ENV_FILE", "/dev/null"},
            {"RABBITMQ_CONFIG_FILE", folder_ / "none"},
            {"RABBITMQ_ENABLED_PLUGINS_FILE", folder_ / "plugins"},
            {"RABBITMQ_MNESIA_BASE", folder_ / "mnesia"},
            {"RABBITMQ_LOG_BASE", folder_ / "log"},
            {"RABBITMQ_PID_FILE", folder_ / "pid"}};
  }

  static void end(pid_t process, int signal) {
    if (process <= 0) return;
    ::kill(-process, signal);
    ::waitpid(process, nullptr, 0);
  }

  TemporaryFolder folder_;
  int port_ = 0;
  pid_t mapper_ = -1;
  pid_t server_ = -1;
};

/// The broker has the messages when this returns.
void publish(int port, int first, int count) {
  const Connection connection = connect(port);
  ASSERT_NE(connection, nullptr);
  amqp_basic_properties_t properties{};
  properties._flags = AMQP_BASIC_DELIVERY_MODE_FLAG;
  properties.delivery_mode = 2;  // persistent
  for (int i = first; i < first + count; ++i) {
    const std::string text = R"({"t":"2024-01-01T00:00:00Z","id":"r)" + std::to_string(i) + "\"}";
    amqp_basic_publish(connection.get(), 1, amqp_cstring_bytes(kExchange), amqp_cstring_bytes(kQueue), 0, 0,
                       &properties, {text.size(), const_cast<char*>(text.data())});
  }
  amqp_channel_close(connection.get(), 1, AMQP_REPLY_SUCCESS);
}

std::int64_t messages_left(int port) {
  const Connection connection = connect(port);
  const auto* answer =
      amqp_queue_declare(connection.get(), 1, amqp_cstring_bytes(kQueue), 1, 1, 0, 0, amqp_empty_table);
  return answer == nullptr ? -1 : static_cast<std::int64_t>(answer->message_count);
}

std::string spec(int port) {
  return R"({"dataSchema":{"dataSource":"clicks","parser":{"type":"string","parseSpec":{"format":"json",
      "timestampSpec":{"column":"t"},"dimensionsSpec":{"dimensions":["id"]}}},"metricsSpec":[{"type":"count","name":"n"}]},
      "ioConfig":{"type":"realtime","firehose":{"type":"rabbitmq","connection":{"uri":"amqp://guest:guest@127.0.0.1:)" +
         std::to_string(port) + R"(/%2f"},"config":{"exchange":"amq.topic","queue":"clicks","routingKey":"clicks",
      "durable":"true","retryIntervalSeconds":"1"}}},
      "tuningConfig":{"type":"realtime","intermediatePersistPeriod":"PT0.3S","rejectionPolicy":{"type":"none"}}})";
}

/// How many rows there are of how many ids.
std::pair<std::int64_t, std::size_t> count(const RunningServer& server) {
  const Json answer =
      Json::parse(http_post(parse_http_url(server.url()), "/druid/v2", R"({"queryType":"groupBy","dataSource":"clicks",
      "granularity":"all","intervals":"2024/2025","dimensions":["id"],
      "aggregations":[{"type":"longSum","name":"n","fieldName":"n"}]})")
                      .body);
  if (!answer.is_array()) return {0, 0};
  std::int64_t rows = 0;
  for (const Json& row : answer.array()) rows += row.find("event")->find("n")->integer();
  return {rows, answer.array().size()};
}

std::size_t ids_until(const RunningServer& server, std::size_t expected) {
  for (int i = 0; i < kPatience && count(server).second < expected; ++i) std::this_thread::sleep_for(kPause);
  return count(server).second;
}

TEST(RabbitmqTest, LosesNothingWhenKilledAndLeavesNothingWhenStopped) {
  const RabbitBroker broker;
  if (!broker.installed()) GTEST_SKIP() << "rabbitmq-server and epmd are not installed";
  ASSERT_TRUE(broker.answers()) << broker.log();
  const TemporaryFolder folder;
  write_text(folder / "spec", spec(broker.port()));
  const std::vector<std::string> arguments{"--spec", folder / "spec"};
  constexpr int kEach = 500;
  int sent = 0;
  for (int life = 0; life < 3; ++life) {
    RunningServer server(arguments, folder / "data");
    publish(broker.port(), sent, kEach);
    sent += kEach;
    ids_until(server, static_cast<std::size_t>(sent - kEach / 2 * (life % 2)));  // some lives see the first rows only
    server.kill();
  }
  publish(broker.port(), sent, kEach);
  sent += kEach;
  {
    RunningServer server(arguments, folder / "data");
    EXPECT_EQ(ids_until(server, static_cast<std::size_t>(sent)), static_cast<std::size_t>(sent));
    std::cout << sent << " messages, " << count(server).first - sent << " delivered again\n";
    EXPECT_EQ(server.stop(), 0);
  }
  EXPECT_EQ(messages_left(broker.port()), 0) << "what is durable was acknowledged";
  RunningServer server(arguments, folder / "data");
  EXPECT_EQ(count(server).second, static_cast<std::size_t>(sent));
  EXPECT_EQ(server.stop(), 0);
}

TEST(RabbitmqTest, SaysWhatTheBrokerRefuses) {
  const RabbitBroker broker;
  if (!broker.installed()) GTEST_SKIP() << "rabbitmq-server and epmd are not installed";
  ASSERT_TRUE(broker.answers()) << broker.log();
  const TemporaryFolder folder;
  std::string wrong = spec(broker.port());
  wrong.replace(wrong.find("guest:guest"), 11, "guest:wrong");
  write_text(folder / "spec", wrong);
  const ProgramResult result =
      run_program({"serve", "--port", "0", "--data", folder / "data", "--spec", folder / "spec"});
  EXPECT_EQ(result.status, 1);
  EXPECT_NE(result.err.find("ACCESS_REFUSED"), std::string::npos) << result.err;
}

}  // namespace
}  // namespace sarsen::server

#else

TEST(RabbitmqTest, LosesNothingWhenKilledAndLeavesNothingWhenStopped) {
  GTEST_SKIP() << "this build is without librabbitmq";
}

#endif
