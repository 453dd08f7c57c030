#pragma once
// An expression over raw rows, of whose fields nobody knows beforehand which are lists. As in Druid, a list of one
// value is that value where a scalar is wanted, and where there are several the expression is applied to each of them.
// Not thread-safe.

#include <map>
#include <string>
#include <vector>

#include "engine/expression/expr.h"

namespace sarsen::engine::expression {

class RowForms {
 public:
  explicit RowForms(ExprPtr expr);

  /// Fields that are wanted as scalars.
  const std::vector<std::string>& scalars() const noexcept { return scalars_; }
  bool wants_scalar(std::string_view name) const noexcept;

  /// The expression for a row in which these of scalars(), in their order, have several values.
  const Expr& over(const std::vector<std::string>& lists);

 private:
  ExprPtr expr_;
  std::vector<std::string> scalars_;
  std::map<std::vector<std::string>, ExprPtr> applied_;
};

/// Of a list with one value that value; else `value`.
Value only_value(Value value);
bool has_several(const Value& value) noexcept;

}  // namespace sarsen::engine::expression
