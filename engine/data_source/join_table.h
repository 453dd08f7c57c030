#pragma once
// The right side of a join, by its keys: distinct values of each key column get numbers, and tuples of numbers lists of
// rows. Immutable once made; shared by threads.

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/data_source/join_condition.h"
#include "engine/result/value.h"
#include "engine/vector/row_mask.h"
#include "storage/segment/segment.h"

namespace sarsen::engine {

class JoinTable {
 public:
  /// `kept`: of the rows only these, one bit each; empty: all. Throws kInvalidInput for a key column that does not
  /// exist or holds lists.
  JoinTable(std::shared_ptr<const storage::Segment> rows, const JoinCondition& condition,
            std::vector<std::uint64_t> kept = {});

  const std::shared_ptr<const storage::Segment>& segment() const noexcept { return segment_; }
  std::uint32_t row_count() const noexcept { return segment_->row_count(); }
  std::size_t key_count() const noexcept { return keys_.size(); }
  bool keeps(std::uint32_t row) const noexcept { return kept_.empty() || mask_has(kept_.data(), row); }

  /// The texts, and null, that the i-th key of a row of the left side must be one of to match; nullopt where they are
  /// more than `values_max`, or the key is no string.
  std::optional<Json> key_texts(std::size_t i, std::size_t values_max) const;

  static constexpr std::uint32_t kNoKey = UINT32_MAX;
  /// The number of a value of the left side, as a value of the i-th key column; kNoKey where none is equal.
  std::uint32_t key_number(std::size_t i, const Value& left) const;
  /// The rows that have these numbers, ascending. REQUIRES: key_count() numbers, none of them kNoKey.
  std::span<const std::uint32_t> rows(const std::uint32_t* numbers) const;

 private:
  struct Hash {
    std::size_t operator()(const Value& value) const noexcept { return hash_value(value); }
  };
  struct Equal {
    bool operator()(const Value& left, const Value& right) const noexcept { return equal_values(left, right); }
  };
  struct Key {
    storage::ValueType type;
    bool null_matches_null;
    boost::unordered_flat_map<Value, std::uint32_t, Hash, Equal> numbers;
  };

  void add_key(const JoinKey& key, std::vector<std::vector<std::uint32_t>>& numbers);
  std::uint32_t tuple_number(const std::uint32_t* numbers) const;

  std::shared_ptr<const storage::Segment> segment_;
  std::vector<std::uint64_t> kept_;
  std::vector<Key> keys_;
  /// tuples_[i]: the tuple of the first i + 1 numbers, by that of the first i and the next number.
  std::vector<boost::unordered_flat_map<std::uint64_t, std::uint32_t>> tuples_;
  std::vector<std::uint32_t> offsets_;  // by tuple, into rows_
  std::vector<std::uint32_t> rows_;
};

}  // namespace sarsen::engine
