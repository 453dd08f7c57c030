#pragma once
// The dictionaries of one column in all sources as one, in Java's string order, nulls first. What is kept is the number
// of the merged value for each id of each source: four bytes an id. Texts stay in the segments.
//
// Thread safety: const methods from any thread. The columns must outlive it.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "storage/column/column.h"

namespace sarsen::ingest {

class MergedDictionary {
 public:
  using Values = std::vector<std::optional<std::string_view>>;

  /// One column per source; nullptr where it has none, which reads as null: such a source has the one id 0. Throws
  /// where a dictionary that claims to be sorted is not.
  explicit MergedDictionary(const std::vector<const storage::Column*>& columns);

  std::uint32_t size() const noexcept { return size_; }
  /// Null, if there is any, is value 0.
  bool has_null() const noexcept { return has_null_; }
  std::span<const std::uint32_t> new_ids(std::size_t source) const noexcept { return new_ids_[source]; }

  /// All values by id, views into the segments; those that are not `wanted` stay empty.
  Values values(const std::vector<bool>& wanted) const;

 private:
  std::vector<const storage::Dictionary*> dictionaries_;
  std::vector<std::vector<std::uint32_t>> new_ids_;
  std::uint32_t size_ = 0;
  bool has_null_ = false;
};

}  // namespace sarsen::ingest
