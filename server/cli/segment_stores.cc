#include "server/cli/segment_stores.h"

namespace sarsen::server {
namespace {

namespace fs = std::filesystem;

fs::path or_else(const fs::path& path, const fs::path& otherwise) { return path.empty() ? otherwise : path; }

std::vector<ingest::CacheLocation> locations(const StorageSettings& settings, const DataFolder& data) {
  if (!settings.cache_locations.empty()) return settings.cache_locations;
  return {{.path = data.cache()}};
}

}  // namespace

SegmentStores::SegmentStores(const StorageSettings& settings, const DataFolder& data)
    : metadata_config_(server::metadata_config(settings.metadata, data.metadata())),
      deep_storage_root_(or_else(settings.deep_storage, data.segments())),
      metadata_(metadata_config_),
      supervisors_(metadata_config_),
      deep_storage_(deep_storage_root_, settings.zip),
      cache_(locations(settings, data), deep_storage_) {}

}  // namespace sarsen::server
