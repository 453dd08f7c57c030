#pragma once
// groupBy's limitSpec: the order of the rows, and which of them are answered. Immutable.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/ordering/string_comparator.h"
#include "storage/base/json.h"

namespace sarsen::engine {

struct OrderByColumn {
  std::string name;  // an output name
  bool descending = false;
  std::shared_ptr<const StringComparator> comparator;
};

struct LimitSpec {
  std::vector<OrderByColumn> columns;
  std::int64_t limit = INT64_MAX;
  std::int64_t offset = 0;
};

/// Absent: no order, no limit. Throws kInvalidInput naming the field.
LimitSpec parse_limit_spec(const JsonField& json);

}  // namespace sarsen::engine
