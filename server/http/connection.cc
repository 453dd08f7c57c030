#include "server/http/connection.h"

#include <poll.h>
#include <sys/socket.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cerrno>
#include <limits>
#include <optional>
#include <tuple>
#include <utility>

#include "server/http/error_body.h"
#include "server/http/gzip.h"
#include "storage/base/ascii_case.h"
#include "storage/base/error.h"

namespace sarsen::server {
namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

constexpr std::size_t kReadBytes = std::size_t{32} << 10;
/// Reading more than this takes longer than other clients should wait.
constexpr std::size_t kSmallBodyBytes = std::size_t{64} << 10;
constexpr std::chrono::milliseconds kLingerTime{2000};
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

/// The status for bytes that are no acceptable request.
int status_for(error_code error) {
  if (error == http::error::header_limit) return 431;
  if (error == http::error::body_limit) return 413;
  if (error == http::error::bad_version) return 505;
  return 400;
}

std::string message_for(int status, error_code error, const HttpServerOptions& options) {
  if (status == 431) return "The header is larger than the limit of bytes: " + std::to_string(options.header_bytes_max);
  if (status == 413) return "The body is larger than the limit of bytes: " + std::to_string(options.body_bytes_max);
  return "This is no HTTP request: " + error.message();
}

std::string_view view_of(boost::core::string_view text) noexcept { return {text.data(), text.size()}; }

std::chrono::nanoseconds now() noexcept { return std::chrono::steady_clock::now().time_since_epoch(); }

std::string address_of(const Socket& socket) {
  error_code error;
  const auto endpoint = socket.remote_endpoint(error);
  return error ? std::string() : endpoint.address().to_string();
}

}  // namespace

/// Beast's parser and the bytes that have come but belong to a later request.
class Connection::Reader {
 public:
  explicit Reader(const HttpServerOptions& options) : options_(options) {}

  void begin() {
    parser_.emplace();
    parser_->eager(true);
    parser_->header_limit(static_cast<std::uint32_t>(
        std::min<std::size_t>(options_.header_bytes_max, std::numeric_limits<std::uint32_t>::max())));
    parser_->body_limit(options_.body_bytes_max);
    error_ = {};
    continue_sent_ = false;
  }

  bool has_bytes() const noexcept { return buffer_.size() > 0; }
  bool done() { return parser_->is_done(); }
  bool header_done() { return parser_->is_header_done(); }
  error_code error() const noexcept { return error_; }

  void parse() {
    const std::size_t used = parser_->put(buffer_.data(), error_);
    buffer_.consume(used);
    if (error_ == http::error::need_more) error_ = {};
  }

  net::mutable_buffer space() { return buffer_.prepare(kReadBytes); }
  void filled(std::size_t count) { buffer_.commit(count); }

  /// True once for a client that waits for leave to send its body.
  bool must_say_continue() {
    if (continue_sent_ || !header_done() || done()) return false;
    continue_sent_ = true;
    return beast::iequals(parser_->get()[http::field::expect], "100-continue");
  }

  bool keep_alive() { return parser_->get().keep_alive(); }

  /// False where the target cannot be read.
  bool fill(Request& request) {
    auto& message = parser_->get();
    request.method = view_of(message.method_string());
    for (const auto& field : message) request.headers.push_back({view_of(field.name_string()), view_of(field.value())});
    request.body = std::move(message.body());
    return parse_target(view_of(message.target()), request);
  }

  bool http_1_0() { return parser_->get().version() < 11; }

 private:
  const HttpServerOptions& options_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  error_code error_;
  bool continue_sent_ = false;
};

Connection::Connection(Socket socket, ConnectionSurroundings surroundings)
    : socket_(std::move(socket)),
      descriptor_(socket_.native_handle()),
      remote_address_(address_of(socket_)),
      surroundings_(surroundings),
      deadline_ns_(0) {
  error_code ignored;
  socket_.set_option(net::ip::tcp::no_delay(true), ignored);
  allow(surroundings_.options.idle_timeout);
}

Connection::~Connection() = default;

void Connection::allow(std::chrono::milliseconds time) noexcept { deadline_ns_ = (now() + time).count(); }

bool Connection::overdue(std::chrono::steady_clock::time_point time) const noexcept {
  return !running_ && time.time_since_epoch().count() > deadline_ns_;
}

void Connection::notify_disconnect() {
  const std::lock_guard lock(mutex_);
  if (stream_ != nullptr) stream_->notify_disconnect();
}

void Connection::cut_off() noexcept { ::shutdown(descriptor_, SHUT_RDWR); }

Task<void> Connection::run() {
  const HttpServerOptions& options = surroundings_.options;
  Reader reader(options);
  bool open = true;
  while (open) {
    reader.begin();
    idle_ = !reader.has_bytes();
    allow(idle_ ? options.idle_timeout : options.header_timeout);
    while (true) {
      if (reader.has_bytes()) {
        reader.parse();
        if (reader.error() || reader.done()) break;
        if (reader.header_done()) allow(options.body_timeout);
        if (reader.must_say_continue()) {
          const bool sent = co_await send(kContinue);
          if (!sent) co_return;
        }
      }
      const auto [error, count] = co_await socket_.async_read_some(reader.space(), kAwait);
      if (error) co_return;
      if (idle_.exchange(false)) allow(options.header_timeout);
      reader.filled(count);
    }
    if (const error_code error = reader.error()) {
      const int status = status_for(error);
      co_await refuse(status, message_for(status, error, options));
      co_return;
    }
    open = co_await answer(reader);
  }
}

Task<bool> Connection::answer(Reader& reader) {
  Request request;
  request.remote_address = remote_address_;
  const bool readable = reader.fill(request);
  const ResponseForm form{reader.http_1_0(), reader.keep_alive() && !surroundings_.stopping, request.method == "HEAD",
                          accepts_gzip(request.header("Accept-Encoding"))};
  ResponseStream stream(
      form, [this](std::string_view bytes) { send_blocking(bytes); }, [this] { duty_.load()->hand_over(); });
  if (!readable) {
    co_await refuse(400, "The path has a broken percent escape");
    co_return false;
  }
  const Router::Match match = surroundings_.router.match(request);
  const bool pooled = match.execution != Execution::kInline;
  if (pooled && !surroundings_.places.try_take()) {
    running_ = true;  // waits as long as it takes, unless the client leaves
    co_await net::async_initiate<const net::use_awaitable_t<Executor>, void()>(
        [this](auto handler) {
          auto shared = std::make_shared<decltype(handler)>(std::move(handler));
          surroundings_.places.take([shared, executor = socket_.get_executor()] {
            net::post(executor, [shared] { std::move (*shared)(); });
          });
        },
        net::use_awaitable_t<Executor>{});
  }
  begin_handling(stream);
  handle(match, request, stream);
  if (pooled) surroundings_.places.give_back();
  if (stream.waits()) co_await wait(stream, request);
  end_handling();
  if (client_gone_) co_return false;
  allow(surroundings_.options.write_timeout);
  const bool sent = co_await send(stream.rest());
  co_return sent&& stream.keep_alive();
}

void Connection::handle(const Router::Match& match, Request& request, ResponseStream& stream) {
  const bool packed = storage::equals_ignoring_case(request.header("Content-Encoding"), "gzip");
  if (match.execution == Execution::kPooled || packed || request.body.size() > kSmallBodyBytes) stream.takes_long();
  run_guarded(
      [&] {
        if (packed) request.body = gunzip(request.body, surroundings_.options.body_bytes_max);
        (*match.handler)(request, stream);
      },
      request, stream);
}

/// The socket stays watched meanwhile; what the handler has of the request must be its own.
Task<void> Connection::wait(ResponseStream& stream, Request& request) {
  std::string().swap(request.body);
  ResponseStream::Wait waiting = stream.take_wait();
  co_await net::async_initiate<const net::use_awaitable_t<Executor>, void()>(
      [this, &waiting](auto handler) {
        const auto begin = std::move(waiting.begin);  // the coroutine may go on, and end, before it returns
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        begin(
            [shared, executor = socket_.get_executor()] { net::post(executor, [shared] { std::move (*shared)(); }); });
      },
      net::use_awaitable_t<Executor>{});
  duty_ = &Duty::of_this_thread();
  stream.takes_long();
  run_guarded(waiting.answer, request, stream);
}

void Connection::begin_handling(ResponseStream& stream) {
  running_ = true;
  duty_ = &Duty::of_this_thread();
  const std::lock_guard lock(mutex_);
  stream_ = &stream;
}

void Connection::end_handling() {
  {
    const std::lock_guard lock(mutex_);
    stream_ = nullptr;
  }
  running_ = false;
}

/// What the work throws becomes the answer.
void Connection::run_guarded(const std::function<void()>& work, const Request& request, ResponseStream& stream) {
  const AnswerInMaking in_making(*duty_.load());
  try {
    try {
      work();
      if (!stream.finished() && !stream.waits())
        throw Error(ErrorCategory::kDefensive, "A handler left its answer unfinished");
    } catch (const ClientGone&) {
      throw;
    } catch (const std::exception& error) {
      if (stream.committed()) {
        if (!stream.finished()) stream.fail(error.what());
      } else {
        const ErrorAnswer answer = error_answer(error, style_of(request));
        stream.respond_json(answer.status, answer.body);
      }
    }
  } catch (const ClientGone&) {
    client_gone_ = true;
  }
}

Task<bool> Connection::send(std::string_view bytes) {
  // Mostly the socket takes it all at once, and nobody has to wait.
  const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
  if (bytes.empty()) co_return true;
  const auto [error, count] = co_await net::async_write(socket_, net::buffer(bytes.data(), bytes.size()), kAwait);
  co_return !error;
}

void Connection::send_blocking(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
      continue;
    }
    if (errno == EINTR) continue;
    if (errno != EAGAIN && errno != EWOULDBLOCK) throw ClientGone();
    duty_.load()->hand_over();
    pollfd wait{descriptor_, POLLOUT, 0};
    const int ready = ::poll(&wait, 1, static_cast<int>(surroundings_.options.write_timeout.count()));
    if (ready == 0 || (ready < 0 && errno != EINTR)) throw ClientGone();
  }
}

Task<void> Connection::refuse(int status, std::string message) {
  ResponseStream stream({false, false, false, false}, [](std::string_view) {});
  const StructuredError error{status == 503 ? "general" : "invalidInput", "USER",
                              status == 503 ? "CAPACITY_EXCEEDED" : "INVALID_INPUT", message};
  stream.respond_json(status, error_body(error, JsonStyle::kCompact));
  const std::string& bytes = stream.rest();
  allow(kLingerTime);
  const bool sent = co_await send(bytes);
  if (!sent) co_return;
  // Closing with unread bytes would reset the connection, and the client might never see why. So read on for a moment.
  error_code ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
  std::string discarded(kReadBytes, '\0');
  while (true) {
    const auto [error_of_read, count] = co_await socket_.async_read_some(net::buffer(discarded), kAwait);
    if (error_of_read) co_return;
  }
}

Task<void> Connection::turn_away() {
  co_await refuse(
      503, "The server has as many connections as it allows: " + std::to_string(surroundings_.options.connections_max));
}

}  // namespace sarsen::server
