#pragma once
// One SQLite file, open: the only door to SQLite. Write-ahead logging and full sync: what is committed survives the
// loss of power. Errors name the file.

#include <filesystem>
#include <memory>
#include <string_view>

#include "ingest/metadata/sql_database.h"

struct sqlite3;
struct sqlite3_stmt;

namespace sarsen::ingest {

class SqliteDatabase final : public SqlDatabase {
 public:
  /// Creates the file where it is missing, and the folders above it.
  explicit SqliteDatabase(std::filesystem::path path);

  const SqlDialect& dialect() const noexcept override;
  std::vector<SqlRow> run(std::string_view statement, const std::vector<SqlValue>& values = {}) override;
  std::size_t changed() const noexcept override;
  /// Between BEGIN IMMEDIATE and COMMIT, once.
  void transaction(const std::function<void()>& body) override;

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
