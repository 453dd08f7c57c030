#pragma once
// How much the answers of all queries below one query may be together: rows, or bytes where the context says
// maxSubqueryBytes. Belongs to one run.

#include <cstdint>
#include <vector>

#include "engine/query/query.h"
#include "engine/result/value.h"

namespace sarsen::engine {

class SubQueryBudget {
 public:
  /// Throws kInvalidInput in Druid's words where the context's limit is none.
  SubQueryBudget(const QueryContext& context, const QueryLimits& limits);

  /// To be called for each row. Throws kResourceLimit beyond the limit.
  void count(const std::vector<Value>& row);

 private:
  std::int64_t rows_max_;
  std::int64_t bytes_max_ = INT64_MAX;
  std::int64_t rows_ = 0;
  std::int64_t bytes_ = 0;
};

}  // namespace sarsen::engine
