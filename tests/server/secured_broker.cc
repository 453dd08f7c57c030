#include "tests/server/secured_broker.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/server/real_broker.h"

namespace sarsen::server {
namespace {

constexpr int kListeners = 6;  // the last one is the controller's
constexpr int kPatience = 600;
constexpr std::chrono::milliseconds kPause{200};

/// PORT is the first of the listeners' ports, FOLDER ours.
constexpr const char* kServer = R"(process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:PORT5
controller.listener.names=CONTROLLER
listeners=OPEN://127.0.0.1:PORT0,PASSWORD://127.0.0.1:PORT1,TLS://127.0.0.1:PORT2,MUTUAL://127.0.0.1:PORT3,BOTH://127.0.0.1:PORT4,CONTROLLER://127.0.0.1:PORT5
listener.security.protocol.map=OPEN:PLAINTEXT,PASSWORD:SASL_PLAINTEXT,TLS:SSL,MUTUAL:SSL,BOTH:SASL_SSL,CONTROLLER:PLAINTEXT
inter.broker.listener.name=OPEN
sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256
listener.name.password.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required USERS;
listener.name.password.scram-sha-256.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.both.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required USERS;
listener.name.both.scram-sha-256.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
ssl.keystore.type=PEM
ssl.keystore.location=FOLDER/server.pem
ssl.truststore.type=PEM
ssl.truststore.location=FOLDER/ca.pem
listener.name.mutual.ssl.client.auth=required
log.dirs=FOLDER/topics
auto.create.topics.enable=true
offsets.topic.num.partitions=1
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
num.network.threads=1
num.io.threads=2
log.cleaner.dedupe.buffer.size=8388608
)";

constexpr const char* kLog = R"(log4j.rootLogger=ERROR, stdout
log4j.appender.stdout=org.apache.log4j.ConsoleAppender
log4j.appender.stdout.layout=org.apache.log4j.PatternLayout
log4j.appender.stdout.layout.ConversionPattern=%d %p %m%n
log4j.logger.kafka.server.KafkaRaftServer=INFO
)";

/// In the folder: an authority with its certificate, one that signs nothing, and what the first one signs.
constexpr const char* kCertificates = R"(set -e
authority() { openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$1" -keyout $1.key -out $1.pem; }
signed() {
  openssl req -newkey rsa:2048 -nodes -subj "/CN=$1" -keyout $1.key -out $1.csr
  echo "subjectAltName=IP:127.0.0.1" > $1.ext
  openssl x509 -req -in $1.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile $1.ext -out $1.crt
  openssl pkcs8 -topk8 -nocrypt -in $1.key -out $1.pk8
  cat $1.pk8 $1.crt > $1.pem
}
authority ca
authority other
signed server
signed client
openssl pkcs12 -export -inkey client.key -in client.crt -certfile ca.pem -passout pass:changeit -out client.p12
)";

bool succeeds(const std::string& command) { return std::system((command + " >/dev/null 2>&1").c_str()) == 0; }

void require(const std::string& command) {
  if (!succeeds(command)) throw std::runtime_error("this failed: " + command);
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<std::string> java(const std::string& jars, const std::string& log4j, const std::string& heap) {
  return {"java", "-Xmx" + heap, "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Dlog4j.configuration=file:" + log4j,
          "-cp",  jars + "/*"};
}

}  // namespace

SecuredBroker::SecuredBroker() {
  const std::string jars = kafka_jars(reason_);
  if (jars.empty()) return;
  if (!succeeds("command -v openssl")) {
    reason_ = "openssl is missing";
    return;
  }
  first_port_ = free_ports(kListeners);
  make_certificates();
  configure();
  format(jars);
  start(jars);
  wait_until_ready();
}

SecuredBroker::~SecuredBroker() {
  if (process_ <= 0) return;
  ::kill(process_, SIGKILL);  // its topics go with the folder
  ::waitpid(process_, nullptr, 0);
}

void SecuredBroker::make_certificates() const {
  write_text(folder_ / "certificates.sh", kCertificates);
  require("cd '" + folder_.path().string() + "' && sh certificates.sh");
}

void SecuredBroker::configure() const {
  std::string text = replaced(kServer, "FOLDER", folder_.path().string());
  const std::string users = std::string("user_") + kUser + "=\"" + kPassword + "\" user_" + kOtherUser + "=\"" +
                            replaced(kOtherPassword, "\\", "\\\\") + "\"";  // Java's properties have escapes too
  text = replaced(text, "USERS", users);
  for (int i = 0; i < kListeners; ++i)
    text = replaced(text, "PORT" + std::to_string(i), std::to_string(first_port_ + i));
  write_text(folder_ / "server.properties", text);
  write_text(folder_ / "log4j.properties", kLog);
}

void SecuredBroker::format(const std::string& jars) const {
  std::string command;
  for (const std::string& word : java(jars, folder_ / "log4j.properties", "128m")) command += "'" + word + "' ";
  require(command + "kafka.tools.StorageTool format --cluster-id AAAAAAAAAAAAAAAAAAAAAQ --config '" +
          (folder_ / "server.properties") + "' --add-scram 'SCRAM-SHA-256=[name=" + kUser + ",password=" + kPassword +
          "]'");
}

/// It ends with this process, however that ends.
void SecuredBroker::start(const std::string& jars) {
  std::vector<std::string> words = java(jars, folder_ / "log4j.properties", "256m");
  words.insert(words.end(), {"kafka.Kafka", folder_ / "server.properties"});
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  const std::string log = folder_ / "log";
  process_ = ::fork();
  if (process_ != 0) return;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  ::dup2(file, STDOUT_FILENO);
  ::dup2(file, STDERR_FILENO);
  ::execvp(pointers[0], pointers.data());
  ::_exit(127);
}

void SecuredBroker::wait_until_ready() {
  for (int i = 0; i < kPatience; ++i) {
    const std::string log = read_file(folder_ / "log");
    if (log.find("Kafka Server started") != std::string::npos) return;
    if (::waitpid(process_, nullptr, WNOHANG) == process_) throw std::runtime_error("the broker has ended: " + log);
    std::this_thread::sleep_for(kPause);
  }
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
  throw std::runtime_error("the broker does not begin to work");
}

}  // namespace sarsen::server
