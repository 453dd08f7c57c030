#include "tests/server/cli/program.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <thread>
#include <utility>

#include "tests/support/checkout.h"

namespace sarsen::server {
namespace {

namespace fs = std::filesystem;
constexpr std::chrono::seconds kPatience{30};

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// What sanitizers of the program are told, where it has them and nobody else tells them.
void set_sanitizer_options() {
  const fs::path leaks = source_folder() / "tests/support/leaks_of_libraries.txt";
  ::setenv("LSAN_OPTIONS", ("print_suppressions=0:suppressions=" + leaks.string()).c_str(), 0);
}

/// The child's standard streams are files.
pid_t start(const std::vector<std::string>& arguments, const fs::path& in, const fs::path& out, const fs::path& err) {
  std::vector<std::string> words{SARSEN_PROGRAM};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  set_sanitizer_options();
  const pid_t child = ::fork();
  if (child != 0) return child;
  ::dup2(::open(in.c_str(), O_RDONLY), STDIN_FILENO);
  ::dup2(::open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), STDOUT_FILENO);
  ::dup2(::open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), STDERR_FILENO);
  ::execv(pointers[0], pointers.data());
  ::_exit(127);
}

std::string last_part(const std::string& log) {
  constexpr std::size_t kBytesMax = 16'384;
  return log.size() > kBytesMax ? "...\n" + log.substr(log.size() - kBytesMax) : log;
}

int wait_for(pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

void write_text(const fs::path& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (fs::temp_directory_path() / "sarsen-test-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

ProgramResult run_program(const std::vector<std::string>& arguments, const std::string& input) {
  const TemporaryFolder folder;
  write_text(folder / "in", input);
  const int status = wait_for(start(arguments, folder / "in", folder / "out", folder / "err"));
  return {status, read_file(folder / "out"), read_file(folder / "err")};
}

RunningServer::RunningServer(std::vector<std::string> arguments, const std::string& data_folder)
    : log_path_(data_folder + ".log") {
  std::error_code ignored;
  fs::remove(log_path_, ignored);  // of an earlier server on the same data
  arguments.insert(arguments.begin(), {"serve", "--port", "0", "--data", data_folder});
  process_ = start(arguments, "/dev/null", "/dev/null", log_path_);
  std::string rest = wait_for_log("Listening on ");
  url_ = rest.substr(0, rest.find(' '));
}

RunningServer::~RunningServer() {
  if (process_ > 0) stop();
}

std::string RunningServer::log() const { return read_file(log_path_); }

std::string RunningServer::wait_for_log(const std::string& text) const {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (std::chrono::steady_clock::now() < deadline) {
    const std::string log = this->log();
    const std::size_t at = log.find(text);
    const std::size_t end = at == std::string::npos ? at : log.find('\n', at);
    if (end != std::string::npos) return log.substr(at + text.size(), end - at - text.size());
    int status = 0;
    if (::waitpid(process_, &status, WNOHANG) == process_) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  throw std::runtime_error("the server did not say \"" + text + "\":\n" + log());
}

void RunningServer::kill() {
  ::kill(process_, SIGKILL);
  wait_for(std::exchange(process_, -1));
}

int RunningServer::stop() {
  ::kill(process_, SIGTERM);
  const int status = wait_for(std::exchange(process_, -1));
  if (status != 0) std::cerr << "The server ended with status " << status << ":\n" << last_part(log());
  return status;
}

}  // namespace sarsen::server
