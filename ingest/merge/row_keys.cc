#include "ingest/merge/row_keys.h"

#include <algorithm>

namespace sarsen::ingest {
namespace {

/// Of lists that are equal as far as the shorter one goes.
int compare_sizes(std::span<const std::uint32_t> left, std::span<const std::uint32_t> right,
                  bool null_is_zero) noexcept {
  if (left.size() == right.size()) return 0;
  const std::span<const std::uint32_t> longer = left.size() > right.size() ? left : right;
  const bool nulls = std::all_of(longer.begin(), longer.end(), [](std::uint32_t id) { return id == 0; });
  return null_is_zero && nulls ? 0 : detail::compare(left.size(), right.size());
}

int compare_lists(const KeyVector& left, std::uint32_t left_row, const KeyVector& right, std::uint32_t right_row,
                  bool null_is_zero) noexcept {
  const auto list = [](const KeyVector& keys, std::uint32_t row) {
    return std::span(keys.ids + keys.offsets[row], keys.ids + keys.offsets[row + 1]);
  };
  const std::span<const std::uint32_t> left_ids = list(left, left_row);
  const std::span<const std::uint32_t> right_ids = list(right, right_row);
  for (std::size_t i = 0; i < std::min(left_ids.size(), right_ids.size()); ++i)
    if (left_ids[i] != right_ids[i]) return detail::compare(left_ids[i], right_ids[i]);
  return compare_sizes(left_ids, right_ids, null_is_zero);
}

}  // namespace

std::int64_t TimeRule::stored(std::int64_t time_ms) const {
  if (granularity == nullptr) return time_ms;
  return granularity->is_all() ? start_ms : std::max(granularity->bucket_start(time_ms), start_ms);
}

int compare_rare_keys(const SortColumn& column, const KeyVector& left, std::uint32_t left_row, const KeyVector& right,
                      std::uint32_t right_row) noexcept {
  if (column.kind == KeyKind::kIds) return compare_lists(left, left_row, right, right_row, column.null_is_zero);
  return left.texts[left_row].compare(right.texts[right_row]);
}

SourceKeys::SourceKeys(const SortPlan& plan, const SourceRows& source, std::size_t source_number)
    : vectors_(plan.columns.size()), read_(plan.columns.size()) {
  for (std::size_t i = 0; i < plan.columns.size(); ++i)
    readers_.push_back(make_key_reader(plan, i, source, source_number));
}

void SourceKeys::move_to(std::uint32_t first, std::uint32_t count) {
  first_ = first;
  count_ = count;
  std::fill(read_.begin(), read_.end(), 0);
}

void SourceKeys::read(std::size_t sort_column) {
  vectors_[sort_column] = readers_[sort_column]->read(first_, count_);
  read_[sort_column] = 1;
}

void KeptKeys::keep(const SortPlan& plan, SourceKeys& keys, std::uint32_t row) {
  keys_.resize(plan.columns.size());
  vectors_.resize(plan.columns.size());
  for (std::size_t i = 0; i < plan.columns.size(); ++i) {
    const KeyVector& from = keys.column(i);
    Key& key = keys_[i];
    if (from.texts != nullptr) key.text = from.texts[row];
    if (from.numbers != nullptr) key.number = from.numbers[row];
    key.null = detail::is_null(from, row) ? 1 : 0;
    if (from.offsets != nullptr)
      key.ids.assign(from.ids + from.offsets[row], from.ids + from.offsets[row + 1]);
    else if (from.ids != nullptr)
      key.ids.assign(1, from.ids[row]);
    key.offsets[1] = static_cast<std::uint32_t>(key.ids.size());
    vectors_[i] = {
        .numbers = &key.number, .nulls = &key.null, .ids = key.ids.data(), .offsets = key.offsets, .texts = &key.text};
  }
}

}  // namespace sarsen::ingest
