#include "storage/base/whole_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "storage/base/file_descriptor.h"

namespace sarsen {

std::string read_whole_file(const std::filesystem::path& path) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) throw_file_error("cannot open", path);
  struct stat status;
  if (::fstat(file.get(), &status) != 0) throw_file_error("cannot stat", path);
  if (!S_ISREG(status.st_mode))
    throw Error(ErrorCategory::kRuntimeFailure, "cannot read what is not a regular file: " + path.string());
  std::string text(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t count = ::read(file.get(), text.data() + size, text.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw_file_error("cannot read", path);
    if (count == 0) break;  // shorter than a moment ago
    size += static_cast<std::size_t>(count);
  }
  text.resize(size);
  return text;
}

}  // namespace sarsen
