#include "server/cli/data_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <string>
#include <utility>

#include "storage/base/atomic_file.h"
#include "storage/base/error.h"
#include "storage/base/random_uuid.h"
#include "storage/base/whole_file.h"

namespace sarsen::server {
namespace {

namespace fs = std::filesystem;

void create(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error)
    throw Error(ErrorCategory::kRuntimeFailure, "Cannot create the folder: " + error.message() + ": " + path.string());
}

/// The number that the process holding the lock has left in it.
std::string owner_of(int lock) {
  std::array<char, 32> text{};
  const ssize_t count = ::pread(lock, text.data(), text.size(), 0);
  return count > 0 ? " (" + std::string(text.data(), static_cast<std::size_t>(count)) + ")" : std::string();
}

FileDescriptor take_lock(const fs::path& path) {
  FileDescriptor lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!lock) throw_file_error("Cannot open", path);
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0)
    throw Error(ErrorCategory::kInvalidInput,
                "Another process" + owner_of(lock.get()) + " uses the data folder: " + path.parent_path().string());
  const std::string owner = "process " + std::to_string(::getpid());
  // Only for the message above: no harm where it cannot be written.
  static_cast<void>(::ftruncate(lock.get(), 0) == 0 && ::pwrite(lock.get(), owner.data(), owner.size(), 0) > 0);
  return lock;
}

}  // namespace

DataFolder::DataFolder(fs::path path) : path_(std::move(path)) {
  create(segments());
  create(persist());
  lock_ = take_lock(path_ / "lock");
}

std::string DataFolder::identity() const {
  const fs::path path = path_ / "identity";
  if (!fs::exists(path)) write_file_atomically(path, random_uuid());
  return read_whole_file(path);
}

}  // namespace sarsen::server
