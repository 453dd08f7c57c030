#pragma once
// Orders of a coordinator as nodes of ZooKeeper, below loadQueue/HOST:PORT, as Druid's of 0.7 to 30 write them. A node
// is removed when its order was carried out, or could not be: the coordinator sees by the announcements what became of
// it. Thread safety: start and stop by one thread.

#include <map>
#include <string>

#include "ingest/load_orders/load_orders.h"
#include "ingest/zookeeper/zookeeper.h"
#include "storage/base/periodic_thread.h"

namespace sarsen::ingest {

class LoadQueue {
 public:
  /// REQUIRES: the references outlive it.
  LoadQueue(ZooKeeper& zookeeper, std::string folder, LoadOrders& orders);
  LoadQueue(const LoadQueue&) = delete;
  LoadQueue& operator=(const LoadQueue&) = delete;

  void start();
  void stop() { thread_.stop(); }

  /// Once: takes in what is new, and removes what is done. ZooKeeper may be away.
  void look();

 private:
  bool read(const std::string& path);
  bool is_finished(const std::string& path);

  ZooKeeper& zookeeper_;
  const std::string folder_;
  LoadOrders& orders_;
  std::map<std::string, LoadOrder> orders_at_;  // by path; the thread's
  PeriodicThread thread_;
};

}  // namespace sarsen::ingest
