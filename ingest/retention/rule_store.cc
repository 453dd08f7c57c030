#include "ingest/retention/rule_store.h"

#include <algorithm>

namespace sarsen::ingest {
namespace {

constexpr std::size_t kEntriesMax = 1'000'000'000;
constexpr std::int64_t kHistoryMs = 604'800'000;  // druid.audit.manager.auditHistoryMillis

Rules rules_of(const std::string& payload) {
  const Json json = Json::parse(payload);
  return parse_rules(JsonField(json));
}

Rules load_all_forever() {
  const Json json = Json::parse(R"([{"type":"loadForever"}])");
  return parse_rules(JsonField(json));
}

Json entry_of(const std::string& data_source, const Rules& rules, const AuditInfo& who, const std::string& time) {
  return Json::Object{
      {"key", data_source},
      {"type", "rules"},
      {"auditInfo",
       Json::Object{{"author", who.author}, {"identity", Json()}, {"comment", who.comment}, {"ip", who.address}}},
      {"payload", to_json(rules).dump()},
      {"auditTime", time}};
}

}  // namespace

RuleStore::RuleStore(const MetadataConfig& config, Clock clock) : clock_(std::move(clock)), database_(config) {
  database_.transaction([&] {
    if (database_.run("SELECT id FROM $rules WHERE dataSource = ?", {{kDefaultRules}}).empty())
      insert(kDefaultRules, load_all_forever(), {"sarsen", "the default", ""});
  });
}

std::map<std::string, Rules> RuleStore::all() const {
  const std::lock_guard lock(mutex_);
  std::map<std::string, Rules> by_source;
  for (const auto& row : database_.run("SELECT dataSource, payload FROM $rules ORDER BY version"))
    by_source[row[0]] = rules_of(row[1]);
  return by_source;
}

Rules RuleStore::rules(const std::string& data_source) const {
  const std::lock_guard lock(mutex_);
  const auto rows =
      database_.run("SELECT payload FROM $rules WHERE dataSource = ? ORDER BY version DESC LIMIT 1", {{data_source}});
  return rows.empty() ? Rules() : rules_of(rows.front().front());
}

Rules RuleStore::with_default(const std::string& data_source) const {
  Rules all = rules(data_source);
  for (Rule& rule : rules(kDefaultRules)) all.push_back(std::move(rule));
  return all;
}

void RuleStore::set(const std::string& data_source, const Rules& rules, const AuditInfo& who) {
  const std::lock_guard lock(mutex_);
  database_.transaction([&] { insert(data_source, rules, who); });
}

void RuleStore::insert(const std::string& data_source, const Rules& rules, const AuditInfo& who) {
  const std::string version = format_iso(clock_());
  const std::string id = data_source + "_" + version;
  database_.run("DELETE FROM $rules WHERE id = ?", {{id}});
  database_.run("INSERT INTO $rules (id, dataSource, version, payload) VALUES (?, ?, ?, ?)",
                {{id}, {data_source}, {version}, {to_json(rules).dump(), true}});
  database_.run(
      "INSERT INTO $audit (audit_key, type, author, comment, created_date, payload) VALUES (?, 'rules', ?, "
      "?, ?, ?)",
      {{data_source},
       {who.author},
       {who.comment},
       {version},
       {entry_of(data_source, rules, who, version).dump(), true}});
}

Json RuleStore::history(const HistoryRange& range) const {
  std::string text = "SELECT payload FROM $audit WHERE type = 'rules'";
  std::vector<SqlValue> values;
  const auto also = [&](const char* condition, std::string value) {
    text += condition;
    values.push_back({std::move(value)});
  };
  if (range.key) also(" AND audit_key = ?", *range.key);
  if (range.count_max) {
    text += " ORDER BY created_date DESC, id DESC LIMIT " + std::to_string(std::min(*range.count_max, kEntriesMax));
  } else {
    const Interval interval = range.interval.value_or(Interval{clock_() - kHistoryMs, clock_() + 1});
    also(" AND created_date >= ?", format_iso(interval.start_ms));
    also(" AND created_date < ? ORDER BY created_date, id", format_iso(interval.end_ms));
  }
  const std::lock_guard lock(mutex_);
  Json::Array entries;
  for (const auto& row : database_.run(text, values)) entries.push_back(Json::parse(row.front()));
  return entries;
}

}  // namespace sarsen::ingest
