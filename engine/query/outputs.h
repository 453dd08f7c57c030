#pragma once
// What a result row holds besides its dimensions: the aggregators' values, then the post-aggregators', by name.
// Immutable, shared.

#include <memory>
#include <string>
#include <vector>

#include "engine/aggregator/aggregator_set.h"
#include "engine/aggregator/unsent_estimate.h"
#include "engine/post_aggregator/post_aggregator.h"

namespace sarsen::engine {

class Outputs {
 public:
  /// Reads `aggregations` and `postAggregations` of a query. `sent`: Druid's servers send the states to the broker.
  /// Throws kInvalidInput for a name used twice.
  explicit Outputs(const JsonField& query, bool sent = true);

  const std::shared_ptr<const AggregatorSet>& aggregators() const noexcept { return aggregators_; }
  std::size_t size() const noexcept { return names_.size(); }
  const std::string& name(std::size_t i) const noexcept { return names_[i]; }
  const std::vector<std::string>& names() const noexcept { return names_; }
  /// The position of the value named `name`, or -1.
  std::ptrdiff_t find(std::string_view name) const noexcept;

  /// The i-th value over a row of states, or over nulls where there is none (nullptr); aggregators as intermediate
  /// forms where `finalised` is false.
  Value value(const std::byte* states, std::size_t i, bool finalised = true) const;
  /// Druid's name of the type of i-th values; empty where only they tell it.
  std::string type_name(std::size_t i, bool finalised = true) const;
  /// What i-th values are ordered by. REQUIRES: states.
  Value ordered_by(const std::byte* states, std::size_t i) const;
  /// How values of ordered_by() are ordered; nulls lowest.
  int compare(std::size_t i, const Value& left, const Value& right) const;
  /// As of post-aggregators.
  bool nulls_rank_highest(std::size_t i) const noexcept;

 private:
  std::shared_ptr<const AggregatorSet> aggregators_;
  std::vector<const UnsentEstimate*> unsent_;  // by aggregator; nullptr: finalised like all others
  std::vector<PostAggregatorPtr> post_aggregators_;
  std::vector<std::string> names_;
};

}  // namespace sarsen::engine
