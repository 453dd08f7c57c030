#pragma once
// How topN ranks: Druid's metric specs. A rank orders the rows of one bucket best first, and may leave rows out
// (previousStop).

#include <memory>
#include <optional>
#include <string>

#include "engine/ordering/string_comparator.h"
#include "engine/result/value.h"
#include "storage/base/json.h"

namespace sarsen::engine {

struct TopNMetric {
  /// The output name of the aggregator to rank by; empty: rank by the dimension's value.
  std::string metric;
  /// For ranking by the dimension.
  std::shared_ptr<const StringComparator> ordering;
  std::optional<std::string> previous_stop;
  bool inverted = false;

  // REQUIRES: an ordering.
  bool is_lexicographic() const { return ordering->name() == "lexicographic"; }
  /// Of values of the dimension, not inverted: negative, 0 or positive.
  int compare(const Value& left, const Value& right) const;
  /// Only values after previousStop in the order asked for. REQUIRES: there is one.
  bool may_rank(const Value& value) const;
};

/// From "edits", or {"type": "numeric" | "dimension" | "lexicographic" | "alphaNumeric" | "inverted", …}. Throws
/// kInvalidInput naming the field.
TopNMetric parse_top_n_metric(const JsonField& json);

}  // namespace sarsen::engine
