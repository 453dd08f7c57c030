#pragma once
// Which segments answer a query. Thread safety: pure functions; pointers live as long as the timelines.

#include <vector>

#include "engine/query/query.h"
#include "storage/segment/catalog.h"

namespace sarsen::engine {

/// The segment that is asked for by its id, though it is hidden or others of its version are elsewhere, as Druid's
/// findChunk has it: who asks knows the whole timeline. Null where it is not here.
const storage::TimelineEntry* find_chunk(const storage::Timeline& timeline, const SegmentAsked& asked);

/// The entries of one table that answer: in the query's intervals, or those that it names.
std::vector<storage::TimelineHit> timeline_hits(const Query& query, const storage::Timeline& timeline);

/// The tables that the query scans in its own intervals: not those of the queries below it, nor those on the right side
/// of a join.
std::vector<const storage::Timeline*> base_tables(const Query& query, const storage::Catalog::Timelines& timelines);

/// The query in the data source, below joins and filters; nullptr: it reads something else.
const Query* base_query(const Query& query) noexcept;

}  // namespace sarsen::engine
