#pragma once
// One SQLite file, open, and statements on it: the only door to SQLite. Write-ahead logging and full sync: what is
// committed survives the loss of power. Errors are kRuntimeFailure and name the file. Not thread-safe: whoever shares a
// database has a lock of its own.

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace sarsen::ingest {

/// A value for a statement's "?": text, or bytes where `blob` is set.
struct SqlValue {
  std::string text;
  bool blob = false;
};

class SqliteDatabase {
 public:
  /// Creates the file where it is missing, and the folders above it.
  explicit SqliteDatabase(std::filesystem::path path);

  using Row = std::vector<std::string>;  // columns as text; null as ""

  /// Runs one statement; its rows.
  std::vector<Row> run(std::string_view statement, const std::vector<SqlValue>& values = {}) const;

  /// Rows that the last statement changed.
  std::size_t changed() const noexcept;

  /// Runs `body` between BEGIN IMMEDIATE and COMMIT; rolls back where it throws.
  void transaction(const std::function<void()>& body) const;

 private:
  struct Close {
    void operator()(sqlite3* database) const noexcept;
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept;
  };
  using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

  [[noreturn]] void fail(std::string_view what) const;
  Statement prepare(std::string_view text) const;
  void bind(sqlite3_stmt* statement, const std::vector<SqlValue>& values) const;

  std::filesystem::path path_;
  std::unique_ptr<sqlite3, Close> database_;
};

}  // namespace sarsen::ingest
