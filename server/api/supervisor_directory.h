#pragma once
// All supervisors that the overlord tells of, whatever they supervise: those that read streams, and those that compact.
// A pair of references. Thread safety: from any thread.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ingest/supervisor/compaction_supervisors.h"
#include "ingest/supervisor/supervisor_manager.h"

namespace sarsen::server {

struct SupervisorSummary {
  std::string id;
  std::string type;
  std::string source;  // the stream; empty where there is none
  std::string state;
  std::string detailed_state;
  bool healthy = true;
  bool suspended = false;
  Json spec;
};

class SupervisorDirectory {
 public:
  /// REQUIRES: both outlive it and its copies.
  SupervisorDirectory(ingest::SupervisorManager& streams, ingest::CompactionSupervisors& compactions)
      : streams_(streams), compactions_(compactions) {}

  /// In their order.
  std::vector<std::string> ids() const;
  // Nothing where there is no supervisor of that id.
  std::optional<SupervisorSummary> summary(const std::string& id) const;
  std::optional<Json> status(const std::string& id) const;
  std::optional<Json> stats(const std::string& id) const;
  std::optional<Json> parse_errors(const std::string& id) const;
  /// Supervisors that compact do not tell.
  std::optional<bool> health(const std::string& id) const;
  /// Throws kUnsupported where it reads no stream; `operation` is what was to be done.
  std::shared_ptr<ingest::Supervisor> stream(const std::string& id, const std::string& operation) const;

  /// Returns the id. Throws as what reads the specification.
  std::string post(const Json& spec, bool only_if_changed, const ingest::AuditInfo& who) const;
  /// The new specification; nothing where there is none, or it is so already.
  std::optional<Json> set_suspended(const std::string& id, bool suspended) const;
  bool terminate(const std::string& id) const;
  /// All versions, the newest first; of those that were terminated, too.
  std::vector<ingest::SupervisorVersion> history() const { return streams_.history(); }

 private:
  ingest::SupervisorManager& streams_;
  ingest::CompactionSupervisors& compactions_;
};

}  // namespace sarsen::server
