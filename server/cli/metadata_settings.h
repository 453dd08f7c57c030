#pragma once
// druid.metadata.*: the database in which segments are published.

#include <filesystem>
#include <map>
#include <string>

#include "ingest/metadata/metadata_config.h"
#include "server/cli/setting_table.h"

namespace sarsen::server {

struct MetadataSettings {
  std::string type;  // sqlite, postgresql or mysql; empty: what the URI says
  std::string uri;   // empty: metadata.sqlite in the data folder
  std::string user;
  std::string password;
  std::map<std::string, std::string> postgresql;  // parameters of its connections beside those of the URI
  std::map<std::string, std::string> mysql;
  ingest::MetadataTables tables;
  bool create_tables = true;
};

/// False where the name is none of these. Throws kInvalidInput, and kUnsupported for what is Druid's but not built.
bool set_metadata(MetadataSettings& settings, const std::string& name, const std::string& value);

SettingDocs describe_metadata();

/// Throws kInvalidInput, naming the property, where they do not fit together. `file` is where SQLite's is by default.
ingest::MetadataConfig metadata_config(const MetadataSettings& settings, const std::filesystem::path& file);

}  // namespace sarsen::server
