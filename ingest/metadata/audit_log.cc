#include "ingest/metadata/audit_log.h"

#include <algorithm>

#include "storage/base/civil_time.h"

namespace sarsen::ingest {
namespace {

constexpr std::size_t kEntriesMax = 1'000'000'000;
constexpr std::int64_t kHistoryMs = 604'800'000;  // druid.audit.manager.auditHistoryMillis

}  // namespace

Json AuditInfo::to_json() const {
  return Json::Object{{"author", author}, {"identity", Json()}, {"comment", comment}, {"ip", address}};
}

void add_audit_entry(const MetadataDatabase& database, const std::string& type, const std::string& key,
                     const Json& payload, const AuditInfo& who, std::int64_t now_ms) {
  const std::string time = format_iso(now_ms);
  const Json entry = Json::Object{
      {"key", key}, {"type", type}, {"auditInfo", who.to_json()}, {"payload", payload.dump()}, {"auditTime", time}};
  database.run("INSERT INTO $audit (audit_key, type, author, comment, created_date, payload) VALUES (?, ?, ?, ?, ?, ?)",
               {{key}, {type}, {who.author}, {who.comment}, {time}, {entry.dump(), true}});
}

Json audit_entries(const MetadataDatabase& database, const std::string& type, const HistoryRange& range,
                   std::int64_t now_ms) {
  std::string text = "SELECT payload FROM $audit WHERE type = ?";
  std::vector<SqlValue> values{{type}};
  const auto also = [&](const char* condition, std::string value) {
    text += condition;
    values.push_back({std::move(value)});
  };
  if (range.key) also(" AND audit_key = ?", *range.key);
  if (range.count_max) {
    text += " ORDER BY created_date DESC, id DESC LIMIT " + std::to_string(std::min(*range.count_max, kEntriesMax));
  } else {
    const Interval interval = range.interval.value_or(Interval{now_ms - kHistoryMs, now_ms + 1});
    also(" AND created_date >= ?", format_iso(interval.start_ms));
    also(" AND created_date < ? ORDER BY created_date, id", format_iso(interval.end_ms));
  }
  Json::Array entries;
  for (const auto& row : database.run(text, values)) entries.push_back(Json::parse(row.front()));
  return entries;
}

}  // namespace sarsen::ingest
