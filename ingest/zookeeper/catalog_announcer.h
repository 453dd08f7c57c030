#pragma once
// Announces what the catalog serves: live segments from their first row on, immutable ones while they are served, and
// a segment that is handed off without a gap in between. The catalog is what counts: it is looked at when somebody
// announces something, and a few times in a second besides. Thread-safe.

#include <functional>
#include <memory>
#include <mutex>

#include "ingest/realtime/announcer.h"
#include "ingest/zookeeper/segment_nodes.h"
#include "storage/base/json.h"
#include "storage/base/periodic_thread.h"
#include "storage/segment/catalog.h"

namespace sarsen::ingest {

class CatalogAnnouncer final : public SegmentAnnouncer {
 public:
  /// A segment as Druid's DataSegment.
  using Describe = std::function<Json(const storage::TimelineEntry&)>;

  /// REQUIRES: `catalog` outlives it.
  CatalogAnnouncer(const storage::Catalog& catalog, SegmentNodes nodes, Describe describe);

  // The catalog has these already, or no more.
  void announce(const storage::SegmentId&) override { look(); }
  void unannounce(const storage::SegmentId&) override { look(); }

  /// Announces what has changed.
  void look();

 private:
  void compare(const storage::Timeline& before, const storage::Timeline& now);
  void put(const storage::TimelineEntry& entry, bool known);
  void remove(const storage::SegmentId& id);

  const storage::Catalog& catalog_;
  const Describe describe_;
  std::mutex mutex_;
  SegmentNodes nodes_;
  std::shared_ptr<const storage::Catalog::Timelines> announced_;
  PeriodicThread thread_;
};

}  // namespace sarsen::ingest
