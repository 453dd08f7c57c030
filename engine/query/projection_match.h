#pragma once
// Whether sums that a segment keeps beside its rows, a projection, answer a query, and how: its columns in place of the
// query's, and aggregators that fold what is stored into the query's own states. A projection is taken where it gives
// what the rows give, but for the order in which floating numbers are added; so more seldom than Druid takes it, which
// does so, too, where a time within a bucket is asked for. Immutable; thread-safe.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/group/group_scan.h"
#include "engine/query/query.h"
#include "storage/segment/segment.h"

namespace sarsen::engine {

/// What of a query projections have to know as it was written; null: it has none.
struct AskedOfProjections {
  Json filter;
  Json virtual_columns;
};

struct ProjectionMatch {
  Grouping grouping;                        // the query's, over the projection's columns
  VirtualColumnsPtr virtual_columns;        // those of the query that are computed from them; nullptr: none
  std::shared_ptr<const Granularity> time;  // of its rows; nullptr: they have one time
  std::vector<std::string> read;            // its columns that the query reads
  std::vector<std::string> absent;          // columns that the query reads, and neither it nor the table may have

  /// The times of the projection's rows that are those of `base`, which keeps it, in that interval; nullopt: it does
  /// not tell them apart.
  std::optional<Interval> rows_of(const storage::Segment& base, const Interval& interval) const;
};

/// nullopt: the projection does not answer. `schema`: as metadata.drd has it; throws kInvalidInput where it is none.
std::optional<ProjectionMatch> match_projection(const Json& schema, const Query& query, const Grouping& grouping,
                                                const AskedOfProjections& asked);

}  // namespace sarsen::engine
