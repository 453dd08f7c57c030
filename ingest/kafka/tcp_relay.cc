#include "ingest/kafka/tcp_relay.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "storage/base/error.h"
#include "storage/base/file_descriptor.h"
#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

constexpr std::size_t kConnectionsMax = 256;
constexpr std::size_t kReadBytes = std::size_t{64} << 10;
constexpr int kBacklog = 64;

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

/// One way of a connection: what was read and not yet written.
struct Way {
  int from;
  int to;
  std::string bytes;
  bool ended = false;

  bool wants_to_read() const noexcept { return bytes.empty() && !ended; }
  bool wants_to_write() const noexcept { return !bytes.empty(); }

  /// False where the connection is over.
  bool read() {
    char piece[kReadBytes];
    const ssize_t count = ::recv(from, piece, sizeof piece, MSG_DONTWAIT);
    if (count > 0) {
      bytes.assign(piece, static_cast<std::size_t>(count));
      return write();
    }
    return count < 0 && (errno == EAGAIN || errno == EINTR);
  }

  bool write() {
    const ssize_t count = ::send(to, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count > 0) bytes.erase(0, static_cast<std::size_t>(count));
    return count >= 0 || errno == EAGAIN || errno == EINTR;
  }
};

struct Pair {
  FileDescriptor client;
  FileDescriptor target;
  Way there;
  Way back;
};

short events_of(const Way& reads, const Way& writes) noexcept {
  return static_cast<short>((reads.wants_to_read() ? POLLIN : 0) | (writes.wants_to_write() ? POLLOUT : 0));
}

/// False where the connection is over.
bool move_bytes(Pair& pair, short client_events, short target_events) {
  constexpr short kEnd = POLLERR | POLLHUP | POLLNVAL;
  if (((client_events | target_events) & POLLOUT) != 0 && !(pair.there.write() && pair.back.write())) return false;
  if ((client_events & (POLLIN | kEnd)) != 0 && pair.there.wants_to_read() && !pair.there.read()) return false;
  if ((target_events & (POLLIN | kEnd)) != 0 && pair.back.wants_to_read() && !pair.back.read()) return false;
  return true;
}

}  // namespace

struct TcpRelay::State {
  void listen(std::uint16_t port);
  void run();
  void accept();

  FileDescriptor listener;
  FileDescriptor wake;
  std::uint16_t target = 0;
  std::vector<Pair> pairs;
  std::thread thread;
};

void TcpRelay::State::listen(std::uint16_t port) {
  listener = FileDescriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int yes = 1;
  ::setsockopt(listener.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  const sockaddr_in address = loopback(port);
  if (::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(listener.get(), kBacklog) != 0)
    throw Error(ErrorCategory::kInvalidInput, std::string("The embedded Kafka cannot listen: ") + std::strerror(errno) +
                                                  ": 127.0.0.1:" + std::to_string(port));
}

void TcpRelay::State::accept() {
  FileDescriptor client(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (client.get() < 0 || pairs.size() >= kConnectionsMax) return;
  FileDescriptor other(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in address = loopback(target);
  if (::connect(other.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return;
  const int client_number = client.get();
  const int other_number = other.get();
  pairs.push_back(
      {std::move(client), std::move(other), {client_number, other_number, {}}, {other_number, client_number, {}}});
}

void TcpRelay::State::run() {
  std::vector<pollfd> polled;
  while (true) {
    polled.assign({{wake.get(), POLLIN, 0}, {listener.get(), POLLIN, 0}});
    for (const Pair& pair : pairs) {
      polled.push_back({pair.client.get(), events_of(pair.there, pair.back), 0});
      polled.push_back({pair.target.get(), events_of(pair.back, pair.there), 0});
    }
    if (::poll(polled.data(), polled.size(), -1) < 0 && errno != EINTR) return;
    if (polled[0].revents != 0) return;
    for (std::size_t at = pairs.size(); at-- > 0;)
      if (!move_bytes(pairs[at], polled[2 + 2 * at].revents, polled[3 + 2 * at].revents))
        pairs.erase(pairs.begin() + static_cast<std::ptrdiff_t>(at));
    if (polled[1].revents != 0) accept();
  }
}

TcpRelay::TcpRelay(std::uint16_t port, std::uint16_t target) : state_(std::make_unique<State>()) {
  state_->target = target;
  state_->listen(port);
  state_->wake = FileDescriptor(::eventfd(0, EFD_CLOEXEC));
  state_->thread = std::thread([this] {
    set_thread_name("kafka-relay");
    state_->run();
  });
}

TcpRelay::~TcpRelay() {
  const std::uint64_t one = 1;
  static_cast<void>(!::write(state_->wake.get(), &one, sizeof one));
  state_->thread.join();
}

}  // namespace sarsen::ingest
