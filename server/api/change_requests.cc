#include "server/api/change_requests.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "server/api/json_answer.h"
#include "server/api/parameters.h"
#include "storage/base/error.h"
#include "storage/base/json.h"

namespace sarsen::server {
namespace {

using ingest::LoadOrder;
using ingest::LoadOrderStatus;
using std::chrono::milliseconds;
using State = LoadOrderStatus::State;

constexpr milliseconds kWaitMax{1'000};

milliseconds timeout_of(const Request& request) {
  const auto timeout_ms = parse_number<std::int64_t>(request.parameter("timeout").value_or("")).value_or(0);
  if (timeout_ms <= 0) throw Error(ErrorCategory::kInvalidInput, "timeout must be positive.");
  return std::min(milliseconds(timeout_ms), kWaitMax);
}

std::string loading_mode(const Request& request) {
  const std::string mode(request.parameter("loadingMode").value_or("NORMAL"));
  if (mode != "NORMAL" && mode != "TURBO")
    throw Error(ErrorCategory::kInvalidInput, "loadingMode must be NORMAL or TURBO, but is: " + mode);
  return mode;
}

Json status_json(const LoadOrderStatus& status, const std::string& mode) {
  const bool done = status.state == State::kSuccess;
  const bool failed = status.state == State::kFailed;
  return Json::Object{{"state", done     ? "SUCCESS"
                                : failed ? "FAILED"
                                         : "PENDING"},
                      {"failureCause", failed ? Json(status.failure) : Json()},
                      {"loadingMode", done ? Json(mode) : Json()}};
}

/// One of those that were sent: an order, or one that is answered as it is.
struct Sent {
  const Json& request;
  std::optional<LoadOrderStatus> status = {};
};

/// Shard specs that are not understood fail alone, and noop is done.
std::vector<LoadOrder> parse_orders(std::vector<Sent>& sent) {
  std::vector<LoadOrder> orders;
  for (Sent& each : sent) {
    if (JsonField(each.request)["action"].string() == "noop") {
      each.status = {.state = State::kSuccess, .failure = {}};
      continue;
    }
    try {
      orders.push_back(LoadOrder::parse(each.request));
    } catch (const Error& error) {
      if (error.category() != ErrorCategory::kUnsupported) throw;
      each.status = {.state = State::kFailed, .failure = error.what()};
    }
  }
  return orders;
}

void answer(ingest::LoadOrders& orders, const Request& request, ResponseWriter& writer) {
  const milliseconds timeout = timeout_of(request);
  const std::string mode = loading_mode(request);
  const Json body = Json::parse(request.body);
  if (!body.is_array() || body.array().empty())
    throw Error(ErrorCategory::kInvalidInput, "No change requests provided.");
  std::vector<Sent> sent;
  for (const Json& each : body.array()) sent.push_back({each});
  const std::vector<LoadOrder> taken = parse_orders(sent);
  const bool any_known = taken.size() < sent.size();
  const auto statuses = orders.take(taken, any_known ? milliseconds(0) : timeout);
  if (!statuses && !any_known) return writer.respond(204, "application/json", "");
  Json::Array answers;
  std::size_t next = 0;
  for (const Sent& each : sent) {
    LoadOrderStatus status;
    if (each.status)
      status = *each.status;
    else if (statuses)
      status = (*statuses)[next++];
    answers.push_back(Json::Object{{"request", each.request}, {"status", status_json(status, mode)}});
  }
  respond(request, writer, 200, answers);
}

}  // namespace

void add_change_request_routes(Router& router, ingest::LoadOrders& orders) {
  const std::string base = "/druid-internal/v1/segments";
  router.add("POST", base + "/changeRequests", Execution::kPooled,
             checked([&orders](const Request& request, ResponseWriter& writer) { answer(orders, request, writer); }));
  router.add("GET", base + "/loadCapabilities", Execution::kInline,
             checked([&orders](const Request& request, ResponseWriter& writer) {
               const auto threads = static_cast<std::int64_t>(orders.options().threads);
               respond(request, writer, 200,
                       Json::Object{{"numLoadingThreads", threads}, {"numTurboLoadingThreads", threads}});
             }));
}

}  // namespace sarsen::server
