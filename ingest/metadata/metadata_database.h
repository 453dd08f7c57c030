#pragma once
// The metadata store's file with Druid's tables in it, and statements on them. Each store has one of its own. Errors
// are kRuntimeFailure. Not thread-safe: whoever shares one has a lock of its own.

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "ingest/metadata/sqlite_database.h"

namespace sarsen::ingest {

class MetadataDatabase {
 public:
  using Row = SqliteDatabase::Row;

  /// Tables are named `base`_segments and so on; those that are missing are created. REQUIRES: `base` is letters,
  /// digits and underscores.
  MetadataDatabase(const std::filesystem::path& path, std::string base);

  /// One statement, in which "$segments" is the table of segments, and so on.
  std::vector<Row> run(std::string statement, const std::vector<SqlValue>& values = {}) const;

  std::size_t changed() const noexcept { return database_.changed(); }
  void transaction(const std::function<void()>& body) const { database_.transaction(body); }

 private:
  const std::string prefix_;
  SqliteDatabase database_;
};

}  // namespace sarsen::ingest
