#pragma once
// What every native query has in common. Each type has one file, which reads top to bottom: what it holds, parse, scan,
// merge, write; the simplest is time_boundary.cc. Nothing downstream of parse_query sees JSON. A parsed query is
// immutable and shared by threads.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/data_source/data_source.h"
#include "engine/query/query_engine.h"
#include "engine/query/query_intervals.h"
#include "engine/query/row_sink.h"
#include "engine/virtual_column/virtual_column.h"
#include "storage/base/interval.h"
#include "storage/base/json.h"

namespace sarsen::engine {

class QueryRun;  // engine/query/query_run.h

/// The query's context (native-query parameter `context`), read with Druid's coercions. Unknown keys are kept and
/// ignored.
class QueryContext {
 public:
  QueryContext() = default;
  explicit QueryContext(const JsonField& json);

  /// Each throws kInvalidInput in Druid's words ("Expected key [timeout] to be a Long, but got [java.util.ArrayList]").
  bool boolean_or(std::string_view key, bool otherwise) const;
  std::int64_t integer_or(std::string_view key, std::int64_t otherwise) const;
  /// As integer_or, of 32 bits.
  std::int64_t int_or(std::string_view key, std::int64_t otherwise) const;
  std::optional<std::string> string(std::string_view key) const;
  /// A size: a number, or text such as "100MiB".
  std::uint64_t bytes_or(std::string_view key, std::uint64_t otherwise) const;
  /// Text, or the text of any other value.
  std::optional<std::string> text(std::string_view key) const;
  bool has(std::string_view key) const noexcept { return find(key) != nullptr; }
  /// True where the value of "vectorize" or its like is "force".
  bool is_forced(std::string_view key) const;

  /// 0: none. The default is Druid's.
  std::int64_t timeout_ms(std::int64_t otherwise = 300000) const;
  std::int64_t priority() const { return int_or("priority", 0); }
  std::optional<std::string> lane() const { return string("lane"); }
  /// "" when absent: the server then makes one.
  std::string query_id() const;

 private:
  const Json* find(std::string_view key) const noexcept;
  std::int64_t number_or(std::string_view key, std::int64_t otherwise, std::string_view type,
                         std::string_view format) const;
  void check_vectorize(std::string_view key) const;

  Json values_;
};

class Query {
 public:
  virtual ~Query() = default;

  const std::string& type() const noexcept { return type_; }  // "timeseries"
  const DataSource& source() const noexcept { return *source_; }
  const std::vector<Interval>& intervals() const noexcept { return intervals_; }  // condensed: sorted, merged
  /// The only segments that are asked; nullptr: all of these intervals.
  const std::vector<SegmentAsked>* segments() const noexcept { return segments_ ? &*segments_ : nullptr; }
  const QueryContext& context() const noexcept { return context_; }
  const VirtualColumnsPtr& virtual_columns() const noexcept { return virtual_columns_; }
  /// Rows that do not pass are not in the answer; nullptr: all are.
  virtual FilterPtr filter() const { return nullptr; }

  /// Computes and writes the elements of the answer.
  virtual void run(QueryRun& run) const = 0;
  /// The same as typed rows, for another query. Throws kInvalidInput for types whose answers are no rows.
  virtual void rows(QueryRun& run, RowSink& sink) const;

 protected:
  enum class Intervals : std::uint8_t { kRequired, kEternityWhenAbsent };

  enum class Columns : std::uint8_t { kVirtualToo, kStoredOnly };

  /// Reads what all types share. `columns`: whether the type knows virtual columns.
  Query(const JsonField& json, Intervals intervals, Columns columns = Columns::kVirtualToo);

 private:
  std::string type_;
  DataSourcePtr source_;
  std::vector<Interval> intervals_;
  std::optional<std::vector<SegmentAsked>> segments_;
  QueryContext context_;
  VirtualColumnsPtr virtual_columns_;
};

/// What a query type's file adds to the registry. Nothing registers itself; registry.cc lists them all.
struct QueryType {
  std::string_view type;
  QueryPtr (*parse)(const JsonField& json);
  std::string_view doc;
};

class QueryRegistry {
 public:
  void add(QueryType type) { types_.push_back(type); }
  const std::vector<QueryType>& types() const noexcept { return types_; }

 private:
  std::vector<QueryType> types_;
};

const QueryRegistry& queries();

/// A query inside another document.
QueryPtr parse_query(const JsonField& json);

/// The limits of a groupBy: the server's, and the context's within them. Throws kInvalidInput for values that are none.
GroupLimits group_limits(const QueryContext& context, const GroupLimits& server);

/// Throws kUnsupported, naming the path, where `json` has a part that Druid knows and this version does not.
void refuse_present(const JsonField& json, std::string_view what);

}  // namespace sarsen::engine
