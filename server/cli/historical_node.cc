#include "server/cli/historical_node.h"

#include <algorithm>
#include <thread>

#include "server/api/change_requests.h"
#include "storage/base/error.h"

namespace sarsen::server {
namespace {

namespace fs = std::filesystem;

/// Druid's defaults: in the first location, and a sixth of the processors.
fs::path info_directory(const ServerSettings& settings, const DataFolder& data) {
  if (!settings.info_directory.empty()) return settings.info_directory;
  const auto& locations = settings.storage.cache_locations;
  return (locations.empty() ? data.cache() : locations.front().path) / "info_dir";
}

std::size_t loading_threads(const ServerSettings& settings) {
  if (settings.loading_threads > 0) return settings.loading_threads;
  return std::max<std::size_t>(1, std::thread::hardware_concurrency() / 6);
}

}  // namespace

HistoricalNode::HistoricalNode(const ServerSettings& settings, SegmentStores& stores, const DataFolder& data,
                               storage::Catalog& catalog)
    : orders_({.info_directory = info_directory(settings, data),
               .drop_delay = settings.hand_off.drop_delay,
               .threads = loading_threads(settings)},
              stores.cache(), catalog) {}

void HistoricalNode::add_routes(Router& router) { add_change_request_routes(router, orders_); }

void HistoricalNode::start(ingest::ZooKeeper* zookeeper, const std::string& load_queue) {
  orders_.start();
  if (zookeeper == nullptr) return;
  queue_ = std::make_unique<ingest::LoadQueue>(*zookeeper, load_queue, orders_);
  queue_->start();
}

void HistoricalNode::stop() {
  queue_ = nullptr;
  orders_.stop();
}

/// What grows must not be announced by a historical: brokers would keep its answers, and coordinators take it for
/// handed off.
void check_historical(const ServerSettings& settings) {
  const AnnouncementSettings& announcement = settings.announcement;
  if (!announcement.takes_orders()) return;
  if (!settings.spec_files.empty())
    throw Error(ErrorCategory::kInvalidInput,
                "druid.server.maxSize: a server that takes the orders of a coordinator is a historical: "
                "druid.realtime.specFile belongs to another process");
  if (!announcement.wanted()) return;
  if (!announcement.roles.contains("historical") || announcement.roles.contains("coordinator") ||
      announcement.roles.contains("overlord"))
    throw Error(ErrorCategory::kInvalidInput,
                "druid.server.maxSize: a server that takes the orders of a coordinator is a historical: "
                "sarsen.zookeeper.roles must be [\"historical\"], perhaps with broker");
}

}  // namespace sarsen::server
