#pragma once
// Turns what a handler writes into the bytes of an HTTP/1.x response: Content-Length for what fits into one piece,
// chunks with Druid's trailer X-Druid-Response-Complete otherwise, gzip where the client takes it. Knows no sockets.
// Not thread-safe, but for notify_disconnect and takes_long.

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "server/http/gzip.h"
#include "server/http/response_writer.h"

namespace sarsen::server {

/// How the request wants to be answered.
struct ResponseForm {
  bool http_1_0 = false;
  bool keep_alive = true;
  bool without_body = false;  // HEAD
  bool gzip = false;
};

class ResponseStream final : public ResponseWriter {
 public:
  /// A body is sent on whenever this much of it has gathered.
  static constexpr std::size_t kPieceBytes = std::size_t{64} << 10;

  /// `send` blocks until its bytes are on their way, and throws ClientGone.
  using Send = std::function<void(std::string_view)>;

  /// `takes_long` is what the handler's takes_long() does.
  ResponseStream(ResponseForm form, Send send, std::function<void()> takes_long = {})
      : form_(form), send_(std::move(send)), takes_long_(std::move(takes_long)) {}

  void start(int status, std::span<const Header> headers) override;
  void write(std::string_view bytes) override;
  void finish() override;
  void fail(std::string_view message) override;
  bool committed() const noexcept override { return committed_; }
  void on_disconnect(std::function<void()> callback) override;
  void takes_long() override {
    if (takes_long_) takes_long_();
  }
  void wait(std::function<void(std::function<void()> proceed)> begin, std::function<void()> answer) override;

  /// What the handler left with wait().
  struct Wait {
    std::function<void(std::function<void()> proceed)> begin;
    std::function<void()> answer;
  };
  bool waits() const noexcept { return wait_.begin != nullptr; }
  Wait take_wait() { return std::exchange(wait_, {}); }

  /// From any thread: calls the handler's callback, the first time.
  void notify_disconnect();

  bool finished() const noexcept { return finished_; }
  /// False where the end of the answer can only be told by closing the connection.
  bool keep_alive() const noexcept { return form_.keep_alive; }
  /// The bytes that `send` was not given: after finish() the caller sends them.
  const std::string& rest() const noexcept { return out_; }

 private:
  void put_head(bool whole_body);
  void put_chunk();
  void put_last_chunk(std::string_view trailers);
  void send_pending();

  ResponseForm form_;
  Send send_;
  std::function<void()> takes_long_;
  int status_ = 0;
  std::string headers_;
  std::string body_;  // of the current piece, after compression
  std::string out_;   // framed, to be sent
  std::unique_ptr<GzipCompressor> gzip_;
  bool committed_ = false;
  bool finished_ = false;
  Wait wait_;

  std::mutex mutex_;  // guards what is below
  std::function<void()> callback_;
  bool disconnected_ = false;
};

/// "Not Found" for 404; "" for statuses not used here.
std::string_view reason_phrase(int status) noexcept;

/// Now, as the Date header has it. Made anew at most once a second and thread.
const std::string& http_date();

}  // namespace sarsen::server
