#include "engine/group/spill_file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "storage/base/error.h"

namespace sarsen::engine {
namespace {

/// Where the disk is full, or may take no more of this process, the query asked for too much.
ErrorCategory category_of(int code) {
  return code == ENOSPC || code == EDQUOT || code == EFBIG ? ErrorCategory::kResourceLimit
                                                           : ErrorCategory::kRuntimeFailure;
}

[[noreturn]] void fail(const char* what, const std::string& folder) {
  const int code = errno;
  throw Error(category_of(code), std::string(what) + " in " + folder + ": " + std::strerror(code));
}

/// For file systems that do not know files without a name.
int open_and_unlink(const std::string& folder) {
  std::string path = folder + "/sarsen-spill-XXXXXX";
  const int file = ::mkostemp(path.data(), O_CLOEXEC);
  if (file >= 0) ::unlink(path.c_str());
  return file;
}

int open_nameless(const std::string& folder) {
  const int file = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT)) return file;
  return open_and_unlink(folder);
}

FileDescriptor open_in(std::string folder) {
  std::error_code ignored;
  if (folder.empty()) folder = std::filesystem::temp_directory_path(ignored).string();
  std::filesystem::create_directories(folder, ignored);  // if this failed, so does opening
  const int file = open_nameless(folder);
  if (file < 0) fail("A groupBy cannot spill: no file can be made", folder);
  return FileDescriptor(file);
}

}  // namespace

SpillFile::SpillFile(const std::string& folder, std::shared_ptr<SpillSpace> space)
    : file_(open_in(folder)), space_(std::move(space)) {}

SpillFile::~SpillFile() { space_->bytes -= size_; }

void SpillFile::append(std::span<const std::byte> bytes) {
  if (bytes.size() > space_->bytes_max - space_->bytes)
    throw Error(ErrorCategory::kResourceLimit,
                "Not enough disk space to execute this query. Try raising druid.query.groupBy.maxOnDiskStorage.");
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(size_));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) fail("A groupBy cannot spill: writing failed", "its temporary file");
    size_ += static_cast<std::uint64_t>(written);
    space_->bytes += static_cast<std::uint64_t>(written);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

void SpillFile::read(std::uint64_t offset, std::span<std::byte> into) const {
  while (!into.empty()) {
    const ssize_t read = ::pread(file_.get(), into.data(), into.size(), static_cast<off_t>(offset));
    if (read < 0 && errno == EINTR) continue;
    if (read <= 0) fail("Spilled groups cannot be read again", "their temporary file");
    offset += static_cast<std::uint64_t>(read);
    into = into.subspan(static_cast<std::size_t>(read));
  }
}

}  // namespace sarsen::engine
