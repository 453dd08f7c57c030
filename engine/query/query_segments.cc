#include "engine/query/query_segments.h"

namespace sarsen::engine {
namespace {

const DataSource& base(const Query& query) noexcept {
  const DataSource* source = &query.source();
  while (source->base() != nullptr) source = source->base();
  return *source;
}

}  // namespace

std::vector<storage::TimelineHit> timeline_hits(const Query& query, const storage::Timeline& timeline) {
  std::vector<storage::TimelineHit> hits;
  if (query.segments() == nullptr) {
    for (const Interval& interval : query.intervals())
      for (const storage::TimelineHit& hit : timeline.lookup(interval)) hits.push_back(hit);
    return hits;
  }
  for (const SegmentAsked& asked : *query.segments())
    for (const storage::TimelineHit& hit : timeline.lookup(asked.interval))
      if (hit.entry->id.version == asked.version && hit.entry->id.partition == asked.partition) hits.push_back(hit);
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
