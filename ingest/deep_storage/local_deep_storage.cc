#include "ingest/deep_storage/local_deep_storage.h"

#include "ingest/deep_storage/linked_files.h"
#include "ingest/fault_point.h"
#include "storage/base/atomic_file.h"
#include "storage/base/error.h"
#include "storage/segment/zip_archive.h"

namespace sarsen::ingest {
namespace {

namespace fs = std::filesystem;

/// A tombstone has no other file, and none in deep storage.
constexpr std::string_view kTombstoneFactory = R"({"type":"tombstoneSegmentFactory"})";

/// What pushes that were cut short have left.
void remove_temporaries(const fs::path& directory) {
  std::vector<fs::path> leftovers;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory))
    if (entry.path().filename().string().starts_with(kTemporaryPrefix)) leftovers.push_back(entry.path());
  for (const fs::path& leftover : leftovers) fs::remove_all(leftover);
}

/// A folder cannot be replaced by a rename: the old one goes aside first. Only unpublished segments are pushed again,
/// so nobody looks for it in between.
void move_aside(const fs::path& target) {
  if (!fs::exists(target)) return;
  const fs::path old = target.parent_path() / (std::string(kTemporaryPrefix) + target.filename().string() + "-old");
  fs::remove_all(old);
  fs::rename(target, old);
}

std::uint64_t push_folder(const fs::path& files, const fs::path& target) {
  TemporaryDirectory folder(target);
  const std::uint64_t bytes = link_files(files, folder.path());
  fault_point("push.written");
  move_aside(target);
  folder.commit();
  return bytes;
}

std::uint64_t push_zip(const fs::path& files, const fs::path& target) {
  const fs::path temporary = target.parent_path() / (std::string(kTemporaryPrefix) + target.filename().string());
  const std::uint64_t bytes = storage::write_zip_archive(files, temporary);
  fsync_file(temporary);
  fault_point("push.written");
  fs::rename(temporary, target);
  fsync_directory(target.parent_path());
  return bytes;
}

/// It has no files.
bool is_tombstone(const storage::SegmentDescriptor& segment) {
  const Json* type = segment.load_spec.find("type");
  return type != nullptr && type->is_string() && type->string() == "tombstone";
}

fs::path load_path(const storage::SegmentDescriptor& segment) {
  const JsonField load_spec(segment.load_spec);
  const std::string type = load_spec["type"].string();
  if (type == "local") return load_spec["path"].string();
  throw Error(
      ErrorCategory::kUnsupported,
      "Segment[" + segment.id.text() +
          "] lies in deep storage of a type that is not supported (local is; s3_zip where druid.s3.accessKey is "
          "set): " +
          type);
}

}  // namespace

LocalDeepStorage::LocalDeepStorage(const fs::path& root, bool zip)
    : root_(fs::absolute(root).lexically_normal()), zip_(zip) {}

/// New folders are durable once those above them are synced.
void LocalDeepStorage::sync_above(const fs::path& directory) const {
  for (fs::path path = directory.parent_path(); path != root_ && path.has_relative_path(); path = path.parent_path())
    fsync_directory(path);
  fsync_directory(root_);
}

void LocalDeepStorage::create_folder(const fs::path& directory) {
  const std::lock_guard lock(folders_mutex_);
  std::error_code error;
  fs::create_directories(directory, error);
  if (error)
    throw Error(ErrorCategory::kRuntimeFailure,
                "Cannot create a folder of deep storage: " + error.message() + ": " + directory.string());
}

storage::SegmentDescriptor LocalDeepStorage::push(const fs::path& files, storage::SegmentDescriptor segment) {
  const fs::path directory = root_ / segment_directory(segment.id);
  create_folder(directory);
  remove_temporaries(directory);
  const fs::path target = directory / (zip_ ? "index.zip" : "index");
  segment.size_bytes = zip_ ? push_zip(files, target) : push_folder(files, target);
  remove_temporaries(directory);
  sync_above(directory);
  segment.load_spec = Json::Object{{"type", "local"}, {"path", target.string()}};
  segment.binary_version = 9;
  return segment;
}

void LocalDeepStorage::pull(const storage::SegmentDescriptor& segment, const fs::path& target) const {
  if (is_tombstone(segment)) return write_file_atomically(target / "factory.json", kTombstoneFactory);
  const fs::path path = load_path(segment);
  if (!fs::exists(path))
    throw Error(ErrorCategory::kNotFound,
                "Segment[" + segment.id.text() + "] is not in deep storage: " + path.string());
  if (fs::is_directory(path))
    link_files(path, target);
  else
    storage::unpack_zip_archive(path, target);
}

/// The folder of the partition, which holds nothing else.
fs::path LocalDeepStorage::folder_of(const storage::SegmentDescriptor& segment) const {
  const fs::path directory = segment_directory(segment.id);
  if (segment.load_spec.is_null()) return root_ / directory;
  const std::string path = load_path(segment).parent_path().string();
  if (!path.ends_with("/" + directory.string()))
    throw Error(ErrorCategory::kInvalidInput,
                "Segment[" + segment.id.text() + "] is not deleted: its load spec leads elsewhere: " + path);
  return path;
}

void LocalDeepStorage::remove(const storage::SegmentDescriptor& segment) {
  if (is_tombstone(segment)) return;
  const fs::path folder = folder_of(segment);
  std::error_code error;
  fs::remove_all(folder, error);
  if (error)
    throw Error(ErrorCategory::kRuntimeFailure, "Cannot delete a segment: " + error.message() + ": " + folder.string());
  // Version, interval and data source, as far as they are empty now.
  const std::lock_guard lock(folders_mutex_);
  fs::path above = folder.parent_path();
  for (int i = 0; i < 3 && fs::remove(above, error) && !error; ++i) above = above.parent_path();
  if (fs::is_directory(above)) fsync_directory(above);
}

}  // namespace sarsen::ingest
