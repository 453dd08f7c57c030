#pragma once
// druid.metadata.*, druid.storage.* and druid.segmentCache.*: where segments are published, stored and served
// from.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ingest/deep_storage/segment_cache.h"
#include "server/cli/metadata_settings.h"
#include "server/cli/s3_settings.h"

namespace sarsen::server {

struct StorageSettings {
  MetadataSettings metadata;
  bool s3_storage = false;             // deep storage is S3, not local
  std::filesystem::path deep_storage;  // local: its folder; empty: segments/ in the data folder
  std::optional<bool> zip;             // else local segments are folders, and those in S3 zip files
  S3Settings s3;
  std::vector<ingest::CacheLocation> cache_locations;  // empty: cache/ in the data folder
};

// Each takes one property's value. Throws kInvalidInput, and kUnsupported for what is Druid's but not built.
void set_deep_storage_type(StorageSettings& settings, const std::string& name, const std::string& value);
void set_publish_type(const std::string& name, const std::string& value);
void set_cache_locations(StorageSettings& settings, const std::string& name, const std::string& value);

/// Whether they fit together; throws as the others.
void check_storage(const StorageSettings& settings);

}  // namespace sarsen::server
