#include "storage/base/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

#include "storage/base/file_descriptor.h"

namespace sarsen {

namespace {

namespace fs = std::filesystem;

fs::path folder_of(const fs::path& path) {
  const fs::path folder = path.parent_path();
  return folder.empty() ? fs::path(".") : folder;
}

/// "folder/.tmp-name-XXXXXX", which mkstemp and mkdtemp complete.
std::string temporary_pattern(const fs::path& path) {
  return (folder_of(path) / (std::string(kTemporaryPrefix) + path.filename().string() + "-XXXXXX")).string();
}

/// Deletes a temporary file unless it was renamed.
class TemporaryFile {
 public:
  explicit TemporaryFile(const fs::path& target) : name_(temporary_pattern(target)) {
    file_ = FileDescriptor(::mkostemp(name_.data(), O_CLOEXEC));
    if (!file_) throw_file_error("cannot create", name_);
    if (::fchmod(file_.get(), 0644) != 0) throw_file_error("cannot set the mode of", name_);
  }
  ~TemporaryFile() {
    if (!name_.empty()) ::unlink(name_.c_str());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  void write(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
      const ssize_t written = ::write(file_.get(), bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) throw_file_error("cannot write", name_);
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
  }

  void rename_to(const fs::path& target) {
    if (::fsync(file_.get()) != 0) throw_file_error("cannot sync", name_);
    if (!file_.close()) throw_file_error("cannot close", name_);
    if (::rename(name_.c_str(), target.c_str()) != 0) throw_file_error("cannot rename a temporary file to", target);
    name_.clear();
  }

 private:
  std::string name_;
  FileDescriptor file_;
};

void fsync_path(const fs::path& path, int flags) {
  const FileDescriptor file(::open(path.c_str(), flags | O_RDONLY | O_CLOEXEC));
  if (!file) throw_file_error("cannot open", path);
  if (::fsync(file.get()) != 0) throw_file_error("cannot sync", path);
}

void fsync_tree(const fs::path& directory) {
  for (const fs::directory_entry& entry : fs::directory_iterator(directory)) {
    if (entry.is_directory() && !entry.is_symlink())
      fsync_tree(entry.path());
    else if (entry.is_regular_file())
      fsync_file(entry.path());
  }
  fsync_directory(directory);
}

}  // namespace

void write_file_atomically(const fs::path& path, std::span<const std::byte> bytes) {
  TemporaryFile file(path);
  file.write(bytes);
  file.rename_to(path);
  fsync_directory(folder_of(path));
}

void write_file_atomically(const fs::path& path, std::string_view text) {
  write_file_atomically(path, std::as_bytes(std::span(text.data(), text.size())));
}

void fsync_file(const fs::path& path) { fsync_path(path, 0); }

void fsync_directory(const fs::path& path) { fsync_path(path, O_DIRECTORY); }

TemporaryDirectory::TemporaryDirectory(const fs::path& target) : target_(target) {
  fs::create_directories(folder_of(target));
  std::string name = temporary_pattern(target);
  if (::mkdtemp(name.data()) == nullptr) throw_file_error("cannot create", name);
  path_ = name;
  if (::chmod(name.c_str(), 0755) != 0) throw_file_error("cannot set the mode of", name);
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;  // what stays behind has a temporary name
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

TemporaryDirectory::TemporaryDirectory(TemporaryDirectory&& other) noexcept
    : target_(std::move(other.target_)), path_(std::exchange(other.path_, {})) {}

TemporaryDirectory& TemporaryDirectory::operator=(TemporaryDirectory&& other) noexcept {
  target_.swap(other.target_);
  path_.swap(other.path_);
  return *this;
}

void TemporaryDirectory::commit() {
  fsync_tree(path_);
  commit_unsynced();
  fsync_directory(folder_of(target_));
}

void TemporaryDirectory::commit_unsynced() {
  if (::rename(path_.c_str(), target_.c_str()) != 0) throw_file_error("cannot rename a temporary folder to", target_);
  path_.clear();
}

}  // namespace sarsen
