#pragma once
// druid.metadata.*, druid.storage.* and druid.segmentCache.*: where segments are published, stored and served
// from.

#include <filesystem>
#include <string>
#include <vector>

#include "ingest/deep_storage/segment_cache.h"
#include "server/cli/metadata_settings.h"

namespace sarsen::server {

struct StorageSettings {
  MetadataSettings metadata;
  std::filesystem::path deep_storage;  // empty: segments/ in the data folder
  bool zip = false;
  std::vector<ingest::CacheLocation> cache_locations;  // empty: cache/ in the data folder
};

// Each takes one property's value. Throws kInvalidInput, and kUnsupported for what is Druid's but not built.
void set_deep_storage_type(const std::string& name, const std::string& value);
void set_publish_type(const std::string& name, const std::string& value);
void set_cache_locations(StorageSettings& settings, const std::string& name, const std::string& value);

}  // namespace sarsen::server
