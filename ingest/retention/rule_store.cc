#include "ingest/retention/rule_store.h"

namespace sarsen::ingest {
namespace {

Rules rules_of(const std::string& payload) {
  const Json json = Json::parse(payload);
  return parse_rules(JsonField(json));
}

Rules load_all_forever() {
  const Json json = Json::parse(R"([{"type":"loadForever"}])");
  return parse_rules(JsonField(json));
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
  const std::int64_t now_ms = clock_();
  const std::string version = format_iso(now_ms);
  const std::string id = data_source + "_" + version;
  database_.run("DELETE FROM $rules WHERE id = ?", {{id}});
  database_.run("INSERT INTO $rules (id, dataSource, version, payload) VALUES (?, ?, ?, ?)",
                {{id}, {data_source}, {version}, {to_json(rules).dump(), true}});
  add_audit_entry(database_, "rules", data_source, to_json(rules), who, now_ms);
}

Json RuleStore::history(const HistoryRange& range) const {
  const std::lock_guard lock(mutex_);
  return audit_entries(database_, "rules", range, clock_());
}

}  // namespace sarsen::ingest
