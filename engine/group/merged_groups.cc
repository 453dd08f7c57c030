#include "engine/group/merged_groups.h"

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

void MergedGroups::add(const GroupScan& part) {
  const std::size_t dimensions = grouping_.dimensions.size();
  std::vector<std::vector<std::uint32_t>> numbers(dimensions);  // by id of the part: strings are looked up once each
  std::vector<std::uint32_t> tuple(width_);
  for (std::uint32_t group = 0; group < part.groups(); ++group) {
    tuple[0] = bucket_number(part.bucket_ms(group));
    for (std::size_t i = 0; i < dimensions; ++i) {
      const std::uint32_t id = part.ids(group)[i];
      if (id >= numbers[i].size()) numbers[i].resize(id + 1, kUnknown);
      std::uint32_t& number = numbers[i][id];
      if (number == kUnknown) number = values_[i].number_of(part.value(i, id));
      tuple[i + 1] = number;
    }
    grouping_.aggregators->merge(states_.row(find_or_add(tuple)), part.states(group));
  }
}

void MergedGroups::add_subtotal(const MergedGroups& base, const std::vector<bool>& kept, std::int64_t number) {
  const std::size_t dimensions = base.width_ - 1;
  std::vector<std::vector<std::uint32_t>> numbers(dimensions);  // by number in `base`
  std::vector<std::uint32_t> tuple(width_);
  for (std::uint32_t group = 0; group < base.size(); ++group) {
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
