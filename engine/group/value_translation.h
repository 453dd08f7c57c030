#pragma once
// From numbers of a part, such as the ids of its dictionary, to those of ValueNumbers: each is asked for once, or
// looked up in the array of a dictionary whose texts queries share. Not thread-safe.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/group/value_numbers.h"

namespace sarsen::engine {

class ValueTranslation {
 public:
  ValueTranslation() = default;
  /// To `values`, which must outlive it, for a part of so many groups. `dictionary`: whose ids its numbers are;
  /// nullptr: they are something else.
  ValueTranslation(ValueNumbers& values, const storage::StoredDictionary* dictionary, std::uint32_t groups);

  /// Whether a part with so many groups has a good part of the entries, so that an array of all of them is worth
  /// making.
  static bool is_worth_an_array(const storage::StoredDictionary* dictionary, std::uint32_t groups) noexcept;

  /// ours[i] = that of theirs[i * step], `count` of them. number(span of theirs, out) for those not met before.
  template <class Number>
  void apply(const std::uint32_t* theirs, std::size_t step, std::uint32_t count, std::uint32_t* ours, Number number) {
    if (array_ != nullptr) return apply_array(theirs, step, count, ours);
    asked_.clear();
    for (std::uint32_t i = 0; i < count; ++i) note(theirs[i * step]);
    if (!asked_.empty()) ask(number);
    for (std::uint32_t i = 0; i < count; ++i) ours[i] = known_[theirs[i * step]];
  }

  /// Whether all numbers so far stand for different values.
  bool is_injective() const noexcept { return is_injective_; }

 private:
  static constexpr std::uint32_t kUnknown = UINT32_MAX;
  static constexpr std::uint32_t kAsked = UINT32_MAX - 1;

  void note(std::uint32_t theirs) {
    if (theirs >= known_.size()) known_.resize(std::max<std::size_t>(theirs + 1, known_.size() * 2), kUnknown);
    if (known_[theirs] != kUnknown) return;
    known_[theirs] = kAsked;
    asked_.push_back(theirs);
  }

  template <class Number>
  void ask(Number number) {
    answers_.resize(asked_.size());
    number(std::span<const std::uint32_t>(asked_), answers_.data());
    for (std::size_t i = 0; i < asked_.size(); ++i) known_[asked_[i]] = answers_[i];
    note_given();
  }

  void apply_array(const std::uint32_t* theirs, std::size_t step, std::uint32_t count, std::uint32_t* ours);
  void note_given();

  ValueNumbers* values_ = nullptr;
  storage::BlockCache::Block array_;  // nullptr: they are asked for
  std::vector<std::uint32_t> known_;  // by their number
  std::vector<std::uint32_t> asked_;  // just now
  std::vector<std::uint32_t> answers_;
  std::vector<bool> given_;  // by our number
  bool is_injective_ = true;
};

}  // namespace sarsen::engine
