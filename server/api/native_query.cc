#include "server/api/native_query.h"

#include <chrono>
#include <memory>
#include <string>

#include "engine/query/query.h"
#include "server/api/media_type.h"
#include "server/http/error_body.h"
#include "storage/base/log.h"

namespace sarsen::server {
namespace {

using engine::QueryControl;
using engine::QueryPtr;

constexpr std::string_view kIdHeader = "X-Druid-Query-Id";

void respond(ResponseWriter& writer, const ErrorAnswer& answer) { writer.respond_json(answer.status, answer.body); }

/// Null where the body is no query: the client has its answer by then.
QueryPtr read_query(const Request& request, ResponseWriter& writer) {
  Json body;
  try {
    body = Json::parse(request.body);
  } catch (const Error& error) {
    respond(writer, unreadable_answer(error, style_of(request)));
    return nullptr;
  }
  try {
    return engine::parse_query(body);
  } catch (const Error& error) {
    respond(writer, error_answer(error, style_of(request)));
    return nullptr;
  }
}

void set_deadline(const engine::Query& query, QueryControl& control) {
  const std::int64_t timeout_ms = query.context().timeout_ms();
  if (timeout_ms == 0) return;
  // More than a century would overflow the clock, and means "never".
  constexpr std::int64_t kNever = std::int64_t{100} * 366 * 24 * 3600 * 1000;
  if (timeout_ms < kNever)
    control.set_deadline(std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms));
}

bool is_our_fault(const std::exception& failure) {
  const auto* error = dynamic_cast<const Error*>(&failure);
  return error == nullptr || error->category() == ErrorCategory::kRuntimeFailure ||
         error->category() == ErrorCategory::kDefensive;
}

void tell_failure(const std::exception& failure, const std::string& id, JsonStyle style, ResponseWriter& writer) {
  if (is_our_fault(failure)) log_error("Query [{}] failed: {}", id, failure.what());
  if (writer.committed()) {
    writer.fail(failure.what());
    return;
  }
  const ErrorAnswer answer = error_answer(failure, style);
  const Header headers[] = {{"Content-Type", kJsonType}, {kIdHeader, id}};
  writer.start(answer.status, headers);
  writer.write(answer.body);
  writer.finish();
}

class NativeQuery {
 public:
  NativeQuery(const engine::QueryEngine& engine, RunningQueries& running) : engine_(engine), running_(running) {}

  void operator()(const Request& request, ResponseWriter& writer) const {
    if (refuse_media_type(request, writer)) return;
    const QueryPtr query = read_query(request, writer);
    if (!query) return;
    std::string id = query->context().query_id();
    if (id.empty()) id = random_query_id();
    try {
      run(*query, id, style_of(request), writer);
    } catch (const ClientGone&) {
      throw;
    } catch (const std::exception& failure) {
      tell_failure(failure, id, style_of(request), writer);
    }
  }

 private:
  void run(const engine::Query& query, const std::string& id, JsonStyle style, ResponseWriter& writer) const {
    const auto control = std::make_shared<QueryControl>();
    set_deadline(query, *control);
    const RunningQueries::Entry entry(running_, id, control);
    writer.on_disconnect([control] { control->cancel(); });
    const Header headers[] = {{"Content-Type", kJsonType}, {kIdHeader, id}, {"X-Druid-Response-Context", "{}"}};
    writer.start(200, headers);
    engine_.run(query, *control, style, [&writer](std::string_view piece) { writer.write(piece); });
    writer.finish();
  }

  const engine::QueryEngine& engine_;
  RunningQueries& running_;
};

}  // namespace

void add_native_query_routes(Router& router, const engine::QueryEngine& engine, RunningQueries& running) {
  router.add("POST", "/druid/v2", Execution::kPooled, NativeQuery(engine, running));
  router.add("DELETE", "/druid/v2/{id}", Execution::kInline,
             [&running](const Request& request, ResponseWriter& writer) {
               running.cancel(request.path_values.front());
               writer.respond(202, "", "");
             });
}

}  // namespace sarsen::server
