#pragma once
// Numbers the field names of a data source's rows, so that a row is an array and nobody compares names again. Names are
// only added. Not thread-safe: it belongs to one parser and the index that it feeds.

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace sarsen::ingest {

class FieldTable {
 public:
  /// The number of `name`, given now where it has none.
  std::uint32_t add(std::string_view name) {
    if (const auto known = find(name)) return *known;
    const auto number = static_cast<std::uint32_t>(names_.size());
    numbers_.emplace(names_.emplace_back(name), number);
    return number;
  }

  std::optional<std::uint32_t> find(std::string_view name) const {
    const auto entry = numbers_.find(name);
    if (entry == numbers_.end()) return std::nullopt;
    return entry->second;
  }

  /// REQUIRES: field < size().
  const std::string& name(std::uint32_t field) const { return names_[field]; }
  std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(names_.size()); }

 private:
  std::deque<std::string> names_;  // its elements never move: the map's keys are views of them
  std::unordered_map<std::string_view, std::uint32_t> numbers_;
};

}  // namespace sarsen::ingest
