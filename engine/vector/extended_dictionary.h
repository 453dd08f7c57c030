#pragma once
// A dictionary with some texts more. Those that it has anyway keep their ids, so that ids of its columns can be taken
// over as they are. Immutable once it is made.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/column/column.h"

namespace sarsen::engine {

class ExtendedDictionary final : public storage::Dictionary {
 public:
  /// `base` must outlive it, and gain no entries.
  explicit ExtendedDictionary(const storage::Dictionary& base) : base_(base) {}

  /// Adds the text where it is not there.
  std::uint32_t add(const std::optional<std::string>& text) {
    if (const auto known = find(text)) return *known;
    more_.push_back(text);
    return size() - 1;
  }
  /// Whether ids mean the same there.
  bool is_same(const ExtendedDictionary& other) const noexcept {
    return &base_ == &other.base_ && more_ == other.more_;
  }

  std::uint32_t size() const noexcept override { return base_.size() + static_cast<std::uint32_t>(more_.size()); }
  std::optional<std::string_view> value(std::uint32_t id) const override {
    return id < base_.size() ? base_.value(id) : more_[id - base_.size()];
  }
  bool sorted() const noexcept override { return more_.empty() && base_.sorted(); }
  std::optional<std::uint32_t> find(std::optional<std::string_view> value) const override {
    if (const auto known = base_.find(value)) return known;
    const auto found = std::ranges::find(more_, value);
    return found == more_.end() ? std::nullopt
                                : std::optional(base_.size() + static_cast<std::uint32_t>(found - more_.begin()));
  }
  std::uint32_t lower_bound(std::string_view value) const override { return base_.lower_bound(value); }
  void prefetch(std::span<const std::uint32_t> ids) const override {
    if (more_.empty()) base_.prefetch(ids);
  }

 private:
  const storage::Dictionary& base_;
  std::vector<std::optional<std::string>> more_;
};

}  // namespace sarsen::engine
