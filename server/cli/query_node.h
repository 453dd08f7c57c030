#pragma once
// The part of a server that answers queries: the engine over a catalog, who waits for it, what it remembers, and the
// lookups.

#include "engine/cache/result_cache.h"
#include "engine/exec/worker_pool.h"
#include "engine/query/query_engine.h"
#include "server/api/lookups.h"
#include "server/api/native_query.h"
#include "server/api/running_queries.h"
#include "server/cli/data_folder.h"
#include "server/cli/server_settings.h"
#include "server/http/router.h"
#include "storage/segment/catalog.h"

namespace sarsen::server {

class QueryNode {
 public:
  /// REQUIRES: the catalog outlives it.
  QueryNode(const ServerSettings& settings, const DataFolder& data, const storage::Catalog& catalog);

  /// REQUIRES: it outlives the router.
  void add_routes(Router& router);

 private:
  engine::WorkerPool pool_;
  engine::ResultCache results_;
  const engine::QueryEngine engine_;
  QueryScheduler scheduler_;
  RunningQueries running_;
  CachedAnswers cache_;
  LookupStore lookups_;
};

}  // namespace sarsen::server
