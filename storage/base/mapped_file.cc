#include "storage/base/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <utility>

#include "storage/base/file_descriptor.h"

namespace sarsen {

namespace {

std::size_t regular_file_size(const FileDescriptor& file, const std::filesystem::path& path) {
  struct stat status;
  if (::fstat(file.get(), &status) != 0) throw_file_error("cannot stat", path);
  if (!S_ISREG(status.st_mode))
    throw Error(ErrorCategory::kRuntimeFailure, "cannot map what is not a regular file: " + path.string());
  return static_cast<std::size_t>(status.st_size);
}

void unmap(std::span<const std::byte> bytes) noexcept {
  if (!bytes.empty()) ::munmap(const_cast<std::byte*>(bytes.data()), bytes.size());
}

}  // namespace

MappedFile::MappedFile(const std::filesystem::path& path) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) throw_file_error("cannot open", path);
  const std::size_t size = regular_file_size(file, path);
  if (size == 0) return;  // mmap refuses a length of zero
  void* address = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file.get(), 0);
  if (address == MAP_FAILED) {
    throw_file_error(errno == ENOMEM ? "cannot map (perhaps the system's vm.max_map_count is too low)" : "cannot map",
                     path);
  }
  bytes_ = {static_cast<const std::byte*>(address), size};
}

MappedFile::~MappedFile() { unmap(bytes_); }

MappedFile::MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(bytes_, other.bytes_);
  return *this;
}

}  // namespace sarsen
