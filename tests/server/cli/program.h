#pragma once
// Runs the real program for tests, which ctest finds beside them.

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace sarsen::server {

struct ProgramResult {
  int status;
  std::string out;
  std::string err;
};

/// Waits for it. `input` is its standard input.
ProgramResult run_program(const std::vector<std::string>& arguments, const std::string& input = "");

/// A folder that is removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const noexcept { return path_; }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

/// `sarsen serve` at work, on a port of the system's choice. Stops at the end.
class RunningServer {
 public:
  /// Waits until it listens. Throws with its log where it does not.
  RunningServer(std::vector<std::string> arguments, const std::string& data_folder);
  ~RunningServer();
  RunningServer(const RunningServer&) = delete;
  RunningServer& operator=(const RunningServer&) = delete;

  const std::string& url() const noexcept { return url_; }
  std::string log() const;
  /// Waits until the log has a line with `text`, and returns what follows it on that line.
  std::string wait_for_log(const std::string& text) const;
  /// Sends SIGTERM, waits, and returns the exit status. Where that is not 0, the end of the log is shown.
  int stop();
  /// Ends it at once, as SIGKILL does.
  void kill();

 private:
  std::string log_path_;
  pid_t process_ = -1;
  std::string url_;
};

void write_text(const std::filesystem::path& path, const std::string& text);

}  // namespace sarsen::server
