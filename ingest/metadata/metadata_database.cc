#include "ingest/metadata/metadata_database.h"

#include "ingest/metadata/metadata_tables.h"
#include "ingest/metadata/server_database.h"
#include "ingest/metadata/sqlite_database.h"

namespace sarsen::ingest {
namespace {

std::unique_ptr<SqlDatabase> open(const MetadataConfig& config) {
  const DatabaseLocation server = config.server;
  switch (config.kind) {
    case DatabaseKind::kPostgresql:
      return std::make_unique<ServerDatabase>(postgresql_dialect(), [server] { return connect_postgresql(server); });
    case DatabaseKind::kMysql:
      return std::make_unique<ServerDatabase>(mysql_dialect(), [server] { return connect_mysql(server); });
    case DatabaseKind::kSqlite:
      break;
  }
  return std::make_unique<SqliteDatabase>(config.file);
}

}  // namespace

MetadataDatabase::MetadataDatabase(const MetadataConfig& config) : tables_(config.tables), database_(open(config)) {
  if (config.create_tables) create_missing_tables(*database_, tables_);
}

std::vector<SqlRow> MetadataDatabase::run(const std::string& statement, const std::vector<SqlValue>& values) const {
  return database_->run(with_tables(statement, tables_), values);
}

}  // namespace sarsen::ingest
