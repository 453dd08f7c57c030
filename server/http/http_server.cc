#include "server/http/http_server.h"

#include <poll.h>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/wait_traits.hpp>
#include <condition_variable>
#include <thread>
#include <unordered_set>
#include <utility>
#include <vector>

#include "server/http/connection.h"
#include "storage/base/error.h"
#include "storage/base/log.h"

namespace sarsen::server {
namespace {

namespace net = boost::asio;
using boost::system::error_code;
using Acceptor = net::basic_socket_acceptor<net::ip::tcp, Executor>;
using Clock = std::chrono::steady_clock;
using Timer = net::basic_waitable_timer<Clock, net::wait_traits<Clock>, Executor>;

/// Threads beyond the places of pooled handlers: one to watch, one for what is inline.
constexpr std::size_t kSpareThreads = 2;
/// How soon a client that has gone is noticed, and how exact the time limits are.
constexpr std::chrono::milliseconds kWatchPeriod{100};
constexpr std::chrono::milliseconds kAcceptPause{100};  // when the process has no descriptor left
/// After the grace of stop(), handlers have this long to say that they were cancelled,
constexpr std::chrono::milliseconds kCancelTime{1000};
/// and after that, with nobody there to hear them, this long to end.
constexpr std::chrono::milliseconds kEndTime{30'000};

}  // namespace

struct HttpServer::State {
  State(const Router& router, HttpServerOptions options_given)
      : options(std::move(options_given)),
        places(options.requests_max),
        surroundings{router, options, places, stopping},
        acceptor(context.get_executor()),
        timer(context.get_executor()) {}

  void listen();
  Task<void> accept();
  Task<void> serve(Socket socket);
  Task<void> watch();
  void watch_once();
  void wait_for_end(std::chrono::milliseconds time);
  void for_all(void (*action)(Connection&));

  HttpServerOptions options;
  std::atomic<bool> stopping = false;
  RequestPlaces places;
  ConnectionSurroundings surroundings;
  net::io_context context;
  Acceptor acceptor;
  Timer timer;
  std::atomic<std::uint16_t> port = 0;
  std::vector<std::thread> threads;

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
    Socket socket(context.get_executor());
    const auto [error] = co_await acceptor.async_accept(socket, kAwait);
    if (stopping) co_return;
    if (error) {
      Timer pause(context.get_executor());
      pause.expires_after(kAcceptPause);
      co_await pause.async_wait(kAwait);
      continue;
    }
    net::co_spawn(context.get_executor(), serve(std::move(socket)), net::detached);
  }
}

Task<void> HttpServer::State::serve(Socket socket) {
  Connection connection(std::move(socket), surroundings);
  bool admitted = false;
  {
    const std::lock_guard lock(mutex);
    admitted = connections.size() < options.connections_max;
    connections.insert(&connection);
  }
  if (admitted)
    co_await connection.run();
  else
    co_await connection.turn_away();
  const std::lock_guard lock(mutex);
  connections.erase(&connection);
  connection_ended.notify_all();
}

Task<void> HttpServer::State::watch() {
  while (true) {
    timer.expires_after(kWatchPeriod);
    const auto [error] = co_await timer.async_wait(kAwait);
    if (error) co_return;
    watch_once();
  }
}

void HttpServer::State::watch_once() {
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
  net::co_spawn(state_->context.get_executor(), state_->accept(), net::detached);
  net::co_spawn(state_->context.get_executor(), state_->watch(), net::detached);
  for (std::size_t index = 0; index < state_->options.requests_max + kSpareThreads; ++index)
    state_->threads.emplace_back([this, index] {
      set_thread_name("http-" + std::to_string(index));
      state_->context.run();
    });
}

std::uint16_t HttpServer::port() const noexcept { return state_->port; }

void HttpServer::stop(std::chrono::milliseconds grace) {
  if (state_->threads.empty()) return;
  state_->stopping = true;
  net::post(state_->context.get_executor(), [this] {
    error_code ignored;
    state_->acceptor.close(ignored);
  });
  state_->wait_for_end(grace);
  state_->for_all([](Connection& connection) { connection.notify_disconnect(); });
  state_->wait_for_end(kCancelTime);
  state_->for_all([](Connection& connection) { connection.cut_off(); });
  state_->wait_for_end(kEndTime);
  state_->context.stop();
  for (std::thread& thread : state_->threads) thread.join();
  state_->threads.clear();
}

}  // namespace sarsen::server
