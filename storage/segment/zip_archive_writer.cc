#include <zip.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "storage/base/error.h"
#include "storage/segment/zip_archive.h"

namespace sarsen::storage {

namespace {

namespace fs = std::filesystem;

struct DiscardArchive {
  void operator()(zip_t* archive) const noexcept { zip_discard(archive); }
};

using Archive = std::unique_ptr<zip_t, DiscardArchive>;

[[noreturn]] void fail(const fs::path& path, const std::string& what, const char* reason) {
  throw Error(ErrorCategory::kRuntimeFailure,
              "cannot write the archive (" + what + "): " + reason + ": " + path.string());
}

Archive create_archive(const fs::path& path) {
  int code = 0;
  Archive archive(zip_open(path.c_str(), ZIP_CREATE | ZIP_EXCL, &code));
  if (archive) return archive;
  zip_error_t error;
  zip_error_init_with_code(&error, code);
  const std::string reason = zip_error_strerror(&error);
  zip_error_fini(&error);
  fail(path, "creating it", reason.c_str());
}

/// libzip reads the file only when the archive is closed.
void add_file(const fs::path& path, zip_t* archive, const fs::path& file) {
  zip_source_t* source = zip_source_file(archive, file.c_str(), 0, -1);
  if (source == nullptr) fail(path, file.string(), zip_strerror(archive));
  if (zip_file_add(archive, file.filename().c_str(), source, ZIP_FL_ENC_UTF_8) >= 0) return;
  zip_source_free(source);
  fail(path, file.string(), zip_strerror(archive));
}

std::vector<fs::path> files_of(const fs::path& directory) {
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory))
    if (entry.is_regular_file()) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

std::uint64_t write_zip_archive(const fs::path& directory, const fs::path& path) {
  Archive archive = create_archive(path);
  std::uint64_t bytes = 0;
  for (const fs::path& file : files_of(directory)) {
    add_file(path, archive.get(), file);
    bytes += fs::file_size(file);
  }
  if (zip_close(archive.get()) != 0) fail(path, "closing it", zip_strerror(archive.get()));
  static_cast<void>(archive.release());  // closed
  return bytes;
}

}  // namespace sarsen::storage
