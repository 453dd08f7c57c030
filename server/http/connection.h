#pragma once
// One client connection: reads requests, has them answered, one after the other. Internal to this folder: here Asio is
// visible.

#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "server/http/http_server.h"
#include "server/http/request_places.h"
#include "server/http/response_stream.h"
#include "server/http/socket_threads.h"

namespace sarsen::server {

using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;
template <class T>
using Task = boost::asio::awaitable<T, Executor>;
/// Errors come back beside the result instead of being thrown: most of them only mean that the client has left.
inline constexpr boost::asio::as_tuple_t<boost::asio::use_awaitable_t<Executor>> kAwait{};

/// What all connections of a server share.
struct ConnectionSurroundings {
  const Router& router;
  const HttpServerOptions& options;
  RequestPlaces& places;
  const std::atomic<bool>& stopping;
};

class Connection {
 public:
  Connection(Socket socket, ConnectionSurroundings surroundings);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Serves until the client or the server has had enough. The socket stays open until the destructor.
  Task<void> run();
  /// Says 503 and no more.
  Task<void> turn_away();

  // The rest is for the watching thread.
  int descriptor() const noexcept { return descriptor_; }
  bool overdue(std::chrono::steady_clock::time_point now) const noexcept;
  /// Waiting for a request of which nothing has come yet.
  bool idle() const noexcept { return idle_; }
  /// A handler is at work.
  bool running() const noexcept { return running_; }
  /// Tells the handler, if one is at work, that its answer is no longer wanted.
  void notify_disconnect();
  /// Ends every wait for this client.
  void cut_off() noexcept;

 private:
  class Reader;

  Task<bool> answer(Reader& reader);
  Task<void> refuse(int status, std::string message);
  Task<bool> send(std::string_view bytes);
  void send_blocking(std::string_view bytes);
  Task<void> wait(ResponseStream& stream, Request& request);
  void begin_handling(ResponseStream& stream);
  void end_handling();
  void handle(const Router::Match& match, Request& request, ResponseStream& stream);
  void run_guarded(const std::function<void()>& work, const Request& request, ResponseStream& stream);
  void allow(std::chrono::milliseconds time) noexcept;

  Socket socket_;
  const int descriptor_;
  std::string remote_address_;
  ConnectionSurroundings surroundings_;
  std::atomic<std::int64_t> deadline_ns_;  // of the steady clock
  std::atomic<bool> idle_ = true;
  std::atomic<bool> running_ = false;
  bool client_gone_ = false;
  std::mutex mutex_;
  ResponseStream* stream_ = nullptr;   // of the handler at work; guarded by mutex_
  std::atomic<Duty*> duty_ = nullptr;  // of the thread that works for this connection
};

}  // namespace sarsen::server
