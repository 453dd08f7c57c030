#include "engine/query/query_engine.h"

#include "engine/query/query_run.h"
#include "storage/base/check.h"

namespace sarsen::engine {

void QueryControl::check() const {
  if (canceled_.load(std::memory_order_relaxed)) throw Error(ErrorCategory::kCanceled, "Query cancelled");
  if (deadline_ != std::chrono::steady_clock::time_point::max() && std::chrono::steady_clock::now() >= deadline_)
    throw Error(ErrorCategory::kTimeout,
                "Query did not complete within configured timeout period. You can increase query timeout or tune the "
                "performance of query.");
}

void QueryEngine::run(const Query& query, QueryControl& control, JsonStyle style,
                      const std::function<void(std::string_view)>& emit) const {
  control.check();
  ResultWriter out(style, emit);
  QueryRun run(query, catalog_.snapshot(), pool_, control, limits_, out);
  query.run(run);
  out.finish();
}

}  // namespace sarsen::engine
