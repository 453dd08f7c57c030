#include "storage/segment/zip_archive.h"

#include <zip.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/base/error.h"
#include "storage/base/file_writer.h"

namespace sarsen::storage {

namespace {

constexpr std::uint64_t kFileBytesMax = INT32_MAX;       // Druid's own limit
constexpr std::uint64_t kArchiveBytesMax = 16ULL << 30;  // of all files, once inflated
// No deflated stream grows by more than this: a size beyond it is a lie and must not become an allocation.
constexpr std::uint64_t kDeflateRatioMax = 1040;
constexpr std::size_t kPieceBytes = 1 << 16;

struct CloseArchive {
  void operator()(zip_t* archive) const noexcept { zip_discard(archive); }
};
struct CloseEntry {
  void operator()(zip_file_t* entry) const noexcept { zip_fclose(entry); }
};

using Archive = std::unique_ptr<zip_t, CloseArchive>;

[[noreturn]] void fail(const std::filesystem::path& path, const std::string& what) {
  throw Error(ErrorCategory::kRuntimeFailure, path.string() + ": " + what);
}

Archive open_archive(const std::filesystem::path& path) {
  int code = 0;
  Archive archive(zip_open(path.c_str(), ZIP_RDONLY, &code));
  if (!archive) {
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    const std::string message = zip_error_strerror(&error);
    zip_error_fini(&error);
    fail(path, "cannot open the archive: " + message);
  }
  return archive;
}

/// Both sizes are the archive's word: neither becomes an allocation unless the archive's own size allows for it.
bool is_possible_size(const zip_stat_t& stat, std::uint64_t archive_bytes) {
  return stat.comp_size <= archive_bytes && stat.size <= kFileBytesMax &&
         stat.size / kDeflateRatioMax <= stat.comp_size;
}

using Entry = std::unique_ptr<zip_file_t, CloseEntry>;

Entry open_entry(const std::filesystem::path& path, zip_t* archive, const zip_stat_t& stat) {
  Entry entry(zip_fopen_index(archive, stat.index, 0));
  if (!entry) fail(path, "cannot read the entry " + std::string(stat.name));
  return entry;
}

/// The next bytes of an entry; there must be some.
std::size_t read_some(const std::filesystem::path& path, zip_file_t* entry, const char* name, std::span<std::byte> to) {
  const zip_int64_t count = zip_fread(entry, to.data(), to.size());
  if (count <= 0) fail(path, "corrupt entry: " + std::string(name));
  return static_cast<std::size_t>(count);
}

/// Reading to the end makes libzip compare the checksum.
void expect_end(const std::filesystem::path& path, zip_file_t* entry, const char* name) {
  std::byte beyond;
  if (zip_fread(entry, &beyond, 1) != 0) fail(path, "corrupt entry: " + std::string(name));
}

StoredFile inflate(const std::filesystem::path& path, zip_t* archive, const zip_stat_t& stat) {
  const Entry entry = open_entry(path, archive, stat);
  std::shared_ptr<std::byte[]> bytes(new std::byte[std::max<std::size_t>(stat.size, 1)]);
  std::size_t size = 0;
  while (size < stat.size) size += read_some(path, entry.get(), stat.name, {bytes.get() + size, stat.size - size});
  expect_end(path, entry.get(), stat.name);
  const std::span<const std::byte> view(bytes.get(), size);
  return {view, std::move(bytes)};
}

void inflate_to(const std::filesystem::path& path, zip_t* archive, const zip_stat_t& stat,
                const std::filesystem::path& target) {
  const Entry entry = open_entry(path, archive, stat);
  FileWriter file(target);
  std::vector<std::byte> piece(kPieceBytes);
  for (std::uint64_t left = stat.size; left > 0;) {
    const std::size_t count =
        read_some(path, entry.get(), stat.name, {piece.data(), std::min<std::uint64_t>(left, piece.size())});
    file.write(std::span(piece).first(count));
    left -= count;
  }
  expect_end(path, entry.get(), stat.name);
  file.finish();
}

/// Calls `visit` with the archive and each segment file in it.
void for_each_segment_file(const std::filesystem::path& path,
                           const std::function<void(zip_t* archive, const zip_stat_t& stat)>& visit) {
  const Archive archive = open_archive(path);
  std::uint64_t total = 0;
  const std::uint64_t archive_bytes = std::filesystem::file_size(path);
  const zip_int64_t entry_count = zip_get_num_entries(archive.get(), 0);
  for (zip_int64_t index = 0; index < entry_count; ++index) {
    zip_stat_t stat;
    if (zip_stat_index(archive.get(), static_cast<zip_uint64_t>(index), 0, &stat) != 0) fail(path, "corrupt directory");
    constexpr zip_uint64_t kNeeded = ZIP_STAT_NAME | ZIP_STAT_INDEX | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE;
    if ((stat.valid & kNeeded) != kNeeded) fail(path, "corrupt directory");
    if (!is_segment_file(stat.name)) continue;
    if (!is_possible_size(stat, archive_bytes)) fail(path, "entry with an impossible size: " + std::string(stat.name));
    total += stat.size;
    if (total > kArchiveBytesMax) fail(path, "archive too large");
    visit(archive.get(), stat);
  }
}

}  // namespace

StoredFiles read_zip_archive(const std::filesystem::path& path) {
  StoredFiles files;
  for_each_segment_file(path, [&](zip_t* archive, const zip_stat_t& stat) {
    files.insert_or_assign(stat.name, inflate(path, archive, stat));
  });
  return files;
}

/// The names are plain ones: is_segment_file() lets no folder through but in names that end in .smoosh.
void unpack_zip_archive(const std::filesystem::path& path, const std::filesystem::path& directory) {
  for_each_segment_file(path, [&](zip_t* archive, const zip_stat_t& stat) {
    if (std::string_view(stat.name).find('/') != std::string_view::npos)
      fail(path, "entry in a folder: " + std::string(stat.name));
    inflate_to(path, archive, stat, directory / stat.name);
  });
}

}  // namespace sarsen::storage
