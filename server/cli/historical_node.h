#pragma once
// A server as a historical of a stock Druid cluster, where druid.server.maxSize is set: it serves what a coordinator
// orders it to, over HTTP and through ZooKeeper, and is nothing else (ingest/load_orders/README.md).

#include <memory>
#include <string>

#include "ingest/load_orders/load_orders.h"
#include "ingest/load_orders/load_queue.h"
#include "ingest/zookeeper/zookeeper.h"
#include "server/cli/data_folder.h"
#include "server/cli/segment_stores.h"
#include "server/cli/server_settings.h"
#include "server/http/router.h"
#include "storage/segment/catalog.h"

namespace sarsen::server {

class HistoricalNode {
 public:
  /// REQUIRES: the references but `settings` outlive it.
  HistoricalNode(const ServerSettings& settings, SegmentStores& stores, const DataFolder& data,
                 storage::Catalog& catalog);

  /// REQUIRES: it outlives the router.
  void add_routes(Router& router);

  /// Serves what was ordered earlier. Returns the number of segments.
  std::size_t restore() { return orders_.restore(); }

  /// `zookeeper`: null where there is none; it outlives this. `load_queue`: the node below which orders are.
  void start(ingest::ZooKeeper* zookeeper, const std::string& load_queue);
  void stop();

 private:
  ingest::LoadOrders orders_;
  std::unique_ptr<ingest::LoadQueue> queue_;
};

/// Whether what else the server is told to be fits to that. Throws kInvalidInput.
void check_historical(const ServerSettings& settings);

}  // namespace sarsen::server
