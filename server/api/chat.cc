#include "server/api/chat.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "ingest/firehose/event_receiver.h"
#include "server/api/json_answer.h"
#include "server/api/media_type.h"
#include "server/api/parameters.h"
#include "storage/base/error.h"
#include "storage/base/interval.h"

namespace sarsen::server {
namespace {

using ingest::EventReceiver;
using ingest::Producer;
using ReceiverPtr = std::shared_ptr<EventReceiver>;
using PushPtr = std::shared_ptr<EventReceiver::Push>;
using Answer = void (*)(const ReceiverPtr&, const Request&, ResponseWriter&);

/// Of the form of the request, as in Druid.
void respond_count(JsonStyle style, ResponseWriter& writer, std::size_t events, bool skipped = false) {
  JsonWriter json(style);
  json.begin_object().key("eventCount").integer(static_cast<std::int64_t>(events));
  if (skipped) json.key("skipped").boolean(true);
  json.end_object();
  writer.respond(200, content_type(style), json.take());
}

JsonStyle request_style(const Request& request) {
  return request.header("Content-Type") == kSmileType ? JsonStyle::kSmile : JsonStyle::kCompact;
}

std::optional<Producer> producer_of(const Request& request) {
  const std::string_view id = request.header("X-Firehose-Producer-Id");
  if (id.empty()) return std::nullopt;
  const std::string_view text = request.header("X-Firehose-Producer-Seq");
  if (text.empty()) throw Error(ErrorCategory::kInvalidInput, "Producer sequence value is missing");
  const auto sequence = parse_number<decltype(Producer::sequence)>(text);
  if (!sequence) throw Error(ErrorCategory::kInvalidInput, "Producer sequence must be a number");
  return Producer{std::string(id), *sequence};
}

/// SMILE becomes JSON, which is what the firehose's reader reads.
ingest::JsonObjects events_of(const Request& request) {
  if (request_style(request) != JsonStyle::kSmile) return ingest::split_json_array(request.body);
  return ingest::split_json_array(parse_body(request).dump());
}

/// What a push that waits no more is answered.
void respond_push(EventReceiver::State state, JsonStyle style, std::size_t events, const Request& request,
                  ResponseWriter& writer) {
  switch (state) {
    case EventReceiver::State::kTaken:
      return respond_count(style, writer, events);
    case EventReceiver::State::kSkipped:
      return respond_count(style, writer, 0, true);
    case EventReceiver::State::kCanceled:
      return respond_error(request, writer, 503, "The server stops; none of the events were taken: send them again");
    case EventReceiver::State::kRefused:
      return respond_error(request, writer, 503,
                           "More events than this server holds in memory wait for room in the firehose's buffer "
                           "already; send them again later");
    case EventReceiver::State::kWaiting:
    case EventReceiver::State::kClosed:
      break;
  }
  respond_error(request, writer, 500, "Cannot add events to closed firehose!");
}

/// Without `pretty`: nothing of the request is left when a push has waited.
void wait_for_room(const ReceiverPtr& receiver, const PushPtr& push, JsonStyle style, std::size_t events,
                   ResponseWriter& writer) {
  writer.on_disconnect([receiver, push] { receiver->cancel(push); });
  writer.wait([receiver, push](std::function<void()> proceed) { receiver->when_done(push, std::move(proceed)); },
              [receiver, push, style, events, &writer] {
                respond_push(receiver->state(*push), style, events, Request{}, writer);
              });
}

void take(const ReceiverPtr& receiver, ingest::JsonObjects events, const std::optional<Producer>& producer,
          const Request& request, ResponseWriter& writer) {
  const std::size_t count = events.objects.size();
  const JsonStyle style = request_style(request);
  const PushPtr push = receiver->push(std::move(events), producer);
  const EventReceiver::State state = receiver->state(*push);
  if (state == EventReceiver::State::kWaiting) return wait_for_room(receiver, push, style, count, writer);
  respond_push(state, style, count, request, writer);
}

/// All events are looked at before the first one is taken. Those that cannot be read get Druid's status, 500.
void post_events(const ReceiverPtr& receiver, const Request& request, ResponseWriter& writer) {
  if (refuse_media_type(request, writer)) return;
  receiver->touch();
  const std::optional<Producer> producer = producer_of(request);
  if (producer && receiver->is_repetition(*producer)) return respond_count(request_style(request), writer, 0, true);
  ingest::JsonObjects events;
  try {
    events = events_of(request);
    receiver->check(events);
  } catch (const Error& error) {
    return respond_error(request, writer, 500, error.what());
  }
  take(receiver, std::move(events), producer, request, writer);
}

void post_shutdown(const ReceiverPtr& receiver, const Request& request, ResponseWriter& writer) {
  const auto time = request.parameter("shutoffTime");
  receiver->shut_off_at(time ? parse_iso(*time) : INT64_MIN);
  writer.respond(200, kJsonType, "");
}

int status_of(const Error& error) {
  if (error.category() == ErrorCategory::kInvalidInput) return 400;
  return error.category() == ErrorCategory::kForbidden ? 403 : 500;
}

Handler handler(const ingest::ChatHandlers& handlers, Answer answer) {
  return [&handlers, answer](const Request& request, ResponseWriter& writer) {
    const std::string& name = request.path_values[0];
    const ReceiverPtr receiver = handlers.find(name);
    if (!receiver) return respond_error(request, writer, 404, "Can't find chatHandler for handler[" + name + "]");
    try {
      answer(receiver, request, writer);
    } catch (const Error& error) {
      respond_error(request, writer, status_of(error), error.what());
    }
  };
}

}  // namespace

void add_chat_routes(Router& router, const ingest::ChatHandlers& handlers) {
  const std::string base = "/druid/worker/v1/chat/{serviceName}";
  router.add("POST", base + "/push-events", Execution::kPooled, handler(handlers, post_events));
  router.add("POST", base + "/shutdown", Execution::kPooled, handler(handlers, post_shutdown));
}

}  // namespace sarsen::server
