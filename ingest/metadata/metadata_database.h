#pragma once
// The metadata store's database with Druid's tables in it, and statements on them. Each store has one of its own.
// Errors are kRuntimeFailure. Not thread-safe: whoever shares one has a lock of its own.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ingest/metadata/metadata_config.h"
#include "ingest/metadata/sql_database.h"

namespace sarsen::ingest {

class MetadataDatabase {
 public:
  using Row = SqlRow;

  /// Opens it; tables that are missing are created, unless it says not to.
  explicit MetadataDatabase(const MetadataConfig& config);

  /// One statement, in which "$segments" is the table of segments, and so on.
  std::vector<Row> run(const std::string& statement, const std::vector<SqlValue>& values = {}) const;

  std::size_t changed() const noexcept { return database_->changed(); }

  /// See SqlDatabase: `body` may run again after it was undone, and sets anew what it sets.
  void transaction(const std::function<void()>& body) const { database_->transaction(body); }

  /// For ORDER BY: the older row first, as far as the database can tell.
  std::string row_order() const { return std::string(database_->dialect().row_order); }

 private:
  const MetadataTables tables_;
  const std::unique_ptr<SqlDatabase> database_;
};

}  // namespace sarsen::ingest
