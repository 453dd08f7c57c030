#pragma once
// A database that speaks SQL, and statements on it, whichever it is. Errors are kRuntimeFailure and name the database.
// Not thread-safe: whoever shares one has a lock of its own.

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace sarsen::ingest {

/// A value for a statement's "?": text, or bytes where `blob` is set.
struct SqlValue {
  std::string text;
  bool blob = false;
};

using SqlRow = std::vector<std::string>;  // columns as text, true as 1; null as ""

/// How a database says what Druid's tables need (SQLMetadataConnector).
struct SqlDialect {
  std::string_view payload_type;   // "BLOB"
  std::string_view serial_type;    // a number that the database counts
  std::string_view table_options;  // behind the columns
  std::string_view if_no_index;    // "IF NOT EXISTS " where CREATE INDEX takes it
  std::string_view row_order;      // what tells the older of two rows, as far as anything does
  // Each finds a row where there is such a thing.
  std::string_view find_table;   // ?: table
  std::string_view find_index;   // ?, ?: table and index
  std::string_view find_column;  // ?, ?: table and column
};

class SqlDatabase {
 public:
  virtual ~SqlDatabase() = default;

  virtual const SqlDialect& dialect() const noexcept = 0;

  /// Runs one statement, in which each "?" is a value; its rows. Names in double quotes are names.
  virtual std::vector<SqlRow> run(std::string_view statement, const std::vector<SqlValue>& values = {}) = 0;

  /// Rows that the last statement found to change.
  virtual std::size_t changed() const noexcept = 0;

  /// Runs `body` as one transaction, as if it were alone with the database; undone where it throws. It may run again,
  /// after it was undone, where others were in its way: it sets anew what it sets.
  virtual void transaction(const std::function<void()>& body) = 0;
};

}  // namespace sarsen::ingest
