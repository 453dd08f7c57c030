#pragma once
// The HTTP/1.1 server: keep-alive, pipelining, limits on everything a stranger sends, back-pressure while an answer
// streams, and word to the handler when the client has gone. A request is answered by the thread that has read it, so
// that a small answer costs no hand-over; before a long one another thread takes the sockets over (socket_threads.h).
// Pooled handlers (router.h) have `requests_max` places, and there are more threads than places: a server full of long
// queries still answers /status/health, and DELETE.
//
// Thread safety: start and stop are called by one thread; the others from any.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "server/http/router.h"

namespace sarsen::server {

struct HttpServerOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;              // 0: the system chooses
  std::size_t requests_max = 32;       // pooled handlers at a time; more requests wait for their turn
  std::size_t connections_max = 4096;  // further ones are told 503
  std::size_t header_bytes_max = std::size_t{64} << 10;
  std::size_t body_bytes_max = std::size_t{16} << 20;
  std::chrono::milliseconds idle_timeout{300'000};   // between two requests, as Druid's maxIdleTime
  std::chrono::milliseconds header_timeout{30'000};  // from its first byte to the end of the header
  std::chrono::milliseconds body_timeout{60'000};    // between two pieces of a body
  std::chrono::milliseconds write_timeout{60'000};   // until a client takes the next piece of its answer
};

class HttpServer {
 public:
  /// `router` outlives the server.
  HttpServer(const Router& router, HttpServerOptions options);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// Takes the address. Clients may connect from here on, but nobody answers them before start(). Throws kInvalidInput
  /// where the address cannot be had.
  void listen();

  /// Answers, and returns. Listens where that was not done yet.
  void start();

  /// Where it listens, after listen(); what the system chose for port 0.
  std::uint16_t port() const noexcept;

  /// Takes no new requests, lets running ones end for `grace`, then cuts them off. Returns when all threads have ended.
  void stop(std::chrono::milliseconds grace);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sarsen::server
