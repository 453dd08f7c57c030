#include "storage/base/file_writer.h"

#include <fcntl.h>

#include "storage/base/check.h"

namespace sarsen {

FileWriter::FileWriter(std::filesystem::path path)
    : path_(std::move(path)), file_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644)) {
  if (!file_) throw_file_error("cannot create", path_);
}

void FileWriter::write(std::span<const std::byte> bytes) {
  DCHECK(file_);
  size_ += bytes.size();
  while (!bytes.empty()) {
    const ssize_t written = ::write(file_.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw_file_error("cannot write", path_);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

void FileWriter::finish() {
  if (!file_.close()) throw_file_error("cannot close", path_);
}

}  // namespace sarsen
