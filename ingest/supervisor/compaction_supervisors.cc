#include "ingest/supervisor/compaction_supervisors.h"

#include <algorithm>
#include <set>
#include <utility>

#include "ingest/supervisor/tombstone.h"
#include "storage/base/error.h"
#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// The share of its thread's time that looking may take: with very many segments it is done less often.
constexpr int kPausesPerLook = 10;

}  // namespace

bool CompactionSupervisorSpec::is_type_of(const Json& json) {
  const Json* type = json.is_object() ? json.find("type") : nullptr;
  return type != nullptr && type->is_string() && type->string() == kType;
}

CompactionSupervisorSpec CompactionSupervisorSpec::parse(const Json& json) {
  const JsonField root(json);
  if (!root["spec"].present()) root["spec"].fail("missing: the configuration of a data source's compaction is wanted");
  return {.compaction = DataSourceCompaction::parse(root["spec"]), .suspended = root["suspended"].boolean_or(false)};
}

Json CompactionSupervisorSpec::to_json() const {
  return Json::Object{{"type", std::string(kType)}, {"spec", compaction.json}, {"suspended", suspended}};
}

void CompactionSupervisors::take_up() {
  std::set<std::string> seen;
  for (const SupervisorVersion& version : store_.versions()) {
    if (!seen.insert(version.id).second || !CompactionSupervisorSpec::is_type_of(version.spec)) continue;
    try {
      put(CompactionSupervisorSpec::parse(version.spec));
    } catch (const Error& error) {
      log_error("Failed to start supervisor: id [{}]: {}", version.id, error.what());
    }
  }
}

void CompactionSupervisors::start(milliseconds period) {
  take_up();
  thread_.start("compaction supervisors", period, [this, period] {
    const auto begin = steady_clock::now();
    try {
      look();
    } catch (const std::exception& error) {
      log_warn("Compaction supervisors could not look for work: {}", error.what());
    }
    const auto length = std::chrono::duration_cast<milliseconds>(steady_clock::now() - begin);
    return std::max(period, kPausesPerLook * length);
  });
}

void CompactionSupervisors::stop() {
  thread_.stop();
  running_ = false;
  const std::lock_guard lock(mutex_);
  specs_.clear();
}

void CompactionSupervisors::look() {
  const CompactionConfig config = active();
  running_ = config.use_supervisors;
  if (config.use_supervisors) compaction_.run(config);
}

CompactionConfig CompactionSupervisors::active() const {
  CompactionConfig config = compaction_.config();
  config.data_sources.clear();
  for (const CompactionSupervisorSpec& spec : all())
    if (!spec.suspended) config.data_sources.push_back(spec.compaction);
  return config;
}

void CompactionSupervisors::put(const CompactionSupervisorSpec& spec) {
  const std::lock_guard lock(mutex_);
  specs_.insert_or_assign(spec.id(), spec);
}

void CompactionSupervisors::post(const CompactionSupervisorSpec& spec, const AuditInfo& who) {
  const std::lock_guard lock(mutex_);
  const std::string id = spec.id();
  const auto present = specs_.find(id);
  const bool same = present != specs_.end() && present->second.to_json().dump() == spec.to_json().dump();
  if (same) return;
  store_.add_version(id, spec.to_json());
  specs_.insert_or_assign(id, spec);
  store_.audit_update(id, spec.compaction.data_source, who);
}

bool CompactionSupervisors::terminate(const std::string& id) {
  const std::lock_guard lock(mutex_);
  const auto found = specs_.find(id);
  if (found == specs_.end()) return false;
  store_.add_version(id, tombstone(found->second.compaction.data_source));
  specs_.erase(found);
  return true;
}

std::optional<CompactionSupervisorSpec> CompactionSupervisors::set_suspended(const std::string& id, bool suspended) {
  const std::lock_guard lock(mutex_);
  const auto found = specs_.find(id);
  if (found == specs_.end() || found->second.suspended == suspended) return std::nullopt;
  CompactionSupervisorSpec changed = found->second;
  changed.suspended = suspended;
  store_.add_version(id, changed.to_json());
  return found->second = changed;
}

std::vector<CompactionSupervisorSpec> CompactionSupervisors::all() const {
  const std::lock_guard lock(mutex_);
  std::vector<CompactionSupervisorSpec> all;
  for (const auto& [id, spec] : specs_) all.push_back(spec);
  return all;
}

std::optional<CompactionSupervisorSpec> CompactionSupervisors::find(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = specs_.find(id);
  return found == specs_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<SupervisorVersion> CompactionSupervisors::history(const std::string& data_source) const {
  std::vector<SupervisorVersion> versions = store_.versions();
  std::erase_if(versions, [id = CompactionSupervisorSpec::id_of(data_source)](const SupervisorVersion& version) {
    return version.id != id || !CompactionSupervisorSpec::is_type_of(version.spec);
  });
  return versions;
}

std::string_view CompactionSupervisors::state(const CompactionSupervisorSpec& spec) const {
  if (!running_) return "SCHEDULER_STOPPED";
  return spec.suspended ? "SUSPENDED" : "RUNNING";
}

std::optional<CompactionProgress> CompactionSupervisors::progress(const std::string& id) const {
  const auto spec = find(id);
  if (!spec || spec->suspended) return std::nullopt;
  const CompactionConfig config = compaction_.config();
  if (!config.use_supervisors) return std::nullopt;
  return compaction_.progress(spec->compaction, config.policy);
}

}  // namespace sarsen::ingest
