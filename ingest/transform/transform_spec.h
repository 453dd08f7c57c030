#pragma once
// What happens to rows between parsing and storing: Druid's transformSpec. Transforms see the row as it was read, never
// each other; the filter sees what they made. Immutable; thread-safe.

#include <string>
#include <vector>

#include "engine/expression/expr.h"
#include "engine/filter/filter.h"
#include "storage/base/json.h"

namespace sarsen::ingest {

struct Transform {
  std::string name;  // of the field that it makes; one that the input has is hidden by it
  engine::expression::ExprPtr expression;
};

struct TransformSpec {
  std::vector<Transform> transforms;
  engine::FilterPtr filter;                       // null: all rows pass, or `filter_expression` decides
  engine::expression::ExprPtr filter_expression;  // of a filter that is an expression: it sees numbers as numbers

  /// Absent: rows stay as they are. Throws kInvalidInput naming the field.
  static TransformSpec parse(const JsonField& json);
};

}  // namespace sarsen::ingest
