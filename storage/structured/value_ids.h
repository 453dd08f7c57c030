#pragma once
// The distinct values of a column of any shape, all fields together. Values get codes in order of arrival; once all
// are there, sort() gives them the ids of the format: null 0, then strings, longs, doubles and arrays, each kind
// ascending. Not thread-safe.

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "storage/structured/simple_value.h"

namespace sarsen::storage {

class ValueIds {
 public:
  static constexpr std::uint32_t kNullCode = 0;

  /// The code of a value, given now where it is new. Texts are copied.
  std::uint32_t add(const Scalar& value);
  /// Its elements become values, too.
  std::uint32_t add(const SimpleArray& array);

  /// Nothing may be added after it. Throws kUnsupported where there are more values than ids.
  void sort();

  // After sort().
  std::uint32_t id(std::uint32_t code) const noexcept { return ids_[code]; }
  std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(ids_.size()); }
  std::uint32_t scalar_count() const noexcept { return size() - static_cast<std::uint32_t>(arrays_.size()); }
  /// Null first.
  std::span<const std::optional<std::string_view>> strings() const noexcept { return strings_; }
  std::span<const std::int64_t> longs() const noexcept { return longs_; }
  std::span<const double> doubles() const noexcept { return doubles_; }
  /// As ids of their elements.
  std::span<const std::vector<std::uint32_t>> arrays() const noexcept { return arrays_; }
  /// REQUIRES: `id` is of that kind.
  std::int64_t long_at(std::uint32_t id) const noexcept { return longs_[id - strings_.size()]; }
  double double_at(std::uint32_t id) const noexcept { return doubles_[id - strings_.size() - longs_.size()]; }
  const std::vector<std::uint32_t>& array_at(std::uint32_t id) const noexcept { return arrays_[id - scalar_count()]; }

 private:
  template <class Value>
  using Codes = std::unordered_map<Value, std::uint32_t>;
  struct HashCodes {
    std::size_t operator()(const std::vector<std::uint32_t>& codes) const noexcept;
  };

  template <class Map, class Key>
  std::uint32_t add_to(Map& codes, const Key& key);

  std::deque<std::string> texts_;  // that the views are of
  Codes<std::string_view> string_codes_;
  Codes<std::int64_t> long_codes_;
  Codes<std::uint64_t> double_codes_;  // by bits: 0.0 and -0.0 are two values, NaN is one
  std::unordered_map<std::vector<std::uint32_t>, std::uint32_t, HashCodes> array_codes_;  // by codes of elements
  std::uint32_t code_count_ = 1;                                                          // null is there

  std::vector<std::uint32_t> ids_;  // by code
  std::vector<std::optional<std::string_view>> strings_;
  std::vector<std::int64_t> longs_;
  std::vector<double> doubles_;
  std::vector<std::vector<std::uint32_t>> arrays_;
};

}  // namespace sarsen::storage
