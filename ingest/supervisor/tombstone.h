#pragma once
// How the store says that a supervisor was terminated: Druid's NoopSupervisorSpec, as its newest version.

#include <string>

#include "storage/base/json.h"

namespace sarsen::ingest {

inline constexpr const char* kTombstoneType = "NoopSupervisorSpec";

/// Druid tells it with a second "type", noop, which no reader needs.
inline Json tombstone(const std::string& data_source) {
  return Json::Object{{"type", kTombstoneType},
                      {"id", Json()},
                      {"dataSources", Json::Array{Json(data_source)}},
                      {"suspended", false},
                      {"source", "noop"}};
}

inline bool is_tombstone(const Json& spec) {
  const Json* type = spec.find("type");
  return type != nullptr && type->is_string() && type->string() == kTombstoneType;
}

}  // namespace sarsen::ingest
