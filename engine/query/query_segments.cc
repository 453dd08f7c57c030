#include "engine/query/query_segments.h"

namespace sarsen::engine {
namespace {

const DataSource& base(const Query& query) noexcept {
  const DataSource* source = &query.source();
  while (source->base() != nullptr) source = source->base();
  return *source;
}

}  // namespace

const storage::TimelineEntry* find_chunk(const storage::Timeline& timeline, const SegmentAsked& asked) {
  const auto& entries = timeline.entries();
  if (entries.empty()) return nullptr;
  const std::string& data_source = entries.begin()->first.data_source;
  const auto whole = entries.find({data_source, asked.interval, asked.version, asked.partition});
  if (whole != entries.end()) return &whole->second;
  for (const auto& [id, entry] : entries) {
    if (id.interval.start_ms > asked.interval.start_ms) break;
    if (id.partition == asked.partition && id.version == asked.version && id.interval.contains(asked.interval))
      return &entry;
  }
  return nullptr;
}

std::vector<storage::TimelineHit> timeline_hits(const Query& query, const storage::Timeline& timeline) {
  std::vector<storage::TimelineHit> hits;
  if (query.segments() == nullptr) {
    for (const Interval& interval : query.intervals())
      for (const storage::TimelineHit& hit : timeline.lookup(interval)) hits.push_back(hit);
    return hits;
  }
  for (const SegmentAsked& asked : *query.segments())
    if (const storage::TimelineEntry* entry = find_chunk(timeline, asked)) hits.push_back({asked.interval, entry});
  return hits;
}

std::vector<const storage::Timeline*> base_tables(const Query& query, const storage::Catalog::Timelines& timelines) {
  std::vector<const storage::Timeline*> tables;
  const DataSource& source = base(query);
  if (!source.is_table()) return tables;
  std::vector<std::string> names;
  source.add_tables(names);
  for (const std::string& name : names)
    if (const auto timeline = timelines.find(name); timeline != timelines.end())
      tables.push_back(timeline->second.get());
  return tables;
}

const Query* base_query(const Query& query) noexcept { return base(query).query(); }

}  // namespace sarsen::engine
