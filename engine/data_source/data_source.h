#pragma once
// What a query reads: tables, rows written into the query, answers of other queries, lookups, and what is made of these
// by joins, unnesting and filters, nested at will. Parsed once, immutable, shared. Whatever it is, the engine gets
// segments of it, so that no query type, filter or aggregator knows more than tables. Adding one: one file in this
// folder, one line in registry.cc, one test.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/filter/filter.h"
#include "storage/base/interval.h"
#include "storage/base/json.h"
#include "storage/segment/segment.h"

namespace sarsen::engine {

class PushedFilter;  // engine/data_source/pushed_filter.h
class Query;         // engine/query/query.h
class QueryRun;      // engine/query/query_run.h

/// A segment, and the interval for which it answers.
struct SourcePart {
  std::shared_ptr<const storage::Segment> segment;
  Interval interval;
  FilterPtr filter;             // of its rows only these; nullptr: all
  std::string id;               // of the segment that was asked for, as Druid writes it
  Interval segment_interval;    // of that segment
  std::size_t served = 0;       // the same number for the parts of one served segment: hydrants, a growing index
  bool is_immutable = false;    // all rows of one segment of a table, which never change
  bool knows_its_times = true;  // false: Druid does not know the first and the last time of these rows
  std::size_t member = 0;       // of a union: which of its tables
};

class DataSource {
 public:
  virtual ~DataSource() = default;

  /// Adds the names of the tables below, each as often as it is named.
  virtual void add_tables(std::vector<std::string>& names) const = 0;

  /// Its rows in the query's intervals, in order of time, then of the rows' age. Asked once in a run: answers the
  /// queries below, builds hash tables. Throws what those throw. `kept`: rows that it does not let through may be left
  /// out, or not.
  virtual std::vector<SourcePart> parts(QueryRun& run, const PushedFilter& kept) const = 0;

  /// Of a join, its left side; of unnesting and filtering, what is unnested or filtered; else nullptr.
  virtual const DataSource* base() const noexcept { return nullptr; }
  /// Of a query as data source: that query.
  virtual const Query* query() const noexcept { return nullptr; }
  /// True where it is made of tables only, as they are.
  virtual bool is_table() const noexcept { return false; }
  /// True where its rows come from segments, however they are joined and filtered, and not from the query itself.
  virtual bool reads_segments() const noexcept { return false; }
  /// True for rows that are in memory: what can be the right side of a join.
  virtual bool is_in_memory() const noexcept { return false; }
  /// All its rows, of any time. REQUIRES: is_in_memory().
  virtual std::shared_ptr<const storage::Segment> rows(QueryRun& run) const;
};

using DataSourcePtr = std::shared_ptr<const DataSource>;

/// From "wikipedia" or {"type", …}. Throws kInvalidInput naming the field; unknown types come with a suggestion.
DataSourcePtr parse_data_source(const JsonField& json);

struct DataSourceType {
  std::string_view type;  // "table"
  DataSourcePtr (*parse)(const JsonField& json);
  std::string_view doc;
};

class DataSourceRegistry {
 public:
  void add(DataSourceType type) { types_.push_back(type); }
  const std::vector<DataSourceType>& types() const noexcept { return types_; }

 private:
  std::vector<DataSourceType> types_;
};

const DataSourceRegistry& data_source_types();

}  // namespace sarsen::engine
