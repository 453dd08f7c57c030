#include "ingest/metadata/metadata_database.h"

#include <utility>

#include "ingest/metadata/metadata_tables.h"

namespace sarsen::ingest {
namespace {

const SqlDialect kSqlite{.payload_type = "BLOB", .serial_type = "INTEGER PRIMARY KEY AUTOINCREMENT", .quote = "\""};

}  // namespace

MetadataDatabase::MetadataDatabase(const std::filesystem::path& path, std::string base)
    : prefix_(base + "_"), database_(path) {
  transaction([&] {
    for (const std::string& statement : create_table_statements(base, kSqlite)) database_.run(statement);
  });
}

std::vector<MetadataDatabase::Row> MetadataDatabase::run(std::string statement,
                                                         const std::vector<SqlValue>& values) const {
  for (std::size_t at = statement.find('$'); at != std::string::npos; at = statement.find('$', at))
    statement.replace(at, 1, prefix_);
  return database_.run(statement, values);
}

}  // namespace sarsen::ingest
