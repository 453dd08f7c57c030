#include "server/api/native_query.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/cache/answer_key.h"
#include "engine/query/query.h"
#include "engine/query/response_context.h"
#include "server/api/media_type.h"
#include "server/http/error_body.h"
#include "storage/base/log.h"

namespace sarsen::server {
namespace {

using engine::QueryControl;
using engine::QueryPtr;

/// What an answer may take before others look after the sockets of its thread: some times of what it costs to wake
/// them.
constexpr std::chrono::microseconds kPromptTime{100};

constexpr std::string_view kIdHeader = "X-Druid-Query-Id";

void respond(ResponseWriter& writer, const ErrorAnswer& answer, JsonStyle style) {
  writer.respond(answer.status, content_type(style), answer.body);
}

/// Null where the body is no query: the client has its answer by then.
QueryPtr read_query(const Request& request, ResponseWriter& writer, Json& body) {
  const JsonStyle style = answer_style(request);
  try {
    body = parse_body(request);
  } catch (const Error& error) {
    respond(writer, unreadable_answer(error, style), style);
    return nullptr;
  }
  try {
    return engine::parse_query(body);
  } catch (const Error& error) {
    respond(writer, error_answer(error, style), style);
    return nullptr;
  }
}

void set_deadline(std::int64_t timeout_ms, QueryControl& control) {
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
  const Header headers[] = {{"Content-Type", content_type(style)}, {kIdHeader, id}};
  writer.start(answer.status, headers);
  writer.write(answer.body);
  writer.finish();
}

class NativeQuery {
 public:
  NativeQuery(const engine::QueryEngine& engine, QueryScheduler& scheduler, RunningQueries& running,
              CachedAnswers& cache)
      : engine_(engine), scheduler_(scheduler), running_(running), cache_(cache) {}

  void operator()(const Request& request, ResponseWriter& writer) const {
    if (refuse_media_type(request, writer)) return;
    Asked asked{.request = request, .style = answer_style(request)};
    asked.query = read_query(request, writer, asked.body);
    if (!asked.query) return;
    asked.id = asked.query->context().query_id();
    if (asked.id.empty()) asked.id = random_query_id();
    try {
      run(asked, writer);
    } catch (const ClientGone&) {
      throw;
    } catch (const std::exception& failure) {
      tell_failure(failure, asked.id, asked.style, writer);
    }
  }

 private:
  struct Asked {
    const Request& request;
    JsonStyle style;
    Json body = {};
    QueryPtr query = nullptr;
    std::string id = {};
  };

  void run(const Asked& asked, ResponseWriter& writer) const {
    const auto control = std::make_shared<QueryControl>();
    set_deadline(scheduler_.timeout_ms(asked.query->context()), *control);
    const RunningQueries::Entry entry(running_, asked.id, control);
    writer.on_disconnect([control] { control->cancel(); });
    control->on_long(kPromptTime, [&writer] { writer.takes_long(); });

    const std::string_view known_tag = asked.request.header("If-None-Match");
    std::optional<std::string> key;
    if (!known_tag.empty() || cache_.concerns(*asked.query)) key = engine_.answer_key(*asked.query, asked.body);
    const std::string tag = key && !known_tag.empty() ? engine::entity_tag(*key) : "";
    if (!tag.empty() && tag == known_tag) return respond_unchanged(asked, tag, writer);

    const QueryScheduler::Places places = scheduler_.admit(asked.query->context(), engine_.priority(*asked.query));
    const std::string response_context = engine::text_of(engine_.response_context(*asked.query));
    std::vector<Header> headers = {{"Content-Type", content_type(asked.style)},
                                   {kIdHeader, asked.id},
                                   {"X-Druid-Response-Context", response_context}};
    if (!tag.empty()) headers.push_back({"ETag", tag});
    writer.start(200, headers);
    const auto emit = [&writer](std::string_view piece) { writer.write(piece); };
    cache_.answer(*asked.query, key, asked.style, emit, [&](const CachedAnswers::Emit& emit_computed) {
      engine_.run(*asked.query, *control, asked.style, emit_computed);
    });
    writer.finish();
  }

  static void respond_unchanged(const Asked& asked, std::string_view tag, ResponseWriter& writer) {
    const Header headers[] = {{kIdHeader, asked.id}, {"ETag", tag}};
    writer.start(304, headers);
    writer.finish();
  }

  const engine::QueryEngine& engine_;
  QueryScheduler& scheduler_;
  RunningQueries& running_;
  CachedAnswers& cache_;
};

}  // namespace

void add_native_query_routes(Router& router, const engine::QueryEngine& engine, QueryScheduler& scheduler,
                             RunningQueries& running, CachedAnswers& cache) {
  router.add("POST", "/druid/v2", Execution::kPrompt, NativeQuery(engine, scheduler, running, cache));
  router.add("DELETE", "/druid/v2/{id}", Execution::kInline,
             [&running](const Request& request, ResponseWriter& writer) {
               running.cancel(request.path_values.front());
               writer.respond(202, "", "");
             });
}

}  // namespace sarsen::server
