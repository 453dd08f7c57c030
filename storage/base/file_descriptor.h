#pragma once
// Owns a POSIX file descriptor, and turns errno into an Error that names the path. Moved, not copied.

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>
#include <utility>

#include "storage/base/error.h"

namespace sarsen {

class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int value) noexcept : value_(value) {}
  ~FileDescriptor() { close(); }

  FileDescriptor(FileDescriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;

  int get() const noexcept { return value_; }
  explicit operator bool() const noexcept { return value_ >= 0; }

  /// Closes now. False where the system reports that earlier writes were lost.
  bool close() noexcept { return value_ < 0 || ::close(std::exchange(value_, -1)) == 0; }

 private:
  int value_ = -1;
};

/// Throws "<action> <path>: <reason of errno>": kNotFound where the path leads nowhere, else kRuntimeFailure.
[[noreturn]] inline void throw_file_error(std::string_view action, const std::filesystem::path& path) {
  const int reason = errno;
  const ErrorCategory category =
      reason == ENOENT || reason == ENOTDIR ? ErrorCategory::kNotFound : ErrorCategory::kRuntimeFailure;
  throw Error(category, std::string(action) + " " + path.string() + ": " + std::strerror(reason));
}

}  // namespace sarsen
