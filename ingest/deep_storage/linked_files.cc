#include "ingest/deep_storage/linked_files.h"

#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

namespace fs = std::filesystem;

void link_file(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::create_hard_link(from, to, error);
  if (error) fs::copy_file(from, to, error);
  if (error)
    throw Error(ErrorCategory::kRuntimeFailure,
                "Cannot copy a file of a segment: " + error.message() + ": " + from.string() + " to " + to.string());
}

}  // namespace

std::uint64_t link_files(const fs::path& from, const fs::path& to) {
  for (const fs::directory_entry& entry : fs::directory_iterator(from))
    if (entry.is_regular_file()) link_file(entry.path(), to / entry.path().filename());
  return file_bytes(to);
}

std::uint64_t file_bytes(const fs::path& directory) {
  std::uint64_t bytes = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory))
    if (entry.is_regular_file()) bytes += entry.file_size();
  return bytes;
}

}  // namespace sarsen::ingest
