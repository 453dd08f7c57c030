#pragma once
// The way in for whoever asks: parse a native query, run it against the catalog, have the answer written. Used by the
// HTTP server, by `sarsen query --segments` and by tests. Thread safety: QueryEngine is shared; one run() belongs to
// one caller.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/group/group_limits.h"
#include "storage/base/json.h"
#include "storage/base/json_writer.h"
#include "storage/base/memory_count.h"
#include "storage/segment/catalog.h"

namespace sarsen::engine {

class Query;       // engine/query/query.h
class WorkerPool;  // engine/exec/worker_pool.h

struct ResponseContext;  // engine/query/response_context.h

/// A parsed query is immutable and shared.
using QueryPtr = std::shared_ptr<const Query>;

/// Throws kInvalidInput naming the field. `body` is the JSON document of POST /druid/v2.
QueryPtr parse_query(const Json& body);

/// What the outside can do to a running query. Thread-safe.
class QueryControl {
 public:
  void cancel() noexcept { canceled_.store(true, std::memory_order_relaxed); }
  void set_deadline(std::chrono::steady_clock::time_point deadline) noexcept {
    deadline_ = deadline;
  }  // before run() only
  /// `tell` is called when the query takes longer than `patience`, or is about to wait for other threads: by any of its
  /// threads, perhaps often. Before run() only.
  void on_long(std::chrono::steady_clock::duration patience, std::function<void()> tell) {
    long_at_ = std::chrono::steady_clock::now() + patience;
    tell_long_ = std::move(tell);
  }
  void waits() const {
    if (tell_long_) tell_long_();
  }
  /// Throws kCanceled, kTimeout, or kResourceLimit where the query has too much memory (storage/base/memory_count.h).
  /// Looked at once per vector.
  void check() const;

 private:
  std::atomic<bool> canceled_{false};
  std::chrono::steady_clock::time_point deadline_ = std::chrono::steady_clock::time_point::max();
  std::chrono::steady_clock::time_point long_at_ = std::chrono::steady_clock::time_point::max();
  std::function<void()> tell_long_;
};

/// The order of names in objects that Druid keeps in a Java HashMap: that of Java 8 and later, or of Java 7, which
/// Druid 0.7 ran on.
enum class KeyOrder : std::uint8_t { kJava8, kJava7 };

/// Which queries go after others, as Druid's prioritization strategy "threshold"
/// (druid.query.scheduler.prioritization): what exceeds one of these loses `adjustment` of its priority. Without any of
/// them, a query's priority is its context's.
struct PriorityThresholds {
  std::optional<std::int64_t> period_ms = {};         // how long ago the query's intervals may begin
  std::optional<std::int64_t> duration_ms = {};       // of its intervals together
  std::optional<std::int64_t> segments = {};          // that it reads
  std::optional<std::int64_t> segment_range_ms = {};  // of their intervals together
  std::int64_t adjustment = 5;
};

class ResultCache;  // engine/cache/result_cache.h

/// Whether the groups of a segment, before they are merged with those of others, come from the cache and go there.
struct SegmentCacheUse {
  ResultCache* cache = nullptr;               // outlives the engine
  bool use = false;                           // druid.historical.cache.useCache
  bool populate = false;                      // druid.historical.cache.populateCache
  std::vector<std::string> uncacheable = {};  // types of queries: druid.historical.cache.unCacheable
  std::size_t entry_bytes_max = 1'000'000;    // druid.historical.cache.maxEntrySize
};

struct QueryLimits {
  std::size_t query_bytes_max = std::size_t{2} << 30;  // sarsen.query.maxBytesPerQuery: whatever one query allocates
  std::int64_t memory_bytes_max = INT64_MAX;           // sarsen.query.maxMemoryBytes: the same of all queries together
  GroupLimits groups = {};                             // druid.query.groupBy.*
  std::int64_t sub_query_rows_max = 100000;            // druid.server.http.maxSubqueryRows; below 0: no limit
  std::string sub_query_bytes_max = "disabled";  // druid.server.http.maxSubqueryBytes: "auto", "disabled", a number
  std::int64_t rows_queued_max = 100000;         // druid.query.scan.maxRowsQueuedForOrdering
  std::int64_t ordered_partitions_max = 50;      // druid.query.scan.maxSegmentPartitionsOrderedInMemory
  PriorityThresholds priorities = {};
  SegmentCacheUse segment_cache = {};
  KeyOrder key_order = KeyOrder::kJava8;  // sarsen.query.keyOrder
};

class QueryEngine {
 public:
  QueryEngine(const storage::Catalog& catalog, WorkerPool& pool, QueryLimits limits = {})
      : catalog_(catalog), pool_(pool), limits_(std::move(limits)), memory_(limits_.memory_bytes_max) {}

  /// Writes the whole answer, a JSON array, in pieces of some 64 KiB to `emit`. Throws before the first piece wherever
  /// possible; `emit` may throw to end the query (the client has gone). The timeout of the query's context is the
  /// caller's business (QueryControl).
  void run(const Query& query, QueryControl& control, JsonStyle style,
           const std::function<void(std::string_view)>& emit) const;

  /// What its context and the thresholds make it.
  std::int64_t priority(const Query& query) const;

  /// What there is to say about the answer beside it, of the segments that are there now.
  ResponseContext response_context(const Query& query) const;

  /// What the answer depends on (engine/cache/answer_key.h), of the segments that are there now.
  std::optional<std::string> answer_key(const Query& query, const Json& body) const;

 private:
  void answer(const Query& query, QueryControl& control, JsonStyle style,
              const std::function<void(std::string_view)>& emit) const;

  const storage::Catalog& catalog_;
  WorkerPool& pool_;
  QueryLimits limits_;
  mutable MemoryPool memory_;  // of all queries that run
};

}  // namespace sarsen::engine
