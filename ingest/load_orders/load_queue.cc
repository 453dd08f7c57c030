#include "ingest/load_orders/load_queue.h"

#include <chrono>
#include <set>
#include <utility>
#include <vector>

#include "ingest/zookeeper/gzipped.h"
#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

constexpr std::chrono::milliseconds kLookPeriod{500};

}  // namespace

LoadQueue::LoadQueue(ZooKeeper& zookeeper, std::string folder, LoadOrders& orders)
    : zookeeper_(zookeeper), folder_(std::move(folder)), orders_(orders) {}

void LoadQueue::start() {
  thread_.repeat("load-queue", kLookPeriod, kLookPeriod, "The load queue could not be read", [this] { look(); });
}

void LoadQueue::look() {
  std::vector<std::string> names;
  if (zookeeper_.children(folder_, names) != ZooKeeperAnswer::kDone) return;
  std::set<std::string> present;
  for (const std::string& name : names) {
    const std::string path = folder_ + "/" + name;
    present.insert(path);
    if (read(path) && !is_finished(path)) continue;
    if (zookeeper_.remove(path) == ZooKeeperAnswer::kAway) return;
    orders_at_.erase(path);
  }
  std::erase_if(orders_at_, [&](const auto& order) { return !present.contains(order.first); });  // taken back
}

/// False where there is nothing to be carried out.
bool LoadQueue::read(const std::string& path) {
  if (orders_at_.contains(path)) return true;
  ZooKeeperNode node;
  if (zookeeper_.get(path, node, false) != ZooKeeperAnswer::kDone) return true;
  try {
    const Json json = Json::parse(gunzipped(node.data));
    if (JsonField(json)["action"].string_or("") == "noop") return false;
    orders_at_.emplace(path, LoadOrder::parse(json));
    return true;
  } catch (const std::exception& error) {
    log_error("The order {} is not understood and is removed: {}", path, error.what());
    return false;
  }
}

bool LoadQueue::is_finished(const std::string& path) {
  const auto order = orders_at_.find(path);
  if (order == orders_at_.end()) return false;  // not read yet
  return orders_.take({order->second}, std::chrono::milliseconds(0)).has_value();
}

}  // namespace sarsen::ingest
