#include "engine/query/query_engine.h"

#include <algorithm>
#include <new>

#include "engine/cache/answer_key.h"
#include "engine/exec/poll.h"
#include "engine/query/query_priority.h"
#include "engine/query/query_run.h"
#include "engine/query/response_context.h"
#include "storage/base/check.h"

namespace sarsen::engine {

void QueryControl::check() const {
  if (canceled_.load(std::memory_order_relaxed)) throw Error(ErrorCategory::kCanceled, "Query cancelled");
  constexpr auto kNever = std::chrono::steady_clock::time_point::max();
  if (deadline_ != kNever || long_at_ != kNever) {
    const auto now = std::chrono::steady_clock::now();
    if (now >= long_at_) tell_long_();
    if (now >= deadline_)
      throw Error(ErrorCategory::kTimeout,
                  "Query did not complete within configured timeout period. You can increase query timeout or tune the "
                  "performance of query.");
  }
  check_memory();
}

namespace {

/// With context bySegment nothing is merged: each segment's own answer, wrapped with its id.
void run_by_segment(const Query& query, QueryRun& run) {
  JsonWriter& json = run.out().json();
  const bool as_long = query.context().boolean_or("serializeDateTimeAsLong", false);
  const std::vector<SourcePart> parts = run.take_parts();
  for (auto part = parts.begin(); part != parts.end();) {
    const auto end = std::find_if(part, parts.end(), [&](const auto& other) { return other.served != part->served; });
    json.begin_object().key("timestamp");
    if (as_long) {
      json.integer(part->segment_interval.start_ms);
    } else {
      json.string(format_iso(part->segment_interval.start_ms));
    }
    json.key("result").begin_object().key("results").begin_array();
    QueryRun one = run;
    one.narrow({part, end});
    query.run(one);
    json.end_array().key("segment").string(part->id);
    json.key("interval").string(format_iso(part->interval)).end_object().end_object();
    run.out().flush_if_full();
    part = end;
  }
}

}  // namespace

void QueryEngine::run(const Query& query, QueryControl& control, JsonStyle style,
                      const std::function<void(std::string_view)>& emit) const {
  query.context().timeout_ms();  // throws where it is none, also for those who set no deadline
  control.check();
  const PollScope poll_scope(control);
  MemoryAccount memory(static_cast<std::int64_t>(limits_.query_bytes_max), &memory_);
  try {
    const MemoryScope scope(&memory);
    answer(query, control, style, emit);
  } catch (const std::bad_alloc&) {
    memory.check();
    throw Error(ErrorCategory::kResourceLimit,
                "The query needs more memory than there is; sarsen.query.maxBytesPerQuery allows: " +
                    std::to_string(limits_.query_bytes_max));
  }
}

void QueryEngine::answer(const Query& query, QueryControl& control, JsonStyle style,
                         const std::function<void(std::string_view)>& emit) const {
  // Pieces on their way are their receiver's, who frees them elsewhere.
  const std::function<void(std::string_view)> emit_uncounted = [&](std::string_view piece) {
    const MemoryPause pause;
    emit(piece);
  };
  ResultWriter out(style, emit_uncounted);
  QueryRun run(query, catalog_.snapshot(), pool_, control, limits_, out);
  if (query.context().boolean_or("bySegment", false)) {
    run_by_segment(query, run);
  } else {
    query.run(run);
  }
  out.finish();
}

std::int64_t QueryEngine::priority(const Query& query) const {
  return priority_of(query, *catalog_.snapshot(), limits_.priorities);
}

ResponseContext QueryEngine::response_context(const Query& query) const {
  return engine::response_context(query, *catalog_.snapshot());
}

std::optional<std::string> QueryEngine::answer_key(const Query& query, const Json& body) const {
  return engine::answer_key(query, body, *catalog_.snapshot());
}

}  // namespace sarsen::engine
