#include "engine/group/time_buckets.h"

#include <algorithm>
#include <bit>

#include "engine/vector/row_mask.h"

namespace sarsen::engine {
namespace {

std::uint32_t first_row(const Selection& selection) noexcept {
  return selection.positions != nullptr ? selection.positions[0] : next_selected(selection, 0);
}

std::uint32_t last_row(const Selection& selection) noexcept {
  if (selection.positions != nullptr) return selection.positions[selection.count - 1];
  if (selection.mask == nullptr) return selection.size - 1;
  auto word = static_cast<std::uint32_t>(mask_words(selection.size)) - 1;
  while (selection.mask[word] == 0) --word;
  return word * 64 + 63 - static_cast<std::uint32_t>(std::countl_zero(selection.mask[word]));
}

}  // namespace

bool TimeBuckets::assign(const std::int64_t* times_ms, const Selection& selection, std::uint32_t* buckets) {
  if (sorted_) {
    buckets[0] = bucket_of(times_ms[first_row(selection)]);
    if (in_current(times_ms[last_row(selection)])) return true;
  }
  for_each_selected(selection, [&](std::uint32_t i, std::uint32_t row) { buckets[i] = bucket_of(times_ms[row]); });
  return false;
}

std::uint32_t TimeBuckets::bucket_of(std::int64_t time_ms) {
  if (!in_current(time_ms)) [[unlikely]]
    enter(time_ms);
  return current_;
}

std::uint32_t TimeBuckets::run_end(const std::int64_t* times_ms, std::uint32_t row, std::uint32_t size) const noexcept {
  return static_cast<std::uint32_t>(std::lower_bound(times_ms + row, times_ms + size, current_end_ms_) - times_ms);
}

void TimeBuckets::enter(std::int64_t time_ms) {
  current_start_ms_ = granularity_.bucket_start(time_ms);
  current_end_ms_ = granularity_.next_bucket(current_start_ms_);
  const auto [entry, added] = by_start_.try_emplace(current_start_ms_, size());
  if (added) starts_ms_.push_back(current_start_ms_);
  current_ = entry->second;
}

}  // namespace sarsen::engine
