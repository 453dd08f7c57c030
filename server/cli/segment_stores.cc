#include "server/cli/segment_stores.h"

#include <utility>

#include "ingest/deep_storage/local_beside_s3.h"
#include "ingest/deep_storage/local_deep_storage.h"

namespace sarsen::server {
namespace {

namespace fs = std::filesystem;

fs::path or_else(const fs::path& path, const fs::path& otherwise) { return path.empty() ? otherwise : path; }

std::vector<ingest::CacheLocation> locations(const StorageSettings& settings, const DataFolder& data) {
  if (!settings.cache_locations.empty()) return settings.cache_locations;
  return {{.path = data.cache()}};
}

std::unique_ptr<ingest::DeepStorage> make_deep_storage(const StorageSettings& settings, const DataFolder& data,
                                                       const fs::path& root) {
  const bool zip = settings.zip.value_or(false);
  if (!settings.s3_storage) {
    auto s3 = s3_reading_config(settings.s3);
    if (!s3) return std::make_unique<ingest::LocalDeepStorage>(root, zip);
    return std::make_unique<ingest::LocalBesideS3>(root, zip, std::move(*s3), data.deep_storage_scratch());
  }
  return std::make_unique<ingest::S3DeepStorage>(s3_config(settings.s3), data.deep_storage_scratch(), root);
}

}  // namespace

SegmentStores::SegmentStores(const StorageSettings& settings, const DataFolder& data)
    : metadata_config_(server::metadata_config(settings.metadata, data.metadata())),
      deep_storage_root_(or_else(settings.deep_storage, data.segments())),
      is_shared_(metadata_config_.kind != ingest::DatabaseKind::kSqlite || metadata_config_.file != data.metadata()),
      metadata_(metadata_config_),
      supervisors_(metadata_config_),
      deep_storage_(make_deep_storage(settings, data, deep_storage_root_)),
      cache_(locations(settings, data), *deep_storage_) {}

}  // namespace sarsen::server
