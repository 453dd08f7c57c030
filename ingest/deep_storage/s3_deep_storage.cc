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

/// By the server, which copies no more than 5 GiB at once; what may be longer goes by here.
void S3DeepStorage::copy(const storage::SegmentDescriptor& segment, const std::string& bucket, const std::string& key,
                         const std::string& target_bucket, const std::string& target_key) const {
  constexpr std::uint64_t kCopiedBytesMax = std::uint64_t{5} << 30;
  if (segment.size_bytes <= kCopiedBytesMax)
    return client_.copy(bucket, key, target_bucket, target_key, config_.headers);
  fs::create_directories(scratch_);
  const TemporaryDirectory folder(scratch_ / "copy");
  client_.get(bucket, key, folder.path() / "object");
  client_.put(target_bucket, target_key, folder.path() / "object", config_.headers);
}

std::optional<storage::SegmentDescriptor> S3DeepStorage::copy_to(const storage::SegmentDescriptor& segment,
                                                                 const Json& target) {
  const std::optional<Place> place = place_of(segment);
  if (!place)
    throw Error(
        ErrorCategory::kUnsupported,
        "Unknown loader type[" + JsonField(segment.load_spec)["type"].string_or("") + "].  Known types are [s3_zip]");
  const std::string bucket = JsonField(target)["bucket"].string_or("");
  const std::string base_key = JsonField(target)["baseKey"].string_or("");
  if (bucket.empty()) throw Error(ErrorCategory::kInvalidInput, "Target S3 bucket is not specified");
  if (base_key.empty()) throw Error(ErrorCategory::kInvalidInput, "Target S3 baseKey is not specified");
  const std::string folder = base_key + "/" + segment_directory(segment.id).string() + "/";
  const bool is_folder = place->key.ends_with('/');
  const std::string key = is_folder ? folder : folder + "index.zip";
  if (bucket == place->bucket && key == place->key) return std::nullopt;
  if (!is_folder) copy(segment, place->bucket, place->key, bucket, key);
  if (is_folder)
    for (const std::string& each : client_.list(place->bucket, place->key))
      copy(segment, place->bucket, each, bucket, folder + each.substr(place->key.size()));
  storage::SegmentDescriptor copied = segment;
  Json::Object load_spec;
  for (const auto& [name, value] : segment.load_spec.object())
    load_spec.emplace_back(name, name == "bucket" ? Json(bucket) : name == "key" ? Json(key) : value);
  copied.load_spec = load_spec;
  return copied;
}

std::optional<storage::SegmentDescriptor> S3DeepStorage::copy_to_archive(const storage::SegmentDescriptor& segment) {
  if (config_.archive_bucket.empty())
    throw Error(ErrorCategory::kInvalidInput, "Segments can be archived where druid.storage.archiveBucket is set");
  return copy_to(segment, Json::Object{{"bucket", config_.archive_bucket}, {"baseKey", config_.archive_base_key}});
}

std::optional<storage::SegmentDescriptor> S3DeepStorage::copy_from_archive(const storage::SegmentDescriptor& segment) {
  return copy_to(segment, Json::Object{{"bucket", config_.bucket}, {"baseKey", config_.base_key}});
}

}  // namespace sarsen::ingest
