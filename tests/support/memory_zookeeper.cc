#include "tests/support/memory_zookeeper.h"

#include <array>
#include <cstdio>
#include <utility>
#include <vector>

namespace sarsen::ingest {

using Guard = std::lock_guard<std::recursive_mutex>;

class MemorySession final : public ZooKeeper {
 public:
  MemorySession(MemoryZooKeeper& servers, Listener listener) : servers_(servers), listener_(std::move(listener)) {}
  ~MemorySession() override { close(); }

  std::uint64_t session(int) override {
    const Guard guard(servers_.mutex_);
    if (servers_.away_ || closed_) return 0;
    if (!servers_.sessions_.contains(number_)) {
      number_ = ++servers_.last_session_;
      servers_.sessions_[number_] = listener_;
    }
    return number_;
  }

  ZooKeeperAnswer create(const std::string& path, const std::string& data, NodeKind kind,
                         std::string* created) override {
    const Guard guard(servers_.mutex_);
    if (is_away()) return ZooKeeperAnswer::kAway;
    const auto parent = servers_.nodes_.find(path.substr(0, path.rfind('/')));
    if (path.rfind('/') != 0 && parent == servers_.nodes_.end()) return ZooKeeperAnswer::kMissing;
    if (parent != servers_.nodes_.end() && parent->second.owner != 0) return ZooKeeperAnswer::kRefused;
    std::string whole = path;
    if (kind == NodeKind::kEphemeralSequential) {
      std::array<char, 16> number{};
      std::snprintf(number.data(), number.size(), "%010d", parent->second.next_number++);
      whole += number.data();
    }
    const std::uint64_t owner = kind == NodeKind::kPersistent ? 0 : number_;
    if (!servers_.nodes_.try_emplace(whole, MemoryZooKeeper::Node{data, owner, 0}).second)
      return ZooKeeperAnswer::kExists;
    if (created != nullptr) *created = whole;
    return ZooKeeperAnswer::kDone;
  }

  ZooKeeperAnswer set(const std::string& path, const std::string& data) override {
    const Guard guard(servers_.mutex_);
    if (is_away()) return ZooKeeperAnswer::kAway;
    const auto found = servers_.nodes_.find(path);
    if (found == servers_.nodes_.end()) return ZooKeeperAnswer::kMissing;
    found->second.data = data;
    servers_.fire(path);
    return ZooKeeperAnswer::kDone;
  }

  ZooKeeperAnswer get(const std::string& path, ZooKeeperNode& node, bool watch) override {
    const Guard guard(servers_.mutex_);
    if (is_away()) return ZooKeeperAnswer::kAway;
    const auto found = servers_.nodes_.find(path);
    if (found == servers_.nodes_.end()) return ZooKeeperAnswer::kMissing;
    node = {found->second.data, found->second.owner == number_};
    if (watch) servers_.watches_.emplace(path, number_);
    return ZooKeeperAnswer::kDone;
  }

  ZooKeeperAnswer remove(const std::string& path) override {
    const Guard guard(servers_.mutex_);
    if (is_away()) return ZooKeeperAnswer::kAway;
    if (!servers_.nodes_.contains(path)) return ZooKeeperAnswer::kMissing;
    if (servers_.has_children(path)) return ZooKeeperAnswer::kRefused;
    servers_.remove(path);
    return ZooKeeperAnswer::kDone;
  }

  ZooKeeperAnswer children(const std::string& path, std::vector<std::string>& names) override {
    const Guard guard(servers_.mutex_);
    if (is_away()) return ZooKeeperAnswer::kAway;
    if (!servers_.nodes_.contains(path)) return ZooKeeperAnswer::kMissing;
    for (const auto& [other, node] : servers_.nodes_)
      if (other.starts_with(path + "/") && other.find('/', path.size() + 1) == std::string::npos)
        names.push_back(other.substr(path.size() + 1));
    return ZooKeeperAnswer::kDone;
  }

  void close() override {
    const Guard guard(servers_.mutex_);
    closed_ = true;
    servers_.sessions_.erase(number_);
    std::erase_if(servers_.nodes_, [this](const auto& entry) { return number_ != 0 && entry.second.owner == number_; });
  }

 private:
  bool is_away() const { return servers_.away_ || closed_ || !servers_.sessions_.contains(number_); }

  MemoryZooKeeper& servers_;
  const Listener listener_;
  std::uint64_t number_ = 0;
  bool closed_ = false;
};

std::unique_ptr<ZooKeeper> MemoryZooKeeper::connect(ZooKeeper::Listener listener) {
  return std::make_unique<MemorySession>(*this, std::move(listener));
}

void MemoryZooKeeper::set_away(bool away) {
  const Guard guard(mutex_);
  away_ = away;
  for (const auto& [number, listener] : sessions_)
    if (listener) listener("");
}

void MemoryZooKeeper::expire() {
  const Guard guard(mutex_);
  std::erase_if(nodes_, [](const auto& entry) { return entry.second.owner != 0; });
  watches_.clear();
  for (const auto& [number, listener] : std::exchange(sessions_, {}))
    if (listener) listener("");
}

std::uint64_t MemoryZooKeeper::abandoned_session() {
  const Guard guard(mutex_);
  return ++last_session_;
}

void MemoryZooKeeper::put(const std::string& path, const std::string& data, std::uint64_t owner) {
  const Guard guard(mutex_);
  for (std::size_t slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1))
    nodes_.try_emplace(path.substr(0, slash));
  nodes_[path] = {data, owner, 0};
}

void MemoryZooKeeper::remove(const std::string& path) {
  const Guard guard(mutex_);
  nodes_.erase(path);
  fire(path);
}

std::map<std::string, std::string> MemoryZooKeeper::below(const std::string& folder) const {
  const Guard guard(mutex_);
  std::map<std::string, std::string> found;
  for (const auto& [path, node] : nodes_)
    if (path.starts_with(folder + "/")) found[path] = node.data;
  return found;
}

bool MemoryZooKeeper::has_children(const std::string& path) const {
  const auto next = nodes_.upper_bound(path + "/");
  return next != nodes_.end() && next->first.starts_with(path + "/");
}

void MemoryZooKeeper::fire(const std::string& path) {
  for (auto& [number, listener] : sessions_)
    if (watches_.erase({path, number}) != 0 && listener) listener(path);
}

}  // namespace sarsen::ingest
