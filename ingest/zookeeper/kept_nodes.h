#pragma once
// The nodes that this process keeps in ZooKeeper: what is wanted is noted at once, and a thread of its own brings
// ZooKeeper there, tries again while it is away, and makes everything anew with each new session, after an expiry or
// where somebody removes a node.
//
// A node of the same path that another session left (a process that was killed) is removed first. Thread safety: all
// methods from any thread, none waits for ZooKeeper but stop() and settle().

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "ingest/zookeeper/zookeeper.h"

namespace sarsen::ingest {

class KeptNodes {
 public:
  /// `where` names ZooKeeper in the log. Nothing is done before start().
  KeptNodes(const ConnectZooKeeper& connect, std::string where);
  /// Stops.
  ~KeptNodes();
  KeptNodes(const KeptNodes&) = delete;
  KeptNodes& operator=(const KeptNodes&) = delete;

  void start();

  /// An ephemeral node with this data, or new data for it.
  void put(const std::string& path, std::string data);
  /// An ephemeral node whose path gets a number at its end. `prefix` is of this process alone: it has an id in it.
  void put_sequential(const std::string& prefix, std::string data);
  /// A persistent node, written once: who changes it later is right. Of several writes the last one counts.
  void write(const std::string& path, std::string data);
  /// Removes what was put.
  void remove(const std::string& path);
  /// A folder of this process alone: what an earlier process left there is removed as a session begins.
  void own_folder(const std::string& path);

  /// Waits until ZooKeeper has everything; false where it does not come so far in time.
  bool settle(std::chrono::milliseconds timeout);

  /// Ends the session, and with it the ephemeral nodes; what is to be written is written first, where ZooKeeper
  /// answers. Takes a few seconds at most.
  void stop();

  /// For reading.
  ZooKeeper& zookeeper() noexcept { return *zookeeper_; }

 private:
  using Time = std::chrono::steady_clock::time_point;

  struct Node {
    std::string data;
    NodeKind kind = NodeKind::kEphemeral;
    std::string created = {};  // of a sequential one
    bool wanted = true;        // else it is to be removed
    bool due = true;           // something is to be done
    std::uint64_t change = 0;  // which of all that was asked
    Time not_before = Time::min();
  };
  using Nodes = std::map<std::string, Node>;

  void run();
  void notice(const std::string& path);
  void ask(const std::string& path, std::string data, NodeKind kind, bool wanted);
  bool work();
  bool connect();
  void begin_session(std::uint64_t session);
  bool sweep();
  ZooKeeperAnswer sweep(const std::string& folder);
  bool bring_all();
  ZooKeeperAnswer bring(const std::string& path, Node& node);
  ZooKeeperAnswer bring_ephemeral(const std::string& path, const std::string& data);
  ZooKeeperAnswer bring_sequential(const std::string& prefix, Node& node);
  ZooKeeperAnswer bring_persistent(const std::string& path, const std::string& data);
  ZooKeeperAnswer create(const std::string& path, const std::string& data, NodeKind kind, std::string* created);
  void done(const std::string& path, const Node& node, ZooKeeperAnswer answer);
  bool has_due(Time now) const;
  bool writes_are_due() const;

  const std::string where_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Nodes nodes_;
  std::set<std::string> folders_;
  std::uint64_t changes_ = 0;
  bool session_changed_ = false;
  bool busy_ = false;  // a node is being brought there
  bool stopping_ = false;
  // Of the thread:
  std::uint64_t session_ = 0;
  std::set<std::string> unswept_;
  std::set<std::string> replaced_;  // in this session
  bool away_told_ = false;

  std::unique_ptr<ZooKeeper> zookeeper_;
  std::thread thread_;
};

}  // namespace sarsen::ingest
