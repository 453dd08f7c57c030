// receiver: events that are pushed over HTTP (event_receiver.h).

#include "ingest/firehose/chat_handlers.h"
#include "ingest/firehose/event_receiver.h"
#include "ingest/firehose/firehose_types.h"
#include "storage/base/error.h"
#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

constexpr std::size_t kBatchEvents = 10'000;

class ReceiverSource final : public Source {
 public:
  ReceiverSource(std::string name, ChatHandlers& handlers, std::shared_ptr<EventReceiver> receiver)
      : name_(std::move(name)), handlers_(handlers), receiver_(std::move(receiver)) {}
  ~ReceiverSource() override { close(); }

  /// Events have no place to be read from again; their numbers go on from those of before.
  void start(const Position& resume) override {
    if (const auto next = resume.next_offsets.find({}); next != resume.next_offsets.end()) next_offset_ = next->second;
    receiver_->touch();
    handlers_.add(name_, receiver_);
    log_info("Firehose[{}] takes events", name_);
  }

  Batch poll(int timeout_ms) override {
    Batch batch = receiver_->take(kBatchEvents, timeout_ms, next_offset_);
    next_offset_ += static_cast<std::int64_t>(batch.messages.size());
    if (batch.exhausted) handlers_.remove(receiver_.get());
    return batch;
  }

  void committed(const Position&) override {}

  void close() override {
    receiver_->close();
    handlers_.remove(receiver_.get());
  }

 private:
  const std::string name_;
  ChatHandlers& handlers_;
  const std::shared_ptr<EventReceiver> receiver_;
  std::int64_t next_offset_ = 0;
};

class ReceiverFirehose final : public Firehose {
 public:
  explicit ReceiverFirehose(EventReceiverOptions options) : options_(std::move(options)) {}

  std::string stream() const override { return options_.service_name; }

  std::unique_ptr<Source> connect(const FirehoseServices& services) const override {
    if (services.chat_handlers == nullptr)
      throw Error(ErrorCategory::kUnsupported, "The firehose receiver needs a server that events are pushed to");
    EventReceiverOptions options = options_;
    options.clock = services.clock;
    return std::make_unique<ReceiverSource>(options_.service_name, *services.chat_handlers,
                                            std::make_shared<EventReceiver>(services.schema, std::move(options)));
  }

  void adapt(DataSchema& schema, const JsonField& json) const override {
    if (schema.input_format->by_lines())
      json["parser"]["parseSpec"]["format"].fail(
          "events are pushed as JSON objects; use a parser of type map, or the format json");
  }

 private:
  const EventReceiverOptions options_;
};

}  // namespace

/// Counts and times that are not positive stand for the defaults, as in Druid.
FirehosePtr parse_receiver_firehose(const JsonField& json, const FirehoseOptions&) {
  EventReceiverOptions options;
  options.service_name = json["serviceName"].string();
  if (options.service_name.empty()) json["serviceName"].fail("the name that events are pushed to is wanted");
  if (const std::int64_t events = json["bufferSize"].integer_or(0); events > 0)
    options.buffer_events = static_cast<std::size_t>(events);
  if (const std::int64_t idle_ms = json["maxIdleTime"].integer_or(0); idle_ms > 0) options.idle_ms_max = idle_ms;
  return std::make_shared<ReceiverFirehose>(std::move(options));
}

}  // namespace sarsen::ingest
