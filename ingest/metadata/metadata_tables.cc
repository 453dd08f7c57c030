#include "ingest/metadata/metadata_tables.h"

#include <string_view>

namespace sarsen::ingest {
namespace {

/// $base, $payload, $serial and $q stand for what differs. VARCHAR(255) is written $text.
constexpr std::string_view kStatements[] = {
    "CREATE TABLE IF NOT EXISTS $base_segments (id $text NOT NULL, dataSource $text NOT NULL, created_date $text NOT "
    "NULL, start $text NOT NULL, $qend$q $text NOT NULL, partitioned BOOLEAN NOT NULL, version $text NOT NULL, used "
    "BOOLEAN NOT NULL, payload $payload NOT NULL, used_status_last_updated $text NOT NULL, upgraded_from_segment_id "
    "$text, PRIMARY KEY (id))",
    "CREATE INDEX IF NOT EXISTS idx_$base_segments_datasource_used_end_start ON $base_segments (dataSource, used, "
    "$qend$q, start)",
    "CREATE INDEX IF NOT EXISTS idx_$base_segments_used ON $base_segments (used)",
    "CREATE TABLE IF NOT EXISTS $base_pendingSegments (id $text NOT NULL, dataSource $text NOT NULL, created_date "
    "$text "
    "NOT NULL, start $text NOT NULL, $qend$q $text NOT NULL, sequence_name $text NOT NULL, sequence_prev_id $text NOT "
    "NULL, sequence_name_prev_id_sha1 $text NOT NULL, payload $payload NOT NULL, upgraded_from_segment_id $text, "
    "task_allocator_id $text, PRIMARY KEY (id), UNIQUE (sequence_name_prev_id_sha1))",
    "CREATE TABLE IF NOT EXISTS $base_dataSource (dataSource $text NOT NULL, created_date $text NOT NULL, "
    "commit_metadata_payload $payload NOT NULL, commit_metadata_sha1 $text NOT NULL, PRIMARY KEY (dataSource))",
    "CREATE TABLE IF NOT EXISTS $base_upgradeSegments (id $serial, task_id $text NOT NULL, segment_id $text NOT NULL, "
    "lock_version $text NOT NULL)",
    "CREATE TABLE IF NOT EXISTS $base_rules (id $text NOT NULL, dataSource $text NOT NULL, version $text NOT NULL, "
    "payload $payload NOT NULL, PRIMARY KEY (id))",
    "CREATE TABLE IF NOT EXISTS $base_config (name $text NOT NULL, payload $payload NOT NULL, PRIMARY KEY (name))",
    "CREATE TABLE IF NOT EXISTS $base_audit (id $serial, audit_key $text NOT NULL, type $text NOT NULL, author $text "
    "NOT "
    "NULL, comment VARCHAR(2048) NOT NULL, created_date $text NOT NULL, payload $payload NOT NULL)",
    "CREATE INDEX IF NOT EXISTS idx_$base_audit_key_time ON $base_audit (audit_key, created_date)",
    "CREATE INDEX IF NOT EXISTS idx_$base_audit_type_time ON $base_audit (type, created_date)",
    "CREATE TABLE IF NOT EXISTS $base_tasks (id $text NOT NULL, created_date $text NOT NULL, datasource $text NOT "
    "NULL, "
    "payload $payload NOT NULL, status_payload $payload NOT NULL, active BOOLEAN NOT NULL DEFAULT FALSE, type $text, "
    "group_id $text, PRIMARY KEY (id))",
    "CREATE INDEX IF NOT EXISTS idx_$base_tasks_active_created_date ON $base_tasks (active, created_date)",
    "CREATE TABLE IF NOT EXISTS $base_tasklogs (id $serial, task_id $text DEFAULT NULL, log_payload $payload)",
    "CREATE TABLE IF NOT EXISTS $base_tasklocks (id $serial, task_id $text DEFAULT NULL, lock_payload $payload)",
    "CREATE TABLE IF NOT EXISTS $base_supervisors (id $serial, spec_id $text NOT NULL, created_date $text NOT NULL, "
    "payload $payload NOT NULL)",
    "CREATE INDEX IF NOT EXISTS idx_$base_supervisors_spec_id ON $base_supervisors (spec_id)",
};

void replace_all(std::string& text, std::string_view name, std::string_view value) {
  for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + value.size()))
    text.replace(at, name.size(), value);
}

}  // namespace

std::vector<std::string> create_table_statements(const std::string& base, const SqlDialect& dialect) {
  std::vector<std::string> statements;
  for (const std::string_view pattern : kStatements) {
    std::string& text = statements.emplace_back(pattern);
    replace_all(text, "$base", base);
    replace_all(text, "$payload", dialect.payload_type);
    replace_all(text, "$serial", dialect.serial_type);
    replace_all(text, "$text", "VARCHAR(255)");
    replace_all(text, "$q", dialect.quote);
  }
  return statements;
}

}  // namespace sarsen::ingest
