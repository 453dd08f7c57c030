#pragma once
// The tables of Druid's metadata store (version 33) as statements that create them, in the types of one database.

#include <string>
#include <vector>

namespace sarsen::ingest {

/// How a database says what Druid's tables need (SQLMetadataConnector).
struct SqlDialect {
  std::string payload_type;  // "BLOB"
  std::string serial_type;   // a number that the database counts
  std::string quote;         // around the column end
};

/// CREATE TABLE IF NOT EXISTS and CREATE INDEX IF NOT EXISTS, in an order that works. Tables are named `base`_segments
/// and so on.
std::vector<std::string> create_table_statements(const std::string& base, const SqlDialect& dialect);

}  // namespace sarsen::ingest
