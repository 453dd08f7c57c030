#pragma once
// The rules of each data source, and of those that have none ("_default"), in Druid's table druid_rules: each change is
// a new row, the newest counts. Who changed what is in druid_audit. A connection of its own to the metadata store's
// database. Thread safety: all methods from any thread. Errors: kRuntimeFailure where the database cannot be read or
// written.

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "ingest/metadata/audit_log.h"
#include "ingest/metadata/metadata_database.h"
#include "ingest/realtime/clock.h"
#include "ingest/retention/rule.h"

namespace sarsen::ingest {

inline constexpr const char* kDefaultRules = "_default";

class RuleStore {
 public:
  /// A default rule, which loads all forever, is made where there is none.
  explicit RuleStore(const MetadataConfig& config, Clock clock = system_clock_ms);

  std::map<std::string, Rules> all() const;
  /// Empty where it has none of its own.
  Rules rules(const std::string& data_source) const;
  /// Those of its own, then the default ones: what decides.
  Rules with_default(const std::string& data_source) const;

  void set(const std::string& data_source, const Rules& rules, const AuditInfo& who);

  /// Druid's entries: {"key", "type", "auditInfo", "payload", "auditTime"}.
  Json history(const HistoryRange& range) const;

 private:
  void insert(const std::string& data_source, const Rules& rules, const AuditInfo& who);

  const Clock clock_;
  mutable std::mutex mutex_;
  MetadataDatabase database_;
};

}  // namespace sarsen::ingest
