#pragma once
// The tables of Druid's metadata store (version 33), and what creates those that are missing. A statement's "$segments"
// is the table of segments, whatever it is called, and so on.

#include <string>

#include "ingest/metadata/metadata_config.h"
#include "ingest/metadata/sql_database.h"

namespace sarsen::ingest {

/// The statement with the names of the tables in it.
std::string with_tables(std::string_view statement, const MetadataTables& tables);

/// Tables, indexes, and columns that older versions of Druid do not have, where they are missing. What is there stays
/// as it is.
void create_missing_tables(SqlDatabase& database, const MetadataTables& tables);

}  // namespace sarsen::ingest
