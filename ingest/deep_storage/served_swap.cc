#include "ingest/deep_storage/served_swap.h"

#include <algorithm>
#include <map>
#include <string>

#include "storage/base/java_order.h"
#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

using storage::Timeline;
using storage::TimelineEntry;
using storage::TimelineHit;

/// Whether hits of greater versions leave nothing of the entry's time. Hits are in order of time.
bool is_hidden(const TimelineEntry& entry, const std::vector<TimelineHit>& hits) {
  std::int64_t reached = entry.id.interval.start_ms;
  auto hit = std::partition_point(hits.begin(), hits.end(),
                                  [reached](const TimelineHit& before) { return before.interval.end_ms <= reached; });
  for (; hit != hits.end() && reached < entry.id.interval.end_ms; ++hit) {
    if (hit->interval.end_ms <= reached) continue;  // another partition
    if (hit->interval.start_ms > reached || java_compare(hit->entry->id.version, entry.id.version) <= 0) return false;
    reached = hit->interval.end_ms;
  }
  return reached >= entry.id.interval.end_ms;
}

}  // namespace

std::vector<storage::SegmentId> hidden_segments(const Timeline& timeline) {
  const std::vector<TimelineHit> hits = timeline.lookup(kEternity);
  std::vector<storage::SegmentId> hidden;
  for (const auto& [id, entry] : timeline.entries())
    if (!entry.segment->is_realtime() && is_hidden(entry, hits)) hidden.push_back(id);
  return hidden;
}

void serve_upgraded(Timeline& timeline, const UpgradedSegment& upgraded) {
  const auto found = timeline.entries().find(upgraded.from);
  if (found == timeline.entries().end() || !found->second.segment->is_realtime()) return;
  if (timeline.entries().contains(upgraded.id)) return;  // published meanwhile
  TimelineEntry entry = found->second;
  entry.id = upgraded.id;
  entry.core_partitions = upgraded.core_partitions;
  entry.shard_spec = storage::numbered_shard_spec(upgraded.id.partition, upgraded.core_partitions);
  timeline.add(std::move(entry));
}

void remove_served(Timeline& timeline, const std::vector<std::shared_ptr<const storage::ServedSegment>>& segments) {
  std::vector<storage::SegmentId> ids;
  for (const auto& [id, entry] : timeline.entries())
    if (std::find(segments.begin(), segments.end(), entry.segment) != segments.end()) ids.push_back(id);
  for (const storage::SegmentId& id : ids) timeline.remove(id);
}

void ServedSwap::forget_hidden(const std::vector<storage::SegmentId>& hidden) {
  if (hidden.empty()) return;
  metadata_.mark_unused(hidden);
  for (const storage::SegmentId& id : hidden) {
    cache_.drop(id);
    log_info("Segment[{}] is hidden by a newer version: it is dropped and put out of use", id.text());
  }
}

void ServedSwap::serve(const std::vector<storage::SegmentDescriptor>& segments,
                       const std::vector<storage::SegmentId>& replaced, const std::vector<UpgradedSegment>& upgraded) {
  std::vector<TimelineEntry> loaded;
  if (serves_)
    for (const storage::SegmentDescriptor& segment : segments)
      loaded.push_back({.id = segment.id,
                        .core_partitions = segment.core_partitions,
                        .shard_spec = segment.shard_spec,
                        .segment = std::make_shared<storage::ImmutableServedSegment>(cache_.load_anew(segment))});
  if (loaded.empty() && upgraded.empty()) return drop(replaced);
  const std::string& source = segments.empty() ? upgraded.front().id.data_source : segments.front().id.data_source;
  std::vector<storage::SegmentId> hidden;
  catalog_.update(source, [&](Timeline& timeline) {
    for (TimelineEntry& entry : loaded) timeline.add(std::move(entry));
    for (const UpgradedSegment& one : upgraded) serve_upgraded(timeline, one);
    for (const storage::SegmentId& id : replaced) timeline.remove(id);
    if (serves_) hidden = hidden_segments(timeline);
    for (const storage::SegmentId& id : hidden) timeline.remove(id);
  });
  for (const storage::SegmentId& id : replaced) cache_.drop(id);
  forget_hidden(hidden);
}

void ServedSwap::drop(const std::vector<storage::SegmentId>& ids) {
  std::map<std::string, std::vector<storage::SegmentId>> by_source;
  for (const storage::SegmentId& id : ids) by_source[id.data_source].push_back(id);
  for (const auto& [source, dropped] : by_source) {
    catalog_.update(source, [&gone = dropped](Timeline& timeline) {
      for (const storage::SegmentId& id : gone) timeline.remove(id);
    });
    for (const storage::SegmentId& id : dropped) cache_.drop(id);
  }
}

void ServedSwap::drop_hidden() {
  const auto timelines = catalog_.snapshot();  // held: the catalog changes meanwhile
  for (const auto& [source, timeline] : *timelines) {
    const std::vector<storage::SegmentId> hidden = hidden_segments(*timeline);
    if (hidden.empty()) continue;
    catalog_.update(source, [&hidden](Timeline& changing) {
      for (const storage::SegmentId& id : hidden) changing.remove(id);
    });
    forget_hidden(hidden);
  }
}

}  // namespace sarsen::ingest
