#pragma once
// Which queries may run now: lanes, each for so many queries at a time, and a limit for all together, as Druid's query
// scheduler. A query that finds no place is refused at once (429); nobody waits. Thread-safe.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "engine/query/query.h"

namespace sarsen::server {

/// druid.query.scheduler.laning.strategy
enum class LaningStrategy : std::uint8_t {
  kNone,    // lanes have no limits
  kHiLo,    // queries of negative priority are in the lane "low"
  kManual,  // the query's context names its lane
};

struct QuerySchedulerSettings {
  std::size_t threads = 0;  // queries at a time; 0, or not below what HTTP lets in: no limit
  LaningStrategy laning = LaningStrategy::kNone;
  std::size_t low_percent_max = 0;                // kHiLo: of all places
  std::map<std::string, std::size_t> lanes = {};  // kManual: queries at a time, by name
  bool lanes_are_percents = false;
  std::int64_t timeout_default_ms = 300000;  // druid.server.http.defaultQueryTimeout
  std::int64_t timeout_max_ms = INT64_MAX;   // druid.server.http.maxQueryTimeout
};

/// Throws kInvalidInput in Druid's words where the settings contradict each other.
void check_settings(const QuerySchedulerSettings& settings);

class QueryScheduler {
 public:
  /// A query's places, given back with it.
  class Places {
   public:
    Places() = default;
    Places(Places&& other) noexcept : scheduler_(other.scheduler_), lanes_(std::move(other.lanes_)) {
      other.lanes_.clear();
    }
    Places& operator=(Places&&) = delete;
    ~Places();

   private:
    friend QueryScheduler;
    QueryScheduler* scheduler_ = nullptr;
    std::vector<std::string> lanes_;
  };

  /// `requests_max`: what HTTP lets in at a time.
  QueryScheduler(QuerySchedulerSettings settings, std::size_t requests_max);

  /// `priority`: the query's, as the engine reckons it. Throws kCapacityExceeded.
  Places admit(const engine::QueryContext& context, std::int64_t priority);

  /// How long the query may take, 0: as long as it likes. Throws kInvalidInput where it asks for more than it may.
  std::int64_t timeout_ms(const engine::QueryContext& context) const;

 private:
  struct Lane {
    std::size_t limit;
    std::size_t running = 0;
  };

  std::string lane_of(const engine::QueryContext& context, std::int64_t priority) const;
  bool take(const std::string& lane, Places& places);
  void give_back(const std::vector<std::string>& lanes);

  const QuerySchedulerSettings settings_;
  std::mutex mutex_;
  std::map<std::string, Lane> lanes_;  // limits are fixed; the lane "total" is of all queries
};

}  // namespace sarsen::server
