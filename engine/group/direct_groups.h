#pragma once
// Groups whose number is their key: where there are not many more keys than rows, states are an array indexed by the
// dictionary ids themselves, and no table is asked. Which keys were met is a byte each. A key is one of `keys` in one
// bucket of time; buckets follow each other. Not thread-safe.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "storage/base/large_vector.h"

namespace sarsen::engine {

/// Of at most so many keys it is found out which ones a vector has, so that its rows can be told apart by masks.
inline constexpr std::uint32_t kMaskedKeys = 32;

class DirectGroups {
 public:
  /// `keys` 0: groups are numbered otherwise.
  explicit DirectGroups(std::uint32_t keys = 0) : keys_(keys), met_(keys) {}

  bool active() const noexcept { return keys_ > 0; }
  std::uint32_t keys() const noexcept { return keys_; }
  /// Of all buckets.
  std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(met_.size()); }
  std::size_t bytes() const noexcept { return met_.capacity(); }

  /// REQUIRES: buckets * keys() < 2^32.
  void grow_to(std::uint32_t buckets) {
    if (std::size_t{buckets} * keys_ > met_.size()) met_.resize(std::size_t{buckets} * keys_);
  }

  bool met(std::uint32_t group) const noexcept { return met_[group] != 0; }
  /// Those that were met.
  LargeVector<std::uint32_t> list_met() const {
    LargeVector<std::uint32_t> groups;
    std::uint32_t* const list = groups.extend(count() + 1);  // a place for what is not kept after the last
    std::size_t listed = 0;
    for (std::uint32_t group = 0; group < size(); ++group) {
      list[listed] = group;
      listed += met_[group];
    }
    groups.truncate(listed);
    return groups;
  }
  /// A byte for each group, 1 where it was met.
  std::uint8_t* marks() noexcept { return met_.data(); }
  const std::uint8_t* marks() const noexcept { return met_.data(); }
  void note(std::uint32_t group) noexcept { met_[group] = 1; }
  /// Groups first + keys[i].
  void note(std::uint32_t first, const std::uint32_t* keys, std::size_t count) noexcept {
    std::uint8_t* const met = met_.data() + first;
    for (std::size_t i = 0; i < count; ++i) met[keys[i]] = 1;
  }

 private:
  std::size_t count() const noexcept {
    std::size_t count = 0;
    for (const std::uint8_t met : met_) count += met;
    return count;
  }

  std::uint32_t keys_;
  std::vector<std::uint8_t> met_;  // by group
};

}  // namespace sarsen::engine
