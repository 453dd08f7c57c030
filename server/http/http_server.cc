#include "server/http/http_server.h"

#include <poll.h>

#include <algorithm>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/wait_traits.hpp>
#include <condition_variable>
#include <thread>
#include <unordered_set>
#include <utility>
#include <vector>

#include "server/http/connection.h"
#include "server/http/socket_threads.h"
#include "storage/base/error.h"
#include "storage/base/log.h"
#include "storage/base/periodic_thread.h"

namespace sarsen::server {
namespace {

namespace net = boost::asio;
using boost::system::error_code;
using Acceptor = net::basic_socket_acceptor<net::ip::tcp, Executor>;
using Clock = std::chrono::steady_clock;
using Timer = net::basic_waitable_timer<Clock, net::wait_traits<Clock>, Executor>;

/// Threads beyond those that have a loop each and those of pooled handlers.
constexpr std::size_t kSpareThreads = 2;
constexpr std::size_t kLoopsMax = 8;
/// How soon threads are relieved that work long and have not said so.
constexpr std::chrono::milliseconds kRelievePeriod{20};
/// How soon a client that has gone is noticed, and how exact the time limits are.
constexpr std::chrono::milliseconds kWatchPeriod{100};
constexpr std::chrono::milliseconds kAcceptPause{100};  // when the process has no descriptor left
/// After the grace of stop(), handlers have this long to say that they were cancelled,
constexpr std::chrono::milliseconds kCancelTime{1000};
/// and after that, with nobody there to hear them, this long to end.
constexpr std::chrono::milliseconds kEndTime{30'000};

/// Half of the processors: those who ask, or compute, need some too.
std::size_t count_loops() { return std::clamp<std::size_t>(std::thread::hardware_concurrency() / 2, 1, kLoopsMax); }

}  // namespace

struct HttpServer::State {
  State(const Router& router, HttpServerOptions options_given)
      : options(std::move(options_given)),
        loops(count_loops()),
        threads(options.requests_max + loops + kSpareThreads, loops),
        places(options.requests_max),
        surroundings{router, options, places, stopping},
        acceptor(threads.first().context.get_executor()) {}

  void listen();
  Task<void> accept();
  Task<void> serve(Socket socket, SocketLoop& loop);
  void watch();
  void wait_for_end(std::chrono::milliseconds time);
  void for_all(void (*action)(Connection&));

  HttpServerOptions options;
  std::atomic<bool> stopping = false;
  const std::size_t loops;
  SocketThreads threads;
  RequestPlaces places;  // may hold connections that wait still: they go before the loops of their sockets
  ConnectionSurroundings surroundings;
  Acceptor acceptor;
  PeriodicThread relieving;
  PeriodicThread watching;
  std::atomic<std::uint16_t> port = 0;

  std::mutex mutex;  // a connection is in the set for as long as its descriptor is open
  std::condition_variable connection_ended;
  std::unordered_set<Connection*> connections;
};

void HttpServer::State::listen() {
  error_code error;
  const auto address = net::ip::make_address(options.host == "localhost" ? "127.0.0.1" : options.host, error);
  if (error)
    throw Error(ErrorCategory::kInvalidInput,
                "The host to listen on must be an IP address or localhost: " + options.host);
  const net::ip::tcp::endpoint endpoint(address, options.port);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(net::socket_base::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(net::socket_base::max_listen_connections, error);
  if (error)
    throw Error(ErrorCategory::kInvalidInput,
                "Cannot listen: " + error.message() + ": " + options.host + ":" + std::to_string(options.port));
  port = acceptor.local_endpoint().port();
}

Task<void> HttpServer::State::accept() {
  while (!stopping) {
    SocketLoop& loop = threads.least_busy();
    Socket socket(loop.context.get_executor());
    const auto [error] = co_await acceptor.async_accept(socket, kAwait);
    if (stopping) co_return;
    if (error) {
      Timer pause(acceptor.get_executor());
      pause.expires_after(kAcceptPause);
      co_await pause.async_wait(kAwait);
      continue;
    }
    ++loop.connections;
    net::co_spawn(loop.context.get_executor(), serve(std::move(socket), loop), net::detached);
  }
}

Task<void> HttpServer::State::serve(Socket socket, SocketLoop& loop) {
  Connection connection(std::move(socket), surroundings);
  bool admitted = false;
  {
    const std::lock_guard lock(mutex);
    admitted = connections.size() < options.connections_max;
    connections.insert(&connection);
  }
  try {
    if (admitted)
      co_await connection.run();
    else
      co_await connection.turn_away();
  } catch (const std::exception& error) {  // what stands below must be done
    log_error("A client's connection has ended: {}", error.what());
  }
  --loop.connections;
  const std::lock_guard lock(mutex);
  connections.erase(&connection);
  connection_ended.notify_all();
}

void HttpServer::State::watch() {
  const std::lock_guard lock(mutex);
  const auto now = Clock::now();
  std::vector<pollfd> polled;
  std::vector<Connection*> running;
  for (Connection* connection : connections) {
    if (connection->overdue(now)) connection->cut_off();
    if (!connection->running()) continue;
    polled.push_back({connection->descriptor(), POLLRDHUP, 0});
    running.push_back(connection);
  }
  if (::poll(polled.data(), polled.size(), 0) <= 0) return;
  for (std::size_t at = 0; at < polled.size(); ++at)
    if (polled[at].revents != 0) running[at]->notify_disconnect();
}

/// Waits until no connection is left, but not longer than `time`; idle ones need not wait.
void HttpServer::State::wait_for_end(std::chrono::milliseconds time) {
  const auto deadline = Clock::now() + time;
  std::unique_lock lock(mutex);
  while (!connections.empty() && Clock::now() < deadline) {
    for (Connection* connection : connections)
      if (connection->idle()) connection->cut_off();
    connection_ended.wait_until(lock, std::min(deadline, Clock::now() + kWatchPeriod));
  }
}

void HttpServer::State::for_all(void (*action)(Connection&)) {
  const std::lock_guard lock(mutex);
  for (Connection* connection : connections) action(*connection);
}

HttpServer::HttpServer(const Router& router, HttpServerOptions options)
    : state_(std::make_unique<State>(router, std::move(options))) {}

HttpServer::~HttpServer() { stop(std::chrono::milliseconds(0)); }

void HttpServer::listen() { state_->listen(); }

void HttpServer::start() {
  if (!state_->acceptor.is_open()) state_->listen();
  net::co_spawn(state_->acceptor.get_executor(), state_->accept(), net::detached);
  state_->threads.start();
  state_->relieving.repeat("http-relieve", kRelievePeriod, kRelievePeriod, "Threads were not relieved",
                           [this] { state_->threads.relieve(); });
  state_->watching.repeat("http-watch", kWatchPeriod, kWatchPeriod, "Clients were not watched",
                          [this] { state_->watch(); });
}

std::uint16_t HttpServer::port() const noexcept { return state_->port; }

void HttpServer::stop(std::chrono::milliseconds grace) {
  if (!state_->threads.running()) return;
  state_->stopping = true;
  net::post(state_->acceptor.get_executor(), [this] {
    error_code ignored;
    state_->acceptor.close(ignored);
  });
  state_->wait_for_end(grace);
  state_->for_all([](Connection& connection) { connection.notify_disconnect(); });
  state_->wait_for_end(kCancelTime);
  state_->for_all([](Connection& connection) { connection.cut_off(); });
  state_->wait_for_end(kEndTime);
  state_->watching.stop();
  state_->relieving.stop();
  state_->threads.stop();
}

}  // namespace sarsen::server
