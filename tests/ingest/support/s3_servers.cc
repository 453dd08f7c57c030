#include "tests/ingest/support/s3_servers.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "ingest/http/http_exchange.h"
#include "tests/support/checkout.h"

namespace sarsen::ingest {
namespace {

/// Runs `words`, with these descriptors as its input and output.
pid_t spawn(std::vector<std::string> words, int input, int output) {
  const pid_t process = ::fork();
  if (process != 0) return process;
  ::dup2(input, STDIN_FILENO);
  ::dup2(output, STDOUT_FILENO);
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  ::execvp(arguments.front(), arguments.data());
  ::_exit(127);
}

/// One that nobody listens on.
int free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t bytes = sizeof address;
  const bool bound = ::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
                     ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &bytes) == 0;
  ::close(socket);
  if (!bound) throw std::runtime_error("no port is free");
  return ntohs(address.sin_port);
}

}  // namespace

S3Server::S3Server(const std::vector<std::string>& options) {
  int in[2], out[2];
  if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0) return;
  const std::string script = (source_folder() / "tests/ingest/support/s3_server").string();
  std::vector<std::string> words{"python3", script, kAccessKey, kSecretKey, kRegion};
  words.insert(words.end(), options.begin(), options.end());
  process_ = spawn(words, in[0], out[1]);
  ::close(in[0]);
  ::close(out[1]);
  input_ = in[1];
  std::string text;
  for (char c = 0; ::read(out[0], &c, 1) == 1 && c != '\n';) text += c;
  port_ = std::atoi(text.c_str());
  ::close(out[0]);
}

S3Server::~S3Server() {
  ::close(input_);
  ::waitpid(process_, nullptr, 0);
}

S3Connection S3Server::connection() const {
  return {.endpoint = "http://127.0.0.1:" + std::to_string(port_),
          .region = kRegion,
          .path_style = true,
          .access_key = kAccessKey,
          .secret_key = kSecretKey};
}

std::string MinioServer::program() {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');)
    if (const std::string file = folder + "/minio"; ::access(file.c_str(), X_OK) == 0) return file;
  return "";
}

MinioServer::MinioServer()
    : connection_{.endpoint = "http://127.0.0.1:" + std::to_string(free_port()),
                  .path_style = true,
                  .access_key = "sarsen",
                  .secret_key = "s3cr/et+key"} {
  const int nowhere = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  process_ = spawn({"env", "MINIO_ROOT_USER=" + connection_.access_key, "MINIO_ROOT_PASSWORD=" + connection_.secret_key,
                    "MINIO_BROWSER=off", "MINIO_UPDATE=off", program(), "server", "--quiet", "--address",
                    connection_.endpoint.substr(std::string("http://").size()), (folder_.path() / "data").string()},
                   nowhere, nowhere);
  ::close(nowhere);
  for (int tries = 0; tries < 600; ++tries) {
    if (http_exchange({.url = connection_.endpoint + "/minio/health/live"}).good()) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  throw std::runtime_error("MinIO does not answer");
}

MinioServer::~MinioServer() {
  ::kill(process_, SIGTERM);
  ::waitpid(process_, nullptr, 0);
}

void make_bucket(const S3Connection& connection, const std::string& name) {
  http_exchange({.method = "PUT",
                 .url = connection.endpoint + "/" + name,
                 .user = connection.access_key,
                 .password = connection.secret_key,
                 .signature = "aws:amz:" + connection.region + ":s3"});
}

}  // namespace sarsen::ingest
