#include "ingest/zookeeper/kept_nodes.h"

#include <algorithm>
#include <utility>

#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

constexpr int kConnectMs = 1'000;
constexpr milliseconds kRetryPeriod{500};
constexpr milliseconds kLookPeriod{5'000};      // for a session that ended without a word
constexpr milliseconds kRefusedPeriod{30'000};  // until what was refused is tried again
constexpr milliseconds kLastWrites{2'000};      // how long a stop waits for what is to be written
constexpr int kTriesMax = 3;

}  // namespace

KeptNodes::KeptNodes(const ConnectZooKeeper& connect, std::string where)
    : where_(std::move(where)), zookeeper_(connect([this](const std::string& path) { notice(path); })) {}

KeptNodes::~KeptNodes() { stop(); }

void KeptNodes::start() {
  thread_ = std::thread([this] { run(); });
}

void KeptNodes::put(const std::string& path, std::string data) {
  ask(path, std::move(data), NodeKind::kEphemeral, true);
}

void KeptNodes::put_sequential(const std::string& prefix, std::string data) {
  ask(prefix, std::move(data), NodeKind::kEphemeralSequential, true);
}

void KeptNodes::write(const std::string& path, std::string data) {
  ask(path, std::move(data), NodeKind::kPersistent, true);
}

void KeptNodes::remove(const std::string& path) { ask(path, "", NodeKind::kEphemeral, false); }

void KeptNodes::own_folder(const std::string& path) {
  const std::lock_guard lock(mutex_);
  folders_.insert(path);
}

void KeptNodes::ask(const std::string& path, std::string data, NodeKind kind, bool wanted) {
  const std::lock_guard lock(mutex_);
  const auto [found, added] = nodes_.try_emplace(path);
  Node& node = found->second;
  if (!added && wanted && node.wanted && node.data == data && node.kind == kind) return;
  node.data = std::move(data);
  if (wanted) node.kind = kind;
  node.wanted = wanted;
  node.due = true;
  node.not_before = Time::min();
  node.change = ++changes_;
  changed_.notify_all();
}

/// On a thread of the client.
void KeptNodes::notice(const std::string& path) {
  const std::lock_guard lock(mutex_);
  if (path.empty()) session_changed_ = true;
  for (auto& [wanted, node] : nodes_)
    if (wanted == path || (!path.empty() && node.created == path)) node.due = true;
  changed_.notify_all();
}

bool KeptNodes::settle(milliseconds timeout) {
  std::unique_lock lock(mutex_);
  const auto nothing_due = [this] {
    if (busy_) return false;
    for (const auto& [path, node] : nodes_)
      if (node.due) return false;
    return true;
  };
  return changed_.wait_for(lock, timeout, nothing_due);
}

bool KeptNodes::writes_are_due() const {
  for (const auto& [path, node] : nodes_)
    if ((node.due || busy_) && node.kind == NodeKind::kPersistent) return true;
  return false;
}

void KeptNodes::stop() {
  {
    std::unique_lock lock(mutex_);
    if (stopping_) return;
    if (thread_.joinable()) changed_.wait_for(lock, kLastWrites, [this] { return !writes_are_due(); });
    if (writes_are_due()) log_warn("ZooKeeper at {} does not answer: what was to be written there is not", where_);
    stopping_ = true;
    changed_.notify_all();
  }
  zookeeper_->close();
  if (thread_.joinable()) thread_.join();
}

bool KeptNodes::has_due(Time now) const {
  for (const auto& [path, node] : nodes_)
    if (node.due && node.not_before <= now) return true;
  return false;
}

void KeptNodes::run() {
  set_thread_name("zookeeper");
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    session_changed_ = false;
    lock.unlock();
    const bool done = work();
    lock.lock();
    if (done)
      changed_.wait_for(lock, kLookPeriod,
                        [this] { return stopping_ || session_changed_ || has_due(SteadyClock::now()); });
    else
      changed_.wait_for(lock, kRetryPeriod, [this] { return stopping_; });
  }
}

/// False where ZooKeeper is away: all of it is tried again.
bool KeptNodes::work() { return connect() && sweep() && bring_all(); }

bool KeptNodes::connect() {
  const std::uint64_t session = zookeeper_->session(kConnectMs);
  if (session == 0) {
    const std::lock_guard lock(mutex_);
    if (!stopping_ && !std::exchange(away_told_, true)) log_warn("ZooKeeper at {} does not answer", where_);
    return false;
  }
  if (std::exchange(away_told_, false)) log_info("ZooKeeper at {} answers again", where_);
  if (session != session_) begin_session(session);
  return true;
}

void KeptNodes::begin_session(std::uint64_t session) {
  log_info("{} session with ZooKeeper at {}", session_ == 0 ? "A" : "A new", where_);
  session_ = session;
  replaced_.clear();
  const std::lock_guard lock(mutex_);
  unswept_ = folders_;
  for (auto& [path, node] : nodes_) {
    node.due = true;
    node.not_before = Time::min();
    node.created.clear();
  }
}

bool KeptNodes::sweep() {
  while (!unswept_.empty()) {
    const std::string folder = *unswept_.begin();
    if (sweep(folder) == ZooKeeperAnswer::kAway) return false;
    unswept_.erase(folder);
  }
  return true;
}

ZooKeeperAnswer KeptNodes::sweep(const std::string& folder) {
  std::vector<std::string> names;
  ZooKeeperAnswer answer = zookeeper_->children(folder, names);
  for (const std::string& name : names) {
    const std::string path = folder + "/" + name;
    {
      const std::lock_guard lock(mutex_);
      if (nodes_.contains(path)) continue;
    }
    answer = zookeeper_->remove(path);
    if (answer == ZooKeeperAnswer::kAway) break;
  }
  return answer;
}

bool KeptNodes::bring_all() {
  while (true) {
    std::string path;
    Node node;
    {
      const std::lock_guard lock(mutex_);
      const auto now = SteadyClock::now();
      const auto next = std::find_if(nodes_.begin(), nodes_.end(), [now](const auto& entry) {
        return entry.second.due && entry.second.not_before <= now;
      });
      if (stopping_ || next == nodes_.end()) return true;
      path = next->first;
      node = next->second;
      busy_ = true;
      next->second.due = false;  // what is noticed from here on makes it so again
    }
    const ZooKeeperAnswer answer = bring(path, node);
    done(path, node, answer);
    if (answer == ZooKeeperAnswer::kAway) return false;
  }
}

void KeptNodes::done(const std::string& path, const Node& node, ZooKeeperAnswer answer) {
  const std::lock_guard lock(mutex_);
  busy_ = false;
  const auto found = nodes_.find(path);
  Node& now = found->second;
  now.created = node.created;
  const bool finished = answer == ZooKeeperAnswer::kDone || (!node.wanted && answer == ZooKeeperAnswer::kMissing);
  if (!finished) now.due = true;
  if (!finished && answer != ZooKeeperAnswer::kAway && now.change == node.change) {
    log_error("The node {} cannot be written: {}", path, text_of(answer));
    now.not_before = SteadyClock::now() + kRefusedPeriod;
  }
  const bool forgotten = !node.wanted || node.kind == NodeKind::kPersistent;
  if (finished && forgotten && now.change == node.change) nodes_.erase(found);
  changed_.notify_all();
}

ZooKeeperAnswer KeptNodes::bring(const std::string& path, Node& node) {
  if (!node.wanted) return zookeeper_->remove(node.created.empty() ? path : node.created);
  switch (node.kind) {
    case NodeKind::kEphemeral:
      return bring_ephemeral(path, node.data);
    case NodeKind::kEphemeralSequential:
      return bring_sequential(path, node);
    case NodeKind::kPersistent:
      return bring_persistent(path, node.data);
  }
  return ZooKeeperAnswer::kRefused;
}

ZooKeeperAnswer KeptNodes::create(const std::string& path, const std::string& data, NodeKind kind,
                                  std::string* created) {
  const ZooKeeperAnswer answer = zookeeper_->create(path, data, kind, created);
  if (answer != ZooKeeperAnswer::kMissing) return answer;
  const ZooKeeperAnswer parents = create_parents(*zookeeper_, path);
  return parents == ZooKeeperAnswer::kDone ? zookeeper_->create(path, data, kind, created) : parents;
}

ZooKeeperAnswer KeptNodes::bring_ephemeral(const std::string& path, const std::string& data) {
  for (int tries = 0; tries < kTriesMax; ++tries) {
    const ZooKeeperAnswer answer = create(path, data, NodeKind::kEphemeral, nullptr);
    if (answer != ZooKeeperAnswer::kDone && answer != ZooKeeperAnswer::kExists) return answer;
    ZooKeeperNode found;
    const ZooKeeperAnswer got = zookeeper_->get(path, found, true);
    if (got == ZooKeeperAnswer::kMissing) continue;
    if (got != ZooKeeperAnswer::kDone) return got;
    if (found.own) return found.data == data ? got : zookeeper_->set(path, data);
    if (!replaced_.insert(path).second) {
      log_error("Another process announces itself at {} too", path);
      return ZooKeeperAnswer::kRefused;
    }
    log_info("The node {} of an earlier session is replaced", path);
    zookeeper_->remove(path);
  }
  return ZooKeeperAnswer::kAway;
}

/// An answer may be lost after the node was made, so that is looked for by its prefix.
ZooKeeperAnswer KeptNodes::bring_sequential(const std::string& prefix, Node& node) {
  const std::size_t slash = prefix.rfind('/');
  std::vector<std::string> names;
  const ZooKeeperAnswer listed = zookeeper_->children(prefix.substr(0, slash), names);
  if (listed != ZooKeeperAnswer::kDone && listed != ZooKeeperAnswer::kMissing) return listed;
  for (const std::string& name : names) {
    if (!name.starts_with(prefix.substr(slash + 1))) continue;
    const std::string path = prefix.substr(0, slash + 1) + name;
    ZooKeeperNode found;
    const ZooKeeperAnswer got = zookeeper_->get(path, found, true);
    if (got == ZooKeeperAnswer::kDone && found.own) {
      node.created = path;
      return got;
    }
    if (got == ZooKeeperAnswer::kDone) zookeeper_->remove(path);  // of the session before
    if (got == ZooKeeperAnswer::kAway) return got;
  }
  const ZooKeeperAnswer answer = create(prefix, node.data, NodeKind::kEphemeralSequential, &node.created);
  ZooKeeperNode ignored;
  return answer == ZooKeeperAnswer::kDone ? zookeeper_->get(node.created, ignored, true) : answer;
}

ZooKeeperAnswer KeptNodes::bring_persistent(const std::string& path, const std::string& data) {
  const ZooKeeperAnswer answer = zookeeper_->set(path, data);
  if (answer != ZooKeeperAnswer::kMissing) return answer;
  const ZooKeeperAnswer created = create(path, data, NodeKind::kPersistent, nullptr);
  return created == ZooKeeperAnswer::kExists ? zookeeper_->set(path, data) : created;
}

}  // namespace sarsen::ingest
