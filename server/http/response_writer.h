#pragma once
// Where a handler puts its answer. An answer that fits into one piece leaves with a Content-Length in a single write; a
// longer one streams in chunks, and write() then blocks while the client is slow to read. One call of a handler uses
// one writer, on one thread.

#include <exception>
#include <functional>
#include <span>
#include <string_view>

#include "server/http/request.h"

namespace sarsen::server {

inline constexpr std::string_view kJsonType = "application/json";

/// Thrown by write() when nobody is there to read any more: the handler's work is in vain and ends with it.
class ClientGone : public std::exception {
 public:
  const char* what() const noexcept override { return "the client has closed the connection"; }
};

class ResponseWriter {
 public:
  virtual ~ResponseWriter() = default;

  /// Status and headers, before the first write(). May be called anew as long as committed() is false.
  virtual void start(int status, std::span<const Header> headers) = 0;

  /// Appends to the body. Throws ClientGone.
  virtual void write(std::string_view bytes) = 0;

  /// Ends the body. Nothing may follow.
  virtual void finish() = 0;

  /// Ends a body that cannot be completed so that the client sees that it is not whole. REQUIRES: committed().
  virtual void fail(std::string_view message) = 0;

  /// True once bytes have left: it is then too late for another status.
  virtual bool committed() const noexcept = 0;

  /// Calls `callback`, once and from another thread, when the client goes away or the server has to stop before the
  /// answer is complete.
  virtual void on_disconnect(std::function<void()> callback) = 0;

  /// To be said before work that takes more than a moment, or waits: others look after the sockets of this thread
  /// meanwhile. Thread-safe, until the handler returns; free where it was said before.
  virtual void takes_long() {}

  /// Waits without the thread and the place of the handler, which is to return then: `begin` is called with what ends
  /// the wait, to be called once and by any thread, and after that `answer` is, as a handler that answers at once.
  /// What `begin` was given may be called after this writer is gone, to no effect.
  virtual void wait(std::function<void(std::function<void()> proceed)> begin, std::function<void()> answer);

  /// start, write and finish in one. Drops what was written before. REQUIRES: not committed().
  void respond(int status, std::string_view content_type, std::string_view body);
  void respond_json(int status, std::string_view body) { respond(status, kJsonType, body); }
};

}  // namespace sarsen::server
