#pragma once
// What an overlord and a coordinator say of who leads, below /druid/indexer/v1 and /druid/coordinator/v1:
//   GET /leader     the base URL of the leader
//   GET /isLeader   200 {"leader":true}, or 404 {"leader":false}
// Where another process leads, it is sent to it (307) for everything else below that path.

#include <functional>
#include <optional>
#include <string>

#include "server/http/router.h"

namespace sarsen::server {

/// The base URL of another process that leads, empty where it is not known which; nullopt where this one does. From any
/// thread; answers at once.
using OtherLeader = std::function<std::optional<std::string>()>;

/// `host_and_port`: of this process; it may be written until the server listens, and outlives the router.
void add_leader_routes(Router& router, const std::string& base, const std::string& host_and_port, OtherLeader other);

}  // namespace sarsen::server
