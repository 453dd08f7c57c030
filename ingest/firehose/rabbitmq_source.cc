#include "ingest/firehose/rabbitmq_source.h"

#include "storage/base/error.h"

#ifdef SARSEN_HAS_RABBITMQ

#include <amqp.h>
#include <amqp_framing.h>
#include <amqp_tcp_socket.h>
#include <sys/time.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>
#include <vector>

#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

using SteadyClock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr amqp_channel_t kChannel = 1;
constexpr int kFrameBytesMax = 131'072;
constexpr milliseconds kSlice{50};  // how soon close() and an acknowledgement are noticed
constexpr seconds kAnswerTimeout{10};
constexpr std::size_t kBatchMessages = 10'000;

timeval timeval_of(milliseconds time) {
  return {static_cast<time_t>(time.count() / 1000), static_cast<suseconds_t>(time.count() % 1000 * 1000)};
}

std::string text_of(amqp_bytes_t bytes) { return {static_cast<const char*>(bytes.bytes), bytes.len}; }

amqp_bytes_t bytes_of(const std::string& text) { return {text.size(), const_cast<char*>(text.data())}; }

/// What the broker says when it closes a channel or a connection.
std::string reason_of(const amqp_method_t& method) {
  if (method.id == AMQP_CONNECTION_CLOSE_METHOD)
    return text_of(static_cast<const amqp_connection_close_t*>(method.decoded)->reply_text);
  if (method.id == AMQP_CHANNEL_CLOSE_METHOD)
    return text_of(static_cast<const amqp_channel_close_t*>(method.decoded)->reply_text);
  const char* name = amqp_method_name(method.id);
  return name == nullptr ? "an unknown method" : name;
}

std::string problem_of(const amqp_rpc_reply_t& reply) {
  return reply.reply_type == AMQP_RESPONSE_SERVER_EXCEPTION ? reason_of(reply.reply)
                                                            : amqp_error_string2(reply.library_error);
}

/// Messages and their bytes, which need no connection any more.
struct HeldEnvelopes {
  HeldEnvelopes() = default;
  HeldEnvelopes(const HeldEnvelopes&) = delete;
  HeldEnvelopes& operator=(const HeldEnvelopes&) = delete;
  ~HeldEnvelopes() {
    for (amqp_envelope_t& envelope : envelopes) amqp_destroy_envelope(&envelope);
  }
  std::vector<amqp_envelope_t> envelopes;
};

struct Disconnect {
  void operator()(amqp_connection_state_t connection) const noexcept { amqp_destroy_connection(connection); }
};
using Connection = std::unique_ptr<amqp_connection_state_t_, Disconnect>;

/// Makes connections that consume the queue.
class Connector {
 public:
  explicit Connector(const RabbitmqSettings& settings) : settings_(settings) {}

  /// Throws kRuntimeFailure where the broker cannot be reached, kInvalidInput where it refuses.
  Connection connect() const {
    Connection connection(amqp_new_connection());
    amqp_socket_t* socket = amqp_tcp_socket_new(connection.get());
    if (socket == nullptr) throw Error(ErrorCategory::kRuntimeFailure, "No socket can be made for RabbitMQ");
    timeval timeout = timeval_of(milliseconds(settings_.connection_timeout_ms));
    const int status =
        amqp_socket_open_noblock(socket, settings_.host.c_str(), static_cast<int>(settings_.port), &timeout);
    if (status != AMQP_STATUS_OK) fail(ErrorCategory::kRuntimeFailure, amqp_error_string2(status));
    timeval answer_timeout = timeval_of(kAnswerTimeout);
    amqp_set_handshake_timeout(connection.get(), &answer_timeout);
    amqp_set_rpc_timeout(connection.get(), &answer_timeout);
    check("log in", amqp_login(connection.get(), settings_.virtual_host.c_str(), AMQP_DEFAULT_MAX_CHANNELS,
                               kFrameBytesMax, static_cast<int>(settings_.heartbeat_s), AMQP_SASL_METHOD_PLAIN,
                               settings_.username.c_str(), settings_.password.c_str()));
    consume(connection.get());
    return connection;
  }

 private:
  [[noreturn]] void fail(ErrorCategory category, const std::string& problem) const {
    throw Error(category, "RabbitMQ at " + settings_.host + ":" + std::to_string(settings_.port) + ", queue " +
                              settings_.queue + ": " + problem);
  }

  void check(const char* what, const amqp_rpc_reply_t& reply) const {
    if (reply.reply_type == AMQP_RESPONSE_NORMAL) return;
    const bool refused = reply.reply_type == AMQP_RESPONSE_SERVER_EXCEPTION;
    fail(refused ? ErrorCategory::kInvalidInput : ErrorCategory::kRuntimeFailure,
         std::string("cannot ") + what + ": " + problem_of(reply));
  }

  void consume(amqp_connection_state_t connection) const {
    const amqp_bytes_t queue = bytes_of(settings_.queue);
    amqp_channel_open(connection, kChannel);
    check("open a channel", amqp_get_rpc_reply(connection));
    amqp_queue_declare(connection, kChannel, queue, 0, settings_.durable ? 1 : 0, settings_.exclusive ? 1 : 0,
                       settings_.auto_delete ? 1 : 0, amqp_empty_table);
    check("declare the queue", amqp_get_rpc_reply(connection));
    amqp_queue_bind(connection, kChannel, queue, bytes_of(settings_.exchange), bytes_of(settings_.routing_key),
                    amqp_empty_table);
    check("bind the queue to the exchange", amqp_get_rpc_reply(connection));
    amqp_basic_consume(connection, kChannel, queue, amqp_empty_bytes, 0, 0, 0, amqp_empty_table);
    check("consume the queue", amqp_get_rpc_reply(connection));
  }

  const RabbitmqSettings& settings_;
};

class RabbitmqSource final : public Source {
 public:
  explicit RabbitmqSource(RabbitmqSettings settings) : settings_(std::move(settings)) {}

  /// The acknowledgements are on their way before the connection ends.
  ~RabbitmqSource() override {
    if (connection_) amqp_connection_close(connection_.get(), AMQP_REPLY_SUCCESS);
  }

  void start(const Position& resume) override {
    if (const auto next = resume.next_offsets.find({}); next != resume.next_offsets.end()) next_offset_ = next->second;
    try {
      connect();
    } catch (const Error& error) {
      if (error.category() == ErrorCategory::kInvalidInput) throw;
      lose(error.what());
    }
  }

  Batch poll(int timeout_ms) override {
    const auto deadline = SteadyClock::now() + milliseconds(timeout_ms);
    Batch batch;
    const auto held = std::make_shared<HeldEnvelopes>();
    while (!closed_) {
      while (committers_ > 0) std::this_thread::sleep_for(milliseconds(1));
      const auto left = std::chrono::duration_cast<milliseconds>(deadline - SteadyClock::now());
      const milliseconds slice = std::clamp(left, milliseconds(0), kSlice);
      if (!receive(slice, *held, batch)) std::this_thread::sleep_for(slice);
      if (!batch.messages.empty() || left <= milliseconds(0)) break;
    }
    batch.owner = held;
    return batch;
  }

  /// Messages of an earlier connection are not this one's to acknowledge: they are delivered again.
  void committed(const Position& position) override {
    const auto next = position.next_offsets.find({});
    if (next == position.next_offsets.end()) return;
    ++committers_;
    {
      const std::lock_guard lock(mutex_);
      acknowledge(next->second - first_offset_);
    }
    --committers_;
  }

  void close() override { closed_ = true; }

 private:
  void connect() {
    connection_ = Connector(settings_).connect();
    first_offset_ = next_offset_;
    acknowledged_ = 0;
    tries_ = 0;
    log_info("Consuming queue {} of RabbitMQ at {}:{}", settings_.queue, settings_.host, settings_.port);
  }

  /// The first of a row of failures is told.
  void lose(const std::string& reason) {
    if (tries_ == 0) {
      lost_since_ = SteadyClock::now();
      log_warn("RabbitMQ is away, and is tried again: {}", reason);
    }
    connection_ = nullptr;
    next_try_ = SteadyClock::now() + seconds(settings_.retry_interval_s);
  }

  /// Throws where there were enough tries.
  bool reconnect() {
    if (SteadyClock::now() < next_try_) return false;
    try {
      connect();
      return true;
    } catch (const Error& error) {
      ++tries_;
      const bool spent = settings_.retries_max >= 0 && tries_ >= settings_.retries_max;
      if (spent || SteadyClock::now() - lost_since_ >= seconds(settings_.retry_duration_s_max))
        throw Error(
            ErrorCategory::kRuntimeFailure,
            "RabbitMQ is away for longer than maxRetries and maxDurationSeconds allow: " + std::string(error.what()));
      lose(error.what());
      return false;
    }
  }

  /// Waits up to `timeout` for the first message, and takes what else is there. False without a connection.
  bool receive(milliseconds timeout, HeldEnvelopes& held, Batch& batch) {
    const std::lock_guard lock(mutex_);
    if (!connection_ && !reconnect()) return false;
    while (batch.messages.size() < kBatchMessages) {
      amqp_maybe_release_buffers(connection_.get());
      amqp_envelope_t envelope{};
      timeval wait = timeval_of(batch.messages.empty() ? timeout : milliseconds(0));
      const amqp_rpc_reply_t reply = amqp_consume_message(connection_.get(), &envelope, &wait, 0);
      if (reply.reply_type == AMQP_RESPONSE_NORMAL) {
        take(envelope, held, batch);
        continue;
      }
      if (reply.reply_type != AMQP_RESPONSE_LIBRARY_EXCEPTION || reply.library_error != AMQP_STATUS_TIMEOUT)
        lose(unexpected(reply));
      break;
    }
    return true;
  }

  void take(const amqp_envelope_t& envelope, HeldEnvelopes& held, Batch& batch) {
    held.envelopes.push_back(envelope);
    const amqp_bytes_t& body = envelope.message.body;
    const auto tag = static_cast<std::int64_t>(envelope.delivery_tag);
    batch.messages.push_back({.bytes = std::string_view(static_cast<const char*>(body.bytes), body.len),
                              .partition = 0,
                              .offset = first_offset_ + tag - 1});
    next_offset_ = first_offset_ + tag;
  }

  /// What came in place of a message: the broker's word that the channel, the connection or the consumer is at an end.
  std::string unexpected(const amqp_rpc_reply_t& reply) {
    if (reply.reply_type == AMQP_RESPONSE_LIBRARY_EXCEPTION && reply.library_error == AMQP_STATUS_UNEXPECTED_STATE) {
      amqp_frame_t frame{};
      timeval wait = timeval_of(milliseconds(0));
      if (amqp_simple_wait_frame_noblock(connection_.get(), &frame, &wait) == AMQP_STATUS_OK &&
          frame.frame_type == AMQP_FRAME_METHOD)
        return reason_of(frame.payload.method);
    }
    return problem_of(reply);
  }

  /// The first `count` messages of this connection.
  void acknowledge(std::int64_t count) {
    if (!connection_ || count <= acknowledged_) return;
    const int status = amqp_basic_ack(connection_.get(), kChannel, static_cast<std::uint64_t>(count), 1);
    if (status != AMQP_STATUS_OK)
      log_warn("RabbitMQ could not be told what is durable; it will deliver that again: {}",
               amqp_error_string2(status));
    else
      acknowledged_ = count;
  }

  const RabbitmqSettings settings_;
  std::atomic<bool> closed_ = false;
  std::atomic<int> committers_ = 0;  // threads that want the mutex before the next slice

  std::mutex mutex_;  // librabbitmq's connections are for one thread at a time
  Connection connection_;
  std::int64_t next_offset_ = 0;
  std::int64_t first_offset_ = 0;  // of this connection
  std::int64_t acknowledged_ = 0;  // messages of this connection
  std::int64_t tries_ = 0;         // since the connection was lost
  SteadyClock::time_point lost_since_;
  SteadyClock::time_point next_try_;
};

}  // namespace

bool rabbitmq_is_built() noexcept { return true; }

void RabbitmqSettings::read_uri(const std::string& uri) {
  std::string text = uri;  // is cut into pieces in place
  amqp_connection_info info{};
  amqp_default_connection_info(&info);
  if (amqp_parse_url(text.data(), &info) != AMQP_STATUS_OK)
    throw Error(ErrorCategory::kInvalidInput,
                "an address such as amqp://user:password@host:5672/virtualHost is wanted, not: " + uri);
  if (info.ssl != 0)
    throw Error(ErrorCategory::kUnsupported, "only amqp: is spoken, not amqps: (put a tunnel before it)");
  username = info.user;
  password = info.password;
  host = info.host;
  port = info.port;
  virtual_host = info.vhost;
}

std::unique_ptr<Source> make_rabbitmq_source(RabbitmqSettings settings) {
  return std::make_unique<RabbitmqSource>(std::move(settings));
}

}  // namespace sarsen::ingest

#else

namespace sarsen::ingest {

namespace {
[[noreturn]] void refuse() {
  throw Error(ErrorCategory::kUnsupported,
              "RabbitMQ is not read by this build: it was made without librabbitmq (Debian: librabbitmq-dev)");
}
}  // namespace

bool rabbitmq_is_built() noexcept { return false; }
void RabbitmqSettings::read_uri(const std::string&) { refuse(); }
std::unique_ptr<Source> make_rabbitmq_source(RabbitmqSettings) { refuse(); }

}  // namespace sarsen::ingest

#endif
