#include "ingest/metadata/metadata_tables.h"

#include <cctype>
#include <string_view>

namespace sarsen::ingest {
namespace {

/// In a definition "$text", "$payload" and "$serial" are types.
struct Table {
  std::string_view name;
  std::string_view columns;
};

constexpr Table kTables[] = {
    {"segments",
     "id $text NOT NULL, dataSource $text NOT NULL, created_date $text NOT NULL, start $text NOT NULL, \"end\" $text "
     "NOT NULL, partitioned BOOLEAN NOT NULL, version $text NOT NULL, used BOOLEAN NOT NULL, payload $payload NOT "
     "NULL, used_status_last_updated $text NOT NULL, upgraded_from_segment_id $text, PRIMARY KEY (id)"},
    {"pendingSegments",
     "id $text NOT NULL, dataSource $text NOT NULL, created_date $text NOT NULL, start $text NOT NULL, \"end\" $text "
     "NOT NULL, sequence_name $text NOT NULL, sequence_prev_id $text NOT NULL, sequence_name_prev_id_sha1 $text NOT "
     "NULL, payload $payload NOT NULL, upgraded_from_segment_id $text, task_allocator_id $text, PRIMARY KEY (id), "
     "UNIQUE (sequence_name_prev_id_sha1)"},
    {"dataSource",
     "dataSource $text NOT NULL, created_date $text NOT NULL, commit_metadata_payload $payload NOT NULL, "
     "commit_metadata_sha1 $text NOT NULL, PRIMARY KEY (dataSource)"},
    {"upgradeSegments", "id $serial, task_id $text NOT NULL, segment_id $text NOT NULL, lock_version $text NOT NULL"},
    {"rules",
     "id $text NOT NULL, dataSource $text NOT NULL, version $text NOT NULL, payload $payload NOT NULL, PRIMARY KEY "
     "(id)"},
    {"config", "name $text NOT NULL, payload $payload NOT NULL, PRIMARY KEY (name)"},
    {"audit",
     "id $serial, audit_key $text NOT NULL, type $text NOT NULL, author $text NOT NULL, comment VARCHAR(2048) NOT "
     "NULL, created_date $text NOT NULL, payload $payload NOT NULL"},
    {"tasks",
     "id $text NOT NULL, created_date $text NOT NULL, datasource $text NOT NULL, payload $payload NOT NULL, "
     "status_payload $payload NOT NULL, active BOOLEAN NOT NULL DEFAULT FALSE, type $text, group_id $text, PRIMARY KEY "
     "(id)"},
    {"tasklogs", "id $serial, task_id $text DEFAULT NULL, log_payload $payload"},
    {"tasklocks", "id $serial, task_id $text DEFAULT NULL, lock_payload $payload"},
    {"supervisors", "id $serial, spec_id $text NOT NULL, created_date $text NOT NULL, payload $payload NOT NULL"}};

/// What came to tables in later versions of Druid.
constexpr Table kLaterColumns[] = {{"segments", "used_status_last_updated"},
                                   {"segments", "upgraded_from_segment_id"},
                                   {"pendingSegments", "upgraded_from_segment_id"},
                                   {"pendingSegments", "task_allocator_id"},
                                   {"tasks", "type"},
                                   {"tasks", "group_id"}};

/// An index is named idx_, the table, _ and `name`.
struct Index {
  std::string_view table;
  std::string_view name;
  std::string_view columns;
};

constexpr Index kIndexes[] = {
    {"segments", "datasource_used_end_start", "dataSource, used, \"end\", start"},
    {"segments", "used", "used"},
    {"segments", "datasource_upgraded_from_segment_id", "dataSource, upgraded_from_segment_id"},
    {"pendingSegments", "datasource_end", "dataSource, \"end\""},
    {"pendingSegments", "datasource_sequence", "dataSource, sequence_name"},
    {"pendingSegments", "datasource_task_allocator_id", "dataSource, task_allocator_id"},
    {"upgradeSegments", "task", "task_id"},
    {"rules", "datasource", "dataSource"},
    {"audit", "key_time", "audit_key, created_date"},
    {"audit", "type_time", "type, created_date"},
    {"audit", "audit_time", "created_date"},
    {"tasks", "active_created_date", "active, created_date"},
    {"tasks", "datasource_active", "datasource, active"},
    {"tasklogs", "task_id", "task_id"},
    {"tasklocks", "task_id", "task_id"},
    {"supervisors", "spec_id", "spec_id"}};

constexpr std::string_view kText = "VARCHAR(255)";

void replace_all(std::string& text, std::string_view name, std::string_view value) {
  for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + value.size()))
    text.replace(at, name.size(), value);
}

std::string create_table(const std::string& name, const Table& table, const SqlDialect& dialect) {
  std::string text = "CREATE TABLE IF NOT EXISTS " + name + " (";
  text += table.columns;
  text += ")";
  text += dialect.table_options;
  replace_all(text, "$payload", dialect.payload_type);
  replace_all(text, "$serial", dialect.serial_type);
  replace_all(text, "$text", kText);
  return text;
}

std::string create_index(const std::string& table, const std::string& name, const Index& index,
                         const SqlDialect& dialect) {
  std::string text = "CREATE INDEX ";
  text += dialect.if_no_index;
  text += name + " ON " + table + " (";
  text += index.columns;
  return text + ")";
}

}  // namespace

std::string MetadataTables::name(std::string_view table) const {
  const auto found = own.find(table);
  return found != own.end() ? found->second : base + "_" + std::string(table);
}

std::string with_tables(std::string_view statement, const MetadataTables& tables) {
  std::string text;
  for (std::size_t at = 0; at < statement.size();) {
    if (statement[at] != '$') {
      text += statement[at++];
      continue;
    }
    std::size_t end = ++at;
    while (end < statement.size() && std::isalpha(static_cast<unsigned char>(statement[end])) != 0) ++end;
    text += tables.name(statement.substr(at, end - at));
    at = end;
  }
  return text;
}

void create_missing_tables(SqlDatabase& database, const MetadataTables& tables) {
  const SqlDialect& dialect = database.dialect();
  const auto is_there = [&](std::string_view find, const std::vector<SqlValue>& names) {
    return !database.run(find, names).empty();
  };
  database.transaction([&] {
    for (const Table& table : kTables) {
      const std::string name = tables.name(table.name);
      if (!is_there(dialect.find_table, {{name}})) database.run(create_table(name, table, dialect));
    }
    for (const Table& column : kLaterColumns) {
      const std::string name = tables.name(column.name), added(column.columns);
      if (!is_there(dialect.find_column, {{name}, {added}}))
        database.run("ALTER TABLE " + name + " ADD COLUMN " + added + " " + std::string(kText));
    }
    for (const Index& index : kIndexes) {
      const std::string table = tables.name(index.table), name = "idx_" + table + "_" + std::string(index.name);
      if (!is_there(dialect.find_index, {{table}, {name}})) database.run(create_index(table, name, index, dialect));
    }
  });
}

}  // namespace sarsen::ingest
