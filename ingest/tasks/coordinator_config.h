#pragma once
// The coordinator's dynamic configuration of Druid 33, kept in druid_config under "coordinator.config". All of it is
// kept and told again; what is about several historicals has no effect here. A value.

#include <optional>
#include <set>
#include <string>

#include "storage/base/json.h"

namespace sarsen::ingest {

class TaskStorage;

inline constexpr const char* kCoordinatorConfigName = "coordinator.config";

struct CoordinatorConfig {
  Json json;                                         // all fields
  std::set<std::string> pending_segments_skip_list;  // data sources whose pending segments are left alone
  bool pauses = false;                               // none of the coordinator's duties is done

  /// An absent one has the defaults.
  static CoordinatorConfig parse(const std::optional<Json>& json);
  /// With the fields that `changes` has; those that it does not have, or has as null, stay. Throws kInvalidInput naming
  /// the field.
  CoordinatorConfig with(const JsonField& changes) const;
};

/// Whether the kept one pauses the coordinator's duties.
bool coordination_pauses(const TaskStorage& storage);

}  // namespace sarsen::ingest
