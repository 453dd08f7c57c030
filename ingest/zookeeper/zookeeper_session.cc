// The only door to ZooKeeper's C client. Its calls that wait have no time limit, so those that do not are used, and the
// waiting is done here.
#include "ingest/zookeeper/zookeeper.h"
#include "storage/base/error.h"

#ifdef SARSEN_HAS_ZOOKEEPER
#include <zookeeper/zookeeper.h>

#include <atomic>
#include <chrono>
#include <cstring>
#include <future>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "storage/base/log.h"
#endif

namespace sarsen::ingest {

#ifndef SARSEN_HAS_ZOOKEEPER

void check_zookeeper_is_built(const std::string& name) {
  throw Error(ErrorCategory::kUnsupported,
              name + ": this program was built without ZooKeeper's client library (libzookeeper-mt-dev)");
}

std::unique_ptr<ZooKeeper> connect_zookeeper(const ZooKeeperSettings& settings, ZooKeeper::Listener) {
  check_zookeeper_is_built("ZooKeeper at " + settings.servers);
  return nullptr;
}

#else

namespace {

using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

constexpr milliseconds kSlice{20};            // how soon close() is noticed
constexpr milliseconds kReopenPeriod{2'000};  // between tries after names did not resolve, or users were refused

struct Reply {
  int code = ZOPERATIONTIMEOUT;
  std::string text = {};
  std::int64_t owner = 0;
  std::vector<std::string> names = {};
};

using Promise = std::promise<Reply>;

void fulfil(const void* promise, Reply reply) {
  const std::unique_ptr<Promise> owned(static_cast<Promise*>(const_cast<void*>(promise)));
  owned->set_value(std::move(reply));
}

void on_created(int code, const char* path, const void* promise) {
  fulfil(promise, {.code = code, .text = path == nullptr ? "" : path});
}

void on_set(int code, const Stat*, const void* promise) { fulfil(promise, {.code = code}); }

void on_removed(int code, const void* promise) { fulfil(promise, {.code = code}); }

void on_got(int code, const char* value, int length, const Stat* stat, const void* promise) {
  Reply reply{.code = code};
  if (value != nullptr && length > 0) reply.text.assign(value, static_cast<std::size_t>(length));
  if (stat != nullptr) reply.owner = stat->ephemeralOwner;
  fulfil(promise, std::move(reply));
}

void on_children(int code, const String_vector* names, const void* promise) {
  Reply reply{.code = code};
  for (std::int32_t at = 0; names != nullptr && at < names->count; ++at) reply.names.emplace_back(names->data[at]);
  fulfil(promise, std::move(reply));
}

ZooKeeperAnswer answer_of(int code) noexcept {
  switch (code) {
    case ZOK:
      return ZooKeeperAnswer::kDone;
    case ZNODEEXISTS:
      return ZooKeeperAnswer::kExists;
    case ZNONODE:
      return ZooKeeperAnswer::kMissing;
    case ZNOAUTH:
    case ZAUTHFAILED:
    case ZINVALIDACL:
    case ZBADARGUMENTS:
    case ZMARSHALLINGERROR:
    case ZNOTEMPTY:
    case ZNOCHILDRENFOREPHEMERALS:
      return ZooKeeperAnswer::kRefused;
    default:
      return ZooKeeperAnswer::kAway;
  }
}

int mode_of(NodeKind kind) noexcept {
  if (kind == NodeKind::kEphemeral) return ZOO_EPHEMERAL;
  return kind == NodeKind::kEphemeralSequential ? ZOO_EPHEMERAL_SEQUENTIAL : 0;
}

void log_line(const char* text) { log_debug("ZooKeeper client: {}", text); }

class Session final : public ZooKeeper {
 public:
  Session(ZooKeeperSettings settings, Listener listener)
      : settings_(std::move(settings)), listener_(std::move(listener)) {
    zoo_set_debug_level(ZOO_LOG_LEVEL_WARN);
  }
  ~Session() override { close(); }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  std::uint64_t session(int timeout_ms) override {
    const auto deadline = SteadyClock::now() + milliseconds(timeout_ms);
    while (!closed_) {
      if (const std::uint64_t number = open_session()) return number;
      if (SteadyClock::now() >= deadline) break;
      std::this_thread::sleep_for(kSlice);
    }
    return 0;
  }

  ZooKeeperAnswer create(const std::string& path, const std::string& data, NodeKind kind,
                         std::string* created) override {
    Reply reply = create_whole(whole_path(path), data, kind);
    if (reply.code == ZNONODE && !settings_.chroot.empty() && path.find('/', 1) == std::string::npos) {
      make_chroot();
      reply = create_whole(whole_path(path), data, kind);
    }
    if (reply.code == ZOK && created != nullptr && reply.text.size() >= settings_.chroot.size())
      *created = reply.text.substr(settings_.chroot.size());
    return answer_of(reply.code);
  }

  ZooKeeperAnswer set(const std::string& path, const std::string& data) override {
    const std::string whole = whole_path(path);
    return answer_of(ask([&](zhandle_t* handle, Promise* promise) {
                       return zoo_aset(handle, whole.c_str(), data.data(), static_cast<int>(data.size()), -1, on_set,
                                       promise);
                     }).code);
  }

  ZooKeeperAnswer get(const std::string& path, ZooKeeperNode& node, bool watch) override {
    const std::string whole = whole_path(path);
    Reply reply = ask([&](zhandle_t* handle, Promise* promise) {
      return zoo_aget(handle, whole.c_str(), watch ? 1 : 0, on_got, promise);
    });
    node.data = std::move(reply.text);
    node.own = reply.owner != 0 && reply.owner == client_id();
    return answer_of(reply.code);
  }

  ZooKeeperAnswer remove(const std::string& path) override {
    const std::string whole = whole_path(path);
    return answer_of(ask([&](zhandle_t* handle, Promise* promise) {
                       return zoo_adelete(handle, whole.c_str(), -1, on_removed, promise);
                     }).code);
  }

  ZooKeeperAnswer children(const std::string& path, std::vector<std::string>& names) override {
    const std::string whole = whole_path(path);
    Reply reply = ask([&](zhandle_t* handle, Promise* promise) {
      return zoo_aget_children(handle, whole.c_str(), 0, on_children, promise);
    });
    names = std::move(reply.names);
    return answer_of(reply.code);
  }

  void close() override {
    closed_ = true;
    const std::lock_guard lock(mutex_);
    end_handle();
  }

 private:
  /// On the client's own thread.
  static void on_event(zhandle_t*, int type, int, const char* path, void* context) {
    const Session& session = *static_cast<const Session*>(context);
    if (session.closed_ || !session.listener_) return;
    const std::string_view whole = path == nullptr ? "" : path;
    const std::size_t skip = session.settings_.chroot.size();
    const bool of_session = type == ZOO_SESSION_EVENT || whole.size() < skip;
    session.listener_(of_session ? std::string() : std::string(whole.substr(skip)));
  }

  std::string whole_path(const std::string& path) const { return settings_.chroot + path; }

  Reply create_whole(const std::string& whole, const std::string& data, NodeKind kind) {
    const ACL_vector* acl = settings_.owner_only ? &ZOO_CREATOR_ALL_ACL : &ZOO_OPEN_ACL_UNSAFE;
    return ask([&](zhandle_t* handle, Promise* promise) {
      return zoo_acreate(handle, whole.c_str(), data.data(), static_cast<int>(data.size()), acl, mode_of(kind),
                         on_created, promise);
    });
  }

  void make_chroot() {
    const std::string& chroot = settings_.chroot;
    for (std::size_t slash = chroot.find('/', 1);; slash = chroot.find('/', slash + 1)) {
      create_whole(chroot.substr(0, slash), "", NodeKind::kPersistent);
      if (slash == std::string::npos) return;
    }
  }

  template <typename Ask>
  Reply ask(const Ask& ask) {
    auto promise = std::make_unique<Promise>();
    std::future<Reply> future = promise->get_future();
    {
      const std::lock_guard lock(mutex_);
      if (handle_ == nullptr || closed_) return {};
      const int code = ask(handle_, promise.get());
      if (code != ZOK) return {.code = code};
      static_cast<void>(promise.release());  // fulfil() has it now
    }
    return wait_for(future);
  }

  Reply wait_for(std::future<Reply>& future) const {
    const auto deadline = SteadyClock::now() + milliseconds(settings_.answer_timeout_ms);
    while (!closed_ && SteadyClock::now() < deadline)
      if (future.wait_for(kSlice) == std::future_status::ready) return future.get();
    return {};
  }

  std::int64_t client_id() {
    const std::lock_guard lock(mutex_);
    return handle_ == nullptr ? 0 : zoo_client_id(handle_)->client_id;
  }

  /// The number of the session where it is connected; begins one where there is none or it has ended.
  std::uint64_t open_session() {
    const std::lock_guard lock(mutex_);
    if (closed_) return 0;
    if (handle_ != nullptr) {
      const int state = zoo_state(handle_);
      if (state == ZOO_CONNECTED_STATE) return number_;
      if (state == ZOO_AUTH_FAILED_STATE) log_error("ZooKeeper at {} refuses the user", settings_.servers);
      if (state != ZOO_EXPIRED_SESSION_STATE && state != ZOO_AUTH_FAILED_STATE) return 0;
      if (state == ZOO_EXPIRED_SESSION_STATE) log_warn("The session with ZooKeeper has expired; a new one begins");
      end_handle();
    }
    begin_handle();
    return 0;
  }

  /// REQUIRES: mutex_ is held.
  void begin_handle() {
    if (SteadyClock::now() < next_begin_) return;
    next_begin_ = SteadyClock::now() + kReopenPeriod;
    handle_ =
        zookeeper_init2(settings_.servers.c_str(), on_event, settings_.session_timeout_ms, nullptr, this, 0, log_line);
    if (handle_ == nullptr) {
      log_warn("ZooKeeper cannot be reached at {}: {}", settings_.servers, std::strerror(errno));
      return;
    }
    ++number_;
    if (!settings_.credentials.empty())
      zoo_add_auth(handle_, settings_.auth_scheme.c_str(), settings_.credentials.data(),
                   static_cast<int>(settings_.credentials.size()), nullptr, nullptr);
  }

  /// REQUIRES: mutex_ is held. What waits for an answer gets one.
  void end_handle() {
    if (handle_ != nullptr) zookeeper_close(std::exchange(handle_, nullptr));
  }

  const ZooKeeperSettings settings_;
  const Listener listener_;
  std::atomic<bool> closed_{false};
  std::mutex mutex_;  // held while something is asked, not while an answer is waited for
  zhandle_t* handle_ = nullptr;
  std::uint64_t number_ = 0;  // of handle_, from 1 on
  SteadyClock::time_point next_begin_ = SteadyClock::time_point::min();
};

}  // namespace

void check_zookeeper_is_built(const std::string&) {}

std::unique_ptr<ZooKeeper> connect_zookeeper(const ZooKeeperSettings& settings, ZooKeeper::Listener listener) {
  return std::make_unique<Session>(settings, std::move(listener));
}

#endif

}  // namespace sarsen::ingest
