#pragma once
// A dictionary of computed strings, which gains entries while rows are read (StringSource::grows). Not thread-safe.

#include <boost/unordered/unordered_flat_map.hpp>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "storage/column/column.h"

namespace sarsen::engine {

/// Distinct strings in the order in which they come; id 0 is null. Views stay valid.
class GrowingDictionary final : public storage::Dictionary {
 public:
  GrowingDictionary() { entries_.emplace_back(std::nullopt); }

  std::uint32_t id_of(const std::optional<std::string>& text);

  std::uint32_t size() const noexcept override { return static_cast<std::uint32_t>(entries_.size()); }
  std::optional<std::string_view> value(std::uint32_t id) const override { return entries_[id]; }
  bool sorted() const noexcept override { return false; }
  std::optional<std::uint32_t> find(std::optional<std::string_view> value) const override;
  /// Throws: this is not sorted.
  std::uint32_t lower_bound(std::string_view value) const override;

 private:
  std::deque<std::optional<std::string>> entries_;
  boost::unordered_flat_map<std::string_view, std::uint32_t> ids_;
};

}  // namespace sarsen::engine
