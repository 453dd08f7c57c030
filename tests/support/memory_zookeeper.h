#pragma once
// A ZooKeeper in memory: several sessions over one tree of nodes, which can be away, and whose sessions can expire.

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "ingest/zookeeper/zookeeper.h"

namespace sarsen::ingest {

/// The servers' side. Thread-safe; outlives the clients.
class MemoryZooKeeper {
 public:
  struct Node {
    std::string data;
    std::uint64_t owner = 0;  // a session; 0: persistent
    int next_number = 0;      // of its sequential children
  };

  /// A client, to be handed to what wants to connect.
  ConnectZooKeeper connecting() {
    return [this](ZooKeeper::Listener listener) { return connect(std::move(listener)); };
  }
  std::unique_ptr<ZooKeeper> connect(ZooKeeper::Listener listener = {});

  /// Away: nothing is answered, and sessions stay.
  void set_away(bool away);
  /// All sessions end, and with them their nodes.
  void expire();
  /// A session that nobody holds any more, as of a process that was killed.
  std::uint64_t abandoned_session();

  /// Writes a node and what is above it.
  void put(const std::string& path, const std::string& data, std::uint64_t owner = 0);
  void remove(const std::string& path);
  /// Path and data of all nodes below `folder`.
  std::map<std::string, std::string> below(const std::string& folder) const;

 private:
  friend class MemorySession;

  bool has_children(const std::string& path) const;
  void fire(const std::string& path);

  mutable std::recursive_mutex mutex_;
  std::map<std::string, Node> nodes_;
  std::map<std::uint64_t, ZooKeeper::Listener> sessions_;
  std::set<std::pair<std::string, std::uint64_t>> watches_;
  std::uint64_t last_session_ = 0;
  bool away_ = false;
};

}  // namespace sarsen::ingest
