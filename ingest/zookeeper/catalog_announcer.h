#pragma once
// Announces what the catalog serves: live segments from their first row on, immutable ones while they are served, and
// a segment that is handed off without a gap in between. The catalog is what counts: it is looked at when somebody
// announces something, and a few times in a second besides. Thread-safe.

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "ingest/realtime/announcer.h"
#include "ingest/zookeeper/segment_nodes.h"
#include "storage/segment/catalog.h"
#include "storage/segment/segment_descriptor.h"

namespace sarsen::ingest {

class CatalogAnnouncer final : public SegmentAnnouncer {
 public:
  /// What is known of an immutable segment beyond its files; nullopt: nothing.
  using Published = std::function<std::optional<storage::SegmentDescriptor>(const storage::SegmentId&)>;

  /// REQUIRES: `catalog` outlives it.
  CatalogAnnouncer(const storage::Catalog& catalog, SegmentNodes nodes, Published published);
  ~CatalogAnnouncer() override;

  // The catalog has these already, or no more.
  void announce(const storage::SegmentId&) override { look(); }
  void unannounce(const storage::SegmentId&) override { look(); }

  /// Announces what has changed.
  void look();

 private:
  void watch();
  void compare(const storage::Timeline& before, const storage::Timeline& now);
  void put(const storage::TimelineEntry& entry, bool known);
  void remove(const storage::SegmentId& id);
  Json json_of(const storage::TimelineEntry& entry) const;

  const storage::Catalog& catalog_;
  const Published published_;
  std::mutex mutex_;
  SegmentNodes nodes_;
  std::shared_ptr<const storage::Catalog::Timelines> announced_;
  std::mutex stop_mutex_;
  std::condition_variable stop_changed_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace sarsen::ingest
