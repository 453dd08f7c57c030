#pragma once
// ZooKeeper as this program uses it: nodes with data, some of which live only as long as their session. The real one is
// zookeeper_session.cc; tests have one in memory (tests/support/memory_zookeeper.h).
//
// That ZooKeeper is away is a value, not an error: every call returns after a bounded time, and says so. Thread safety:
// all methods from any thread. Paths are absolute; a chroot is put before them inside.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace sarsen::ingest {

struct ZooKeeperSettings {
  std::string servers;              // "host:port,host:port"
  std::string chroot;               // "/some/path" that every path begins with there; empty: none
  int session_timeout_ms = 30'000;  // the servers may make it shorter or longer
  int answer_timeout_ms = 15'000;   // for one call, the first connection included
  std::string auth_scheme = "digest";
  std::string credentials;  // "user:password"; empty: none
  bool owner_only = false;  // only who has these credentials may use the nodes; else everybody
};

enum class NodeKind : std::uint8_t { kPersistent, kEphemeral, kEphemeralSequential };

enum class ZooKeeperAnswer : std::uint8_t {
  kDone,
  kExists,   // there is such a node already
  kMissing,  // there is no such node, or no parent of it
  kAway,     // ZooKeeper did not answer, or the session has ended: what was asked may have been done or not
  kRefused   // not allowed, or impossible: asking again does not help
};

struct ZooKeeperNode {
  std::string data;
  bool own = false;  // an ephemeral node of this session
};

class ZooKeeper {
 public:
  /// Told of each change of the session (an empty path) and of each change of a watched node, on a thread of its own
  /// that must not be held up.
  using Listener = std::function<void(const std::string& path)>;

  virtual ~ZooKeeper() = default;

  /// The number of the present session: another one means that all ephemeral nodes of the earlier ones are gone, or
  /// soon will be. Begins one where there is none, waiting for it up to `timeout_ms`; 0: there is none yet.
  virtual std::uint64_t session(int timeout_ms) = 0;

  /// `created`, where not null: the path with the number that a sequential node got.
  virtual ZooKeeperAnswer create(const std::string& path, const std::string& data, NodeKind kind,
                                 std::string* created) = 0;
  virtual ZooKeeperAnswer set(const std::string& path, const std::string& data) = 0;
  /// `watch`: the listener is told once of the next change of the node, its end included.
  virtual ZooKeeperAnswer get(const std::string& path, ZooKeeperNode& node, bool watch) = 0;
  virtual ZooKeeperAnswer remove(const std::string& path) = 0;
  /// Names without the path.
  virtual ZooKeeperAnswer children(const std::string& path, std::vector<std::string>& names) = 0;

  /// Ends the session, and with it its ephemeral nodes; calls that wait return. Takes a few seconds at most.
  virtual void close() = 0;
};

using ConnectZooKeeper = std::function<std::unique_ptr<ZooKeeper>(ZooKeeper::Listener)>;

/// Reads "host:port,host:port/chroot"; ports may be left out (2181). Throws kInvalidInput; the message begins with
/// `name`.
ZooKeeperSettings parse_connect_string(const std::string& name, const std::string& text);

/// Connects in the background. Throws kUnsupported where the program was built without ZooKeeper's client library.
std::unique_ptr<ZooKeeper> connect_zookeeper(const ZooKeeperSettings& settings, ZooKeeper::Listener listener);

/// Throws kUnsupported, beginning with `name`, where the program was built without ZooKeeper's client library.
void check_zookeeper_is_built(const std::string& name);

/// Creates the persistent nodes above `path`.
ZooKeeperAnswer create_parents(ZooKeeper& zookeeper, const std::string& path);

/// What is said of an answer in the log.
const char* text_of(ZooKeeperAnswer answer) noexcept;

}  // namespace sarsen::ingest
