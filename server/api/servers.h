#pragma once
// The servers of the cluster, which is this process. Below /druid/coordinator/v1:
//   GET /servers[?simple|?full], /servers/{name}[?simple], /servers/{name}/segments[?full], …/segments/{id}
//   GET /cluster[?full=true], /cluster/{role}[?full=true]
// A server or segment that is not there: 404 without a body, as in Druid.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "ingest/metadata/metadata_store.h"
#include "server/http/router.h"
#include "storage/segment/catalog.h"

namespace sarsen::server {

/// This process as Druid's nodes know each other.
struct ClusterNode {
  /// Each role with the name of its service, in the order in which they are told.
  std::vector<std::pair<std::string, std::string>> services;
  std::int64_t start_time_ms = 0;
};

/// `host_and_port` is read when asked: it is known when the server listens. REQUIRES: all but `node` outlive the
/// router.
void add_server_routes(Router& router, const ingest::MetadataStore& metadata, const storage::Catalog& catalog,
                       const std::string& host_and_port, const ClusterNode& node);

/// The ids of what this process serves as a historical.
std::vector<std::string> served_segment_ids(const storage::Catalog& catalog);

}  // namespace sarsen::server
