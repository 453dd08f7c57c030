#include "ingest/zookeeper/catalog_announcer.h"

#include <chrono>
#include <utility>

#include "ingest/deep_storage/leaving_segment.h"
#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

using storage::Catalog;
using storage::Timeline;
using storage::TimelineEntry;

constexpr std::chrono::milliseconds kLookPeriod{200};

const Timeline& timeline_of(const Catalog::Timelines& timelines, const std::string& data_source) {
  static const Timeline none;
  const auto found = timelines.find(data_source);
  return found == timelines.end() ? none : *found->second;
}

}  // namespace

CatalogAnnouncer::CatalogAnnouncer(const Catalog& catalog, SegmentNodes nodes, Describe describe)
    : catalog_(catalog),
      describe_(std::move(describe)),
      nodes_(std::move(nodes)),
      announced_(std::make_shared<const Catalog::Timelines>()) {
  thread_.repeat("announcer", kLookPeriod, kLookPeriod, "Segments could not be announced", [this] { look(); });
}

void CatalogAnnouncer::look() {
  const std::lock_guard lock(mutex_);
  const auto now = catalog_.snapshot();
  if (now == announced_) return;
  for (const auto& [data_source, timeline] : *announced_)
    if (!now->contains(data_source)) compare(*timeline, timeline_of(*now, data_source));
  for (const auto& [data_source, timeline] : *now) compare(timeline_of(*announced_, data_source), *timeline);
  announced_ = now;
}

void CatalogAnnouncer::compare(const Timeline& before, const Timeline& now) {
  if (&before == &now) return;
  for (const auto& [id, entry] : before.entries())
    if (find_announced(now, id) == nullptr) remove(id);
  for (const auto& [id, entry] : now.entries()) {
    if (is_leaving(entry)) continue;
    const TimelineEntry* known = find_announced(before, id);
    if (known == nullptr)
      put(entry, false);
    else if (known->segment != entry.segment)
      put(entry, true);
  }
}

/// One that cannot be described is served all the same.
void CatalogAnnouncer::put(const TimelineEntry& entry, bool known) {
  try {
    const SegmentPlace place = nodes_.put(entry.id.text(), describe_(entry).dump());
    if (!known)
      log_info("Announcing segment[{}] at {}path[{}]", entry.id.text(), place.existing ? "existing " : "", place.path);
  } catch (const std::exception& error) {
    log_error("The segment {} cannot be announced: {}", entry.id.text(), error.what());
  }
}

void CatalogAnnouncer::remove(const storage::SegmentId& id) {
  const std::string path = nodes_.remove(id.text());
  if (!path.empty()) log_info("Unannouncing segment[{}] at path[{}]", id.text(), path);
}

}  // namespace sarsen::ingest
