// rabbitmq: the messages of a queue (rabbitmq_source.h).

#include "ingest/firehose/firehose_types.h"
#include "ingest/firehose/rabbitmq_source.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

class RabbitmqFirehose final : public Firehose {
 public:
  explicit RabbitmqFirehose(RabbitmqSettings settings) : settings_(std::move(settings)) {}

  std::string stream() const override { return settings_.queue; }
  std::unique_ptr<Source> connect(const FirehoseServices&) const override { return make_rabbitmq_source(settings_); }

 private:
  const RabbitmqSettings settings_;
};

void read_connection(const JsonField& json, RabbitmqSettings& settings) {
  settings.host = json["host"].string_or(settings.host);
  settings.port = json["port"].integer_or(settings.port);
  if (settings.port < 1 || settings.port > 65'535)
    json["port"].fail("a port from 1 to 65535 is wanted, not " + std::to_string(settings.port));
  settings.username = json["username"].string_or(settings.username);
  settings.password = json["password"].string_or(settings.password);
  settings.virtual_host = json["virtualHost"].string_or(settings.virtual_host);
  settings.heartbeat_s = json["requestedHeartbeat"].integer_or(settings.heartbeat_s);
  if (const std::int64_t timeout_ms = json["connectionTimeout"].integer_or(0); timeout_ms > 0)
    settings.connection_timeout_ms = timeout_ms;
  const JsonField uri = json["uri"];
  if (!uri.present()) return;
  try {
    settings.read_uri(uri.string());
  } catch (const Error& error) {
    throw Error(error.category(), uri.path() + ": " + error.what());
  }
}

std::string needed_name(const JsonField& json, const char* what) {
  std::string name = json.string_or("");
  if (name.empty()) json.fail(std::string("missing: ") + what);
  return name;
}

/// 0 stands for the default, as in Druid.
void read_number(const JsonField& json, std::int64_t& value) {
  if (const std::int64_t given = json.integer_or(0); given != 0) value = given;
}

void read_config(const JsonField& json, RabbitmqSettings& settings) {
  settings.exchange = needed_name(json["exchange"], "the exchange that the queue is bound to");
  settings.queue = needed_name(json["queue"], "the queue that is read");
  if (!json["routingKey"].present()) json["routingKey"].fail("missing: the routing key by which the queue is bound");
  settings.routing_key = json["routingKey"].string();
  settings.durable = json["durable"].boolean_or(false);
  settings.exclusive = json["exclusive"].boolean_or(false);
  settings.auto_delete = json["autoDelete"].boolean_or(false);
  read_number(json["maxRetries"], settings.retries_max);
  read_number(json["retryIntervalSeconds"], settings.retry_interval_s);
  read_number(json["maxDurationSeconds"], settings.retry_duration_s_max);
}

}  // namespace

FirehosePtr parse_rabbitmq_firehose(const JsonField& json, const FirehoseOptions&) {
  if (!rabbitmq_is_built())
    throw Error(
        ErrorCategory::kUnsupported,
        json["type"].path() +
            ": RabbitMQ is not read by this build: it was made without librabbitmq (Debian: " + "librabbitmq-dev)");
  RabbitmqSettings settings;
  read_connection(json["connection"].present() ? json["connection"] : json["connectionFactory"], settings);
  read_config(json["config"], settings);
  return std::make_shared<RabbitmqFirehose>(std::move(settings));
}

}  // namespace sarsen::ingest
