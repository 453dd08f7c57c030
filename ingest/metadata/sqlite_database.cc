#include "ingest/metadata/sqlite_database.h"

#include <sqlite3.h>

#include "storage/base/atomic_file.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

constexpr SqlDialect kDialect{
    .payload_type = "BLOB",
    .serial_type = "INTEGER PRIMARY KEY AUTOINCREMENT",
    .table_options = "",
    .if_no_index = "IF NOT EXISTS ",
    .row_order = "rowid",
    .find_table = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?",
    .find_index = "SELECT 1 FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND name = ?",
    .find_column = "SELECT 1 FROM pragma_table_info(?) WHERE name = ?"};

constexpr int kBusyMs = 10'000;  // another process, such as a reader of the store, has it locked

/// Columns are few and payloads small; a value beyond this is no descriptor.
constexpr int kValueBytesMax = 1 << 26;

SqlRow row_of(sqlite3_stmt* statement) {
  SqlRow row;
  const int columns = sqlite3_column_count(statement);
  for (int i = 0; i < columns; ++i) {
    const void* bytes = sqlite3_column_blob(statement, i);  // numbers as text
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, i));
    row.emplace_back(static_cast<const char*>(bytes), bytes == nullptr ? 0 : size);
  }
  return row;
}

}  // namespace

void SqliteDatabase::Close::operator()(sqlite3* database) const noexcept { sqlite3_close(database); }
void SqliteDatabase::Finalize::operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }

void SqliteDatabase::fail(std::string_view what) const {
  const char* reason = database_ ? sqlite3_errmsg(database_.get()) : "out of memory";
  throw Error(ErrorCategory::kRuntimeFailure,
              "The metadata store cannot be used (" + std::string(what) + "): " + reason + ": " + path_.string());
}

SqliteDatabase::SqliteDatabase(std::filesystem::path path) : path_(std::move(path)) {
  const std::filesystem::path folder = std::filesystem::absolute(path_).parent_path();
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    throw Error(ErrorCategory::kRuntimeFailure,
                "Cannot create the folder of the metadata store: " + error.message() + ": " + folder.string());
  sqlite3* opened = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX;
  const int code = sqlite3_open_v2(path_.c_str(), &opened, flags, nullptr);
  database_.reset(opened);
  if (code != SQLITE_OK) fail("opening it");
  sqlite3_busy_timeout(opened, kBusyMs);
  sqlite3_limit(opened, SQLITE_LIMIT_LENGTH, kValueBytesMax);
  run("PRAGMA journal_mode=WAL");
  run("PRAGMA synchronous=FULL");
  fsync_directory(folder);
}

SqliteDatabase::Statement SqliteDatabase::prepare(std::string_view text) const {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database_.get(), text.data(), static_cast<int>(text.size()), &statement, nullptr) != SQLITE_OK)
    fail(text);
  return Statement(statement);
}

void SqliteDatabase::bind(sqlite3_stmt* statement, const std::vector<SqlValue>& values) const {
  int number = 0;
  for (const SqlValue& value : values) {
    const int size = static_cast<int>(value.text.size());
    const int code = value.blob ? sqlite3_bind_blob(statement, ++number, value.text.data(), size, SQLITE_STATIC)
                                : sqlite3_bind_text(statement, ++number, value.text.data(), size, SQLITE_STATIC);
    if (code != SQLITE_OK) fail("binding a value");
  }
}

std::vector<SqlRow> SqliteDatabase::run(std::string_view text, const std::vector<SqlValue>& values) {
  const Statement statement = prepare(text);
  bind(statement.get(), values);
  std::vector<SqlRow> rows;
  int code = sqlite3_step(statement.get());
  for (; code == SQLITE_ROW; code = sqlite3_step(statement.get())) rows.push_back(row_of(statement.get()));
  if (code != SQLITE_DONE) fail(text);
  return rows;
}

const SqlDialect& SqliteDatabase::dialect() const noexcept { return kDialect; }

std::size_t SqliteDatabase::changed() const noexcept {
  return static_cast<std::size_t>(sqlite3_changes(database_.get()));
}

void SqliteDatabase::transaction(const std::function<void()>& body) {
  run("BEGIN IMMEDIATE");
  try {
    body();
    run("COMMIT");
  } catch (...) {
    if (sqlite3_get_autocommit(database_.get()) == 0) run("ROLLBACK");
    throw;
  }
}

}  // namespace sarsen::ingest
