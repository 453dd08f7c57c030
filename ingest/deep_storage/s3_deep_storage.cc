#include "ingest/deep_storage/s3_deep_storage.h"

#include <algorithm>
#include <optional>

#include "ingest/fault_point.h"
#include "storage/base/atomic_file.h"
#include "storage/base/error.h"
#include "storage/segment/zip_archive.h"

namespace sarsen::ingest {
namespace {

namespace fs = std::filesystem;

struct Place {
  std::string bucket;
  std::string key;
};

/// nullopt where the load spec is of another kind of storage.
std::optional<Place> place_of(const storage::SegmentDescriptor& segment) {
  if (!segment.load_spec.is_object()) return std::nullopt;
  const JsonField load_spec(segment.load_spec);
  if (load_spec["type"].string_or("") != "s3_zip") return std::nullopt;
  Place place{load_spec["bucket"].string(), load_spec["key"].string()};
  if (place.bucket.empty() || place.bucket.find_first_of("/?#@:") != std::string::npos)
    throw Error(ErrorCategory::kInvalidInput, "Segment[" + segment.id.text() + "] has a load spec without a bucket");
  return place;
}

/// The folder of the partition, or one below it, which Druid names by chance.
bool belongs_to(const std::string& key, const storage::SegmentId& id) {
  const std::string directory = segment_directory(id).string() + "/";
  const std::size_t at = key.rfind(directory);
  if (at == std::string::npos || (at > 0 && key[at - 1] != '/')) return false;
  const std::string rest = key.substr(at + directory.size());
  return std::count(rest.begin(), rest.end(), '/') <= 1;
}

}  // namespace

S3DeepStorage::S3DeepStorage(S3Config config, fs::path scratch, const fs::path& local)
    : config_(std::move(config)), client_(config_.connection), scratch_(std::move(scratch)), local_(local) {}

std::string S3DeepStorage::key_of(const storage::SegmentId& id) const {
  const std::string below = segment_directory(id).string() + "/index.zip";
  return config_.base_key.empty() ? below : config_.base_key + "/" + below;
}

storage::SegmentDescriptor S3DeepStorage::push(const fs::path& files, storage::SegmentDescriptor segment) {
  const std::string key = key_of(segment.id);
  fs::create_directories(scratch_);
  const TemporaryDirectory folder(scratch_ / "push");
  const fs::path zip = folder.path() / "index.zip";
  segment.size_bytes = storage::write_zip_archive(files, zip);
  fault_point("push.written");
  client_.put(config_.bucket, key, zip, config_.headers);
  segment.load_spec = Json::Object{
      {"type", "s3_zip"}, {"bucket", config_.bucket}, {"key", key}, {"S3Schema", config_.s3a_schema ? "s3a" : "s3n"}};
  segment.binary_version = 9;
  return segment;
}

void S3DeepStorage::pull(const storage::SegmentDescriptor& segment, const fs::path& target) const {
  const std::optional<Place> place = place_of(segment);
  if (!place) return local_.pull(segment, target);
  if (place->key.ends_with('/')) {
    const std::vector<std::string> keys = client_.list(place->bucket, place->key);
    if (keys.empty())
      throw Error(ErrorCategory::kNotFound, "Segment[" + segment.id.text() + "] is not in deep storage: s3://" +
                                                place->bucket + "/" + place->key);
    for (const std::string& key : keys) {
      const std::string name = key.substr(std::min(place->key.size(), key.size()));
      if (!name.empty() && name.find('/') == std::string::npos && name != "." && name != "..")
        client_.get(place->bucket, key, target / name);
    }
    return;
  }
  fs::create_directories(scratch_);
  const TemporaryDirectory folder(scratch_ / "pull");
  client_.get(place->bucket, place->key, folder.path() / "index.zip");
  storage::unpack_zip_archive(folder.path() / "index.zip", target);
}

void S3DeepStorage::remove(const storage::SegmentDescriptor& segment) {
  const std::optional<Place> place =
      segment.load_spec.is_null() ? Place{config_.bucket, key_of(segment.id)} : place_of(segment);
  if (!place) return local_.remove(segment);
  if (!belongs_to(place->key, segment.id))
    throw Error(ErrorCategory::kInvalidInput,
                "Segment[" + segment.id.text() + "] is not deleted: its load spec leads elsewhere: " + place->key);
  if (!place->key.ends_with('/')) return client_.remove(place->bucket, place->key);
  for (const std::string& key : client_.list(place->bucket, place->key)) client_.remove(place->bucket, key);
}

}  // namespace sarsen::ingest
