#pragma once
// How large the answers of the queries inside one query may be, as Druid's broker limits them: rows by default, bytes
// where the context or the server says so (maxSubqueryBytes), and then no rows. All answers of one query share the
// limit; they are rows in memory. Belongs to one query.

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/query/row_sink.h"

namespace sarsen::engine {

class QueryContext;
struct QueryLimits;

class SubQueryLimit {
 public:
  /// Throws kInvalidInput for values of the context that are none.
  SubQueryLimit(const QueryContext& context, const QueryLimits& limits);

  /// To be called when an answer begins. Its bytes count where Druid knows the types of all its columns. Throws
  /// kResourceLimit where earlier ones have used up the limit.
  void start(const RowSignature& signature);
  /// To be called for each row. Throws kResourceLimit.
  void count(const std::vector<Value>& row);

 private:
  void check_rows(std::int64_t rows) const;
  void check_bytes(std::uint64_t bytes) const;

  std::int64_t rows_max_;
  std::optional<std::uint64_t> bytes_max_;
  bool by_bytes_ = false;  // the answer that is being counted
  bool knew_types_ = true;
  std::int64_t rows_ = 0;
  std::uint64_t bytes_ = 0;
};

/// What a value takes in rows of a query that is not the last.
std::size_t row_bytes(const Value& value);

}  // namespace sarsen::engine
