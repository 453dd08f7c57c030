#pragma once
// The condition of a join: equalities of something of the left side with a column of the right side, all of which must
// hold; and constants. Immutable.

#include <optional>
#include <string>
#include <vector>

#include "engine/virtual_column/virtual_column.h"
#include "storage/base/json.h"

namespace sarsen::engine {

struct JoinKey {
  std::string left;                 // a column: of the left side, or the virtual one below
  VirtualColumnPtr virtual_column;  // nullptr: `left` is stored
  Json virtual_column_json;
  std::string right;               // without the prefix
  bool null_matches_null = false;  // notdistinctfrom
};

struct JoinCondition {
  std::vector<JoinKey> keys;
  bool always_false = false;  // a constant that is not true

  /// Whether every pair of rows matches.
  bool always_true() const noexcept { return keys.empty() && !always_false; }
};

/// Columns that begin with `prefix` are of the right side. Throws kInvalidInput for a condition that is no conjunction
/// of equalities.
JoinCondition parse_join_condition(const JsonField& json, const std::string& prefix);

}  // namespace sarsen::engine
