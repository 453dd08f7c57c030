#pragma once
// GET /druid-internal/v1/segments?counter=&hash=&timeout=: what is served, and what has changed in that since a counter
// that an earlier answer gave, as Druid's brokers and coordinators follow the nodes that they discover. Where nothing
// has changed a request waits for a change, a second at most: it holds a thread of those that queries need too.
//
// Each change adds one to the counter; the hash tells the counters of one process from those of another. The last
// thousand changes are kept: who asks for older ones is told to begin anew.

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "server/http/router.h"
#include "storage/base/json.h"
#include "storage/segment/catalog.h"

namespace sarsen::server {

class SegmentChanges {
 public:
  using Describe = std::function<Json(const storage::TimelineEntry&)>;
  using Clock = std::function<std::int64_t()>;  // milliseconds since 1970

  struct Counter {
    std::int64_t number = 0;
    std::int64_t hash = 0;
    bool operator==(const Counter&) const = default;
  };

  /// REQUIRES: `catalog` outlives it. `describe`: a segment as Druid's DataSegment.
  SegmentChanges(const storage::Catalog& catalog, Describe describe, Clock clock);

  /// Druid's ChangeRequestsSnapshot: all that is served, where `since` is empty; else the changes since then; nullopt
  /// where there are none. From any thread.
  std::optional<Json> snapshot(const std::optional<Counter>& since);

 private:
  struct Change {
    Counter counter;
    Json request;
  };

  void look();
  void compare(const storage::Timeline& before, const storage::Timeline& now);
  void add(const char* action, const storage::TimelineEntry& entry);
  std::optional<Json> request_of(const char* action, const storage::TimelineEntry& entry) const;
  Json all() const;

  const storage::Catalog& catalog_;
  const Describe describe_;
  const Clock clock_;
  std::mutex mutex_;
  std::shared_ptr<const storage::Catalog::Timelines> seen_;
  Counter first_;               // before changes_
  std::deque<Change> changes_;  // the last ones
};

/// `changes` outlives the router.
void add_segment_change_routes(Router& router, SegmentChanges& changes);

}  // namespace sarsen::server
