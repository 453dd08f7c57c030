#pragma once
// Who changed which settings, in Druid's table druid_audit. On the database of whoever keeps those settings, so that a
// change and its entry are one transaction. Thread safety and errors: the database's.

#include <cstdint>
#include <optional>
#include <string>

#include "ingest/metadata/metadata_database.h"
#include "storage/base/interval.h"
#include "storage/base/json.h"

namespace sarsen::ingest {

/// Who changed it, from where, and why.
struct AuditInfo {
  std::string author;
  std::string comment;
  std::string address;

  Json to_json() const;
};

/// Which entries of the history, newest last with an interval, newest first with a count.
struct HistoryRange {
  std::optional<std::string> key;  // of one data source
  std::optional<Interval> interval;
  std::optional<std::size_t> count_max;
};

void add_audit_entry(const MetadataDatabase& database, const std::string& type, const std::string& key,
                     const Json& payload, const AuditInfo& who, std::int64_t now_ms);

/// Druid's entries: {"key", "type", "auditInfo", "payload", "auditTime"}; of the last week where the range says
/// nothing.
Json audit_entries(const MetadataDatabase& database, const std::string& type, const HistoryRange& range,
                   std::int64_t now_ms);

}  // namespace sarsen::ingest
