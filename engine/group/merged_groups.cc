#include "engine/group/merged_groups.h"

#include <algorithm>
#include <utility>

#include "engine/exec/poll.h"

namespace sarsen::engine {
namespace {

constexpr std::uint32_t kUnknown = UINT32_MAX;

}  // namespace

MergedGroups::MergedGroups(const Grouping& grouping)
    : grouping_(grouping),
      width_(grouping.dimensions.size() + 1),
      values_(grouping.dimensions.size()),
      states_(*grouping.aggregators) {
  tables_.resize(grouping.dimensions.size() + 1);
}

std::uint32_t MergedGroups::bucket_number(std::int64_t start_ms) {
  const auto [entry, added] =
      bucket_numbers_.try_emplace(start_ms, static_cast<std::uint32_t>(bucket_starts_ms_.size()));
  if (added) bucket_starts_ms_.push_back(start_ms);
  return entry->second;
}

/// make_value(dimension, number) for numbers of `part`: each is asked for once.
template <class Part, class MakeValue>
void MergedGroups::merge(const Part& part, std::uint32_t groups, MakeValue make_value) {
  const std::size_t dimensions = grouping_.dimensions.size();
  std::vector<std::vector<std::uint32_t>> numbers(
      dimensions);  // by number of the part: strings are looked up once each
  std::vector<std::uint32_t> tuple(width_);
  for (std::uint32_t group = 0; group < groups; ++group) {
    poll();
    tuple[0] = bucket_number(part.bucket_ms(group));
    for (std::size_t i = 0; i < dimensions; ++i) {
      const std::uint32_t theirs = part.ids(group)[i];
      if (theirs >= numbers[i].size()) numbers[i].resize(std::size_t{theirs} + 1, kUnknown);
      std::uint32_t& number = numbers[i][theirs];
      if (number == kUnknown) number = values_[i].number_of(make_value(i, theirs));
      tuple[i + 1] = number;
    }
    grouping_.aggregators->merge(states_.row(find_or_add(tuple)), part.states(group));
  }
}

void MergedGroups::add(std::unique_ptr<GroupScan> part) {
  if (can_adopt(*part)) return adopt(std::move(part));
  index_first();
  merge(*part, part->groups(), [&](std::size_t i, std::uint32_t id) { return part->dimension(i).value(id); });
}

void MergedGroups::add(const KeptGroups& part) {
  index_first();
  merge(part, part.size(), [&](std::size_t i, std::uint32_t number) { return part.value(i, number); });
}

bool MergedGroups::can_adopt(const GroupScan& part) const {
  if (first_ != nullptr || size() > 0) return false;
  for (std::size_t i = 0; i < grouping_.dimensions.size(); ++i)
    if (!part.dimension(i).ids_are_distinct()) return false;
  return true;
}

void MergedGroups::adopt(std::unique_ptr<GroupScan> part) {
  const std::size_t dimensions = grouping_.dimensions.size();
  std::vector<std::uint32_t> counts(dimensions);
  tuples_.reserve(part->groups() * width_);
  for (std::uint32_t group = 0; group < part->groups(); ++group) {
    const std::int64_t start_ms = part->bucket_ms(group);
    const bool known = group > 0 && start_ms == bucket_ms(group - 1);
    tuples_.push_back(known ? tuple(group - 1)[0] : bucket_number(start_ms));
    for (std::size_t i = 0; i < dimensions; ++i) {
      const std::uint32_t id = part->ids(group)[i];
      counts[i] = std::max(counts[i], id + 1);
      tuples_.push_back(id);
    }
  }
  states_ = part->take_states();
  first_ = std::move(part);
  for (std::size_t i = 0; i < dimensions; ++i)
    values_[i].adopt(counts[i], [first = first_.get(), i](std::uint32_t id) { return first->dimension(i).value(id); });
}

void MergedGroups::index_first() {
  if (first_ == nullptr || indexed_) return;
  indexed_ = true;
  std::vector<std::vector<bool>> seen(grouping_.dimensions.size());
  std::vector<std::uint32_t> one(width_);
  for (std::uint32_t group = 0; group < size(); ++group) {
    poll();
    one.assign(tuple(group), tuple(group) + width_);
    for (std::size_t i = 0; i < seen.size(); ++i) {
      const std::uint32_t number = one[i + 1];
      if (number >= seen[i].size()) seen[i].resize(std::size_t{number} + 1);
      if (!seen[i][number]) values_[i].index(number);
      seen[i][number] = true;
    }
    find_or_add(one);
  }
}

std::uint32_t MergedGroups::add_group(const MergedGroups& other, std::uint32_t group) {
  index_first();
  std::vector<std::uint32_t> tuple{bucket_number(other.bucket_ms(group))};
  for (std::size_t i = 0; i + 1 < width_; ++i) tuple.push_back(values_[i].number_of(other.value(group, i)));
  const std::uint32_t added = find_or_add(tuple);
  grouping_.aggregators->merge(states_.row(added), other.states(group));
  return added;
}

void MergedGroups::reset(std::uint32_t group) {
  grouping_.aggregators->destroy(states_.row(group));
  grouping_.aggregators->init(states_.row(group));
}

void MergedGroups::add_subtotal(const MergedGroups& base, const std::vector<bool>& kept, std::int64_t number) {
  const std::size_t dimensions = base.width_ - 1;
  std::vector<std::vector<std::uint32_t>> numbers(dimensions);  // by number in `base`
  std::vector<std::uint32_t> tuple(width_);
  for (std::uint32_t group = 0; group < base.size(); ++group) {
    poll();
    tuple[0] = bucket_number(base.bucket_ms(group));
    for (std::size_t i = 0; i < dimensions; ++i) {
      const std::uint32_t theirs = kept[i] ? base.value_number(group, i) : 0;
      if (theirs >= numbers[i].size()) numbers[i].resize(theirs + 1, kUnknown);
      std::uint32_t& ours = numbers[i][theirs];
      if (ours == kUnknown) ours = values_[i].number_of(kept[i] ? base.value(group, i) : Value());
      tuple[i + 1] = ours;
    }
    tuple[dimensions + 1] = values_[dimensions].number_of(number);
    grouping_.aggregators->merge(states_.row(find_or_add(tuple)), base.states(group));
  }
}

std::uint32_t MergedGroups::find_or_add(const std::vector<std::uint32_t>& tuple) {
  std::uint32_t group = 0;
  for (std::size_t i = 0; i < tuple.size(); ++i) {
    const std::uint64_t key = (std::uint64_t{group} << 32) | tuple[i];
    tables_[i].find_or_add(&key, 1, &group);
  }
  if (group == states_.size()) {
    states_.grow_to(group + 1);
    tuples_.insert(tuples_.end(), tuple.begin(), tuple.end());
  }
  return group;
}

}  // namespace sarsen::engine
