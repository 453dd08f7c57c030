#pragma once
// While it lives, what the creating thread logs goes to a file, too. One at a time for each thread.

#include <filesystem>
#include <memory>

namespace sarsen {

class LogCopy {
 public:
  /// Appends to the file. Throws kRuntimeFailure where it cannot be opened.
  explicit LogCopy(const std::filesystem::path& file);
  ~LogCopy();
  LogCopy(const LogCopy&) = delete;
  LogCopy& operator=(const LogCopy&) = delete;

 private:
  struct Sink;
  std::unique_ptr<Sink> sink_;
};

}  // namespace sarsen
