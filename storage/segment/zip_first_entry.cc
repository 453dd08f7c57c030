#include "storage/segment/zip_first_entry.h"

#include <zip.h>

#include <algorithm>
#include <string>

#include "storage/base/error.h"

namespace sarsen::storage {
namespace {

struct CloseArchive {
  void operator()(zip_t* archive) const noexcept { zip_discard(archive); }
};
struct CloseEntry {
  void operator()(zip_file_t* entry) const noexcept { zip_fclose(entry); }
};

}  // namespace

class ZipFirstEntry::Impl {
 public:
  explicit Impl(const std::filesystem::path& path)
      : path_(path.string()), archive_bytes_(std::filesystem::file_size(path)) {
    int code = 0;
    archive_.reset(zip_open(path_.c_str(), ZIP_RDONLY, &code));
    if (!archive_) fail("it cannot be opened, error " + std::to_string(code) + " of libzip");
    if (zip_get_num_entries(archive_.get(), 0) == 0) return;
    entry_.reset(zip_fopen_index(archive_.get(), 0, 0));
    if (!entry_) fail(zip_strerror(archive_.get()));
    zip_stat_t stat;
    if (zip_stat_index(archive_.get(), 0, 0, &stat) == 0 && (stat.valid & ZIP_STAT_SIZE) != 0) size_ = stat.size;
  }

  std::size_t read(char* out, std::size_t size) {
    if (!entry_) return 0;
    const zip_int64_t count = zip_fread(entry_.get(), out, size);
    if (count < 0) fail(zip_file_strerror(entry_.get()));
    read_ += static_cast<std::uint64_t>(count);
    return static_cast<std::size_t>(count);
  }

  std::uint64_t bytes_read() const noexcept {
    if (size_ == 0) return archive_bytes_;
    const double share = std::min(1.0, static_cast<double>(read_) / static_cast<double>(size_));
    return static_cast<std::uint64_t>(share * static_cast<double>(archive_bytes_));
  }

 private:
  [[noreturn]] void fail(const std::string& reason) const {
    throw Error(ErrorCategory::kRuntimeFailure, "The zip file is damaged: " + path_ + ": " + reason);
  }

  const std::string path_;
  const std::uint64_t archive_bytes_;
  std::unique_ptr<zip_t, CloseArchive> archive_;
  std::unique_ptr<zip_file_t, CloseEntry> entry_;
  std::uint64_t size_ = 0;
  std::uint64_t read_ = 0;
};

ZipFirstEntry::ZipFirstEntry(const std::filesystem::path& path) : impl_(std::make_unique<Impl>(path)) {}
ZipFirstEntry::~ZipFirstEntry() = default;
std::size_t ZipFirstEntry::read(char* out, std::size_t size) { return impl_->read(out, size); }
std::uint64_t ZipFirstEntry::bytes_read() const noexcept { return impl_->bytes_read(); }

}  // namespace sarsen::storage
