#pragma once
// /status and what hangs below it: version, memory, health, properties, self-discovery. The version shown is that of
// the Druid whose behaviour this server has, because clients choose their queries by it; our own is among the modules.

#include <map>
#include <string>

#include "server/http/router.h"

namespace sarsen::server {

/// The release of Apache Druid that answers are compared with.
inline constexpr std::string_view kDruidVersion = "33.0.0";

/// Our own: the project's version.
std::string_view program_version() noexcept;

/// `properties`: the settings in force, for /status/properties.
void add_status_routes(Router& router, std::map<std::string, std::string> properties);

}  // namespace sarsen::server
