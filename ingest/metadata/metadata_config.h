#pragma once
// Which database the metadata store is in, and what its tables are called there: Druid's druid.metadata.storage.*. A
// plain value.

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "ingest/metadata/sql_connection.h"

namespace sarsen::ingest {

enum class DatabaseKind { kSqlite, kPostgresql, kMysql };

/// Names of tables: `base`_segments and so on, unless one is given a name of its own.
struct MetadataTables {
  std::string base = "druid";
  std::map<std::string, std::string, std::less<>> own = {};  // by "segments" and so on

  std::string name(std::string_view table) const;
};

/// REQUIRES: names of tables are letters, digits and underscores.
struct MetadataConfig {
  /// In a file of SQLite.
  MetadataConfig(std::filesystem::path path, std::string base = "druid")  // NOLINT(google-explicit-constructor)
      : file(std::move(path)), tables{.base = std::move(base)} {}
  /// On a server.
  MetadataConfig(DatabaseKind database, DatabaseLocation location) : kind(database), server(std::move(location)) {}

  DatabaseKind kind = DatabaseKind::kSqlite;
  std::filesystem::path file;  // kSqlite
  DatabaseLocation server;     // else
  MetadataTables tables;
  bool create_tables = true;  // those that are missing
};

}  // namespace sarsen::ingest
