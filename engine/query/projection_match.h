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

/// What a query says that aggregates, as far as projections have to know it.
struct AskedOfProjections {
  Json filter;           // null: none
  Json virtual_columns;  // null: none
  FilterPtr parsed_filter;
  VirtualColumnsPtr parsed_virtual_columns;
  bool in_order_of_time;  // the type of query wants rows in no other, as in Druid
};

class ProjectionMatch {
 public:
  /// `schema`: as metadata.drd has it. Throws kInvalidInput where it is none.
  ProjectionMatch(const Json& schema, const Grouping& grouping, const AskedOfProjections& asked);

  /// The query's grouping over the projection's columns. REQUIRES for this and the rest: matches().
  const Grouping& grouping() const noexcept { return grouping_; }
  const VirtualColumnsPtr& virtual_columns() const noexcept { return virtual_columns_; }
  bool matches() const noexcept { return matches_; }
  /// The times of the projection's rows that are those of `base`, which keeps it, in that interval; nullopt: it does
  /// not tell them apart.
  std::optional<Interval> rows_of(const storage::Segment& base, const Interval& interval) const;

 private:
  void read_time(const JsonField& schema);
  bool match_granularity() const;
  bool match_dimensions();
  bool match_filter(const Json& filter);
  bool match_aggregators(const JsonField& schema);
  /// The projection's name of a column of the query; nullptr: it has none.
  const std::string* find(const std::string& column);
  const std::string* find_virtual(const Json& virtual_column);
  const std::string* find_stored(const std::string& column);
  bool has_inputs(const VirtualColumn& column);

  const AskedOfProjections& asked_;
  Grouping grouping_;
  VirtualColumnsPtr virtual_columns_;
  std::vector<std::string> grouped_;                          // columns, the one of time as __time
  std::vector<std::pair<std::string, std::string>> defined_;  // virtual columns: what they are, and their names
  std::vector<std::string> made_;                             // what is no column of the table
  std::string time_column_;                                   // its stored name; empty: none
  std::shared_ptr<const Granularity> time_;                   // of the rows; nullptr: they have one time
  std::vector<VirtualColumnPtr> computed_;                    // of the query, from the projection's columns
  std::vector<std::string> read_;                             // its columns that the query reads
  std::vector<std::string> absent_;                           // those that `base` must not have either
  bool matches_ = false;
};

}  // namespace sarsen::engine
