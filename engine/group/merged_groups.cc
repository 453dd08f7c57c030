#include "engine/group/merged_groups.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "engine/exec/poll.h"
#include "storage/base/memory_count.h"

namespace sarsen::engine {
namespace {

constexpr std::uint32_t kUnknown = UINT32_MAX;
/// Numbers of values are dense: while there are few groups before a dimension, they are places of an array.
constexpr std::uint64_t kDenseNumbers = 1 << 22;

/// Adds what its thread gains while it lives.
class Gain {
 public:
  explicit Gain(std::int64_t& bytes) noexcept : bytes_(bytes), before_(thread_memory_bytes()) {}
  ~Gain() { bytes_ += thread_memory_bytes() - before_; }
  Gain(const Gain&) = delete;
  Gain& operator=(const Gain&) = delete;

 private:
  std::int64_t& bytes_;
  std::int64_t before_;
};

}  // namespace

MergedGroups::MergedGroups(const Grouping& grouping)
    : grouping_(&grouping),
      width_(grouping.dimensions.size() + 1),
      values_(grouping.dimensions.size()),
      states_(*grouping.aggregators) {
  tables_.resize(grouping.dimensions.size() + 1, GroupTable(kDenseNumbers));
}

std::uint32_t MergedGroups::bucket_number(std::int64_t start_ms) {
  const auto [entry, added] =
      bucket_numbers_.try_emplace(start_ms, static_cast<std::uint32_t>(bucket_starts_ms_.size()));
  if (added) bucket_starts_ms_.push_back(start_ms);
  return entry->second;
}

/// Merges each group into the one that group_of(tuple) gives. make_value(dimension, number) for numbers of `part`: each
/// is asked for once.
template <class Part, class MakeValue, class GroupOf>
void MergedGroups::merge(const Part& part, GroupRange range, MakeValue make_value, GroupOf group_of) {
  const std::size_t dimensions = grouping_->dimensions.size();
  std::vector<std::vector<std::uint32_t>> numbers(
      dimensions);  // by number of the part: strings are looked up once each
  std::vector<std::uint32_t> tuple(width_);
  for (std::uint32_t group = range.begin; group < range.end; ++group) {
    poll();
    tuple[0] = bucket_number(part.bucket_ms(group));
    for (std::size_t i = 0; i < dimensions; ++i) {
      const std::uint32_t theirs = part.ids(group)[i];
      if (theirs >= numbers[i].size()) numbers[i].resize(std::size_t{theirs} + 1, kUnknown);
      std::uint32_t& number = numbers[i][theirs];
      if (number == kUnknown) number = values_[i].number_of(make_value(i, theirs));
      tuple[i + 1] = number;
    }
    const std::uint32_t into = group_of(tuple);
    grouping_->aggregators->merge(states_.row(into), part.states(group));
  }
}

template <class GroupOf>
void MergedGroups::merge(const GroupScan& part, GroupRange range, GroupOf group_of) {
  const Gain gain(gained_bytes_);
  merge(part, range, [&](std::size_t i, std::uint32_t id) { return part.dimension(i).value(id); }, group_of);
}

template <class GroupOf>
void MergedGroups::merge(const KeptGroups& part, GroupRange range, GroupOf group_of) {
  const Gain gain(gained_bytes_);
  merge(part, range, [&](std::size_t i, std::uint32_t number) { return part.value(i, number); }, group_of);
}

void MergedGroups::add(std::unique_ptr<GroupScan> part) {
  part->settle();
  if (!can_adopt(*part)) return add_by_value(*part, {0, part->groups()});
  const Gain gain(gained_bytes_);
  adopt(std::move(part));
}

void MergedGroups::add(const KeptGroups& part) { add_by_value(part, {0, part.size()}); }

void MergedGroups::add_by_value(const GroupScan& part, GroupRange range) {
  index_first();
  merge(part, range, [&](const std::vector<std::uint32_t>& tuple) { return find_or_add(tuple); });
}

void MergedGroups::add_by_value(const KeptGroups& part, GroupRange range) {
  index_first();
  merge(part, range, [&](const std::vector<std::uint32_t>& tuple) { return find_or_add(tuple); });
}

void MergedGroups::append(const GroupScan& part, GroupRange range, std::uint32_t tag) {
  merge(part, range, [&](const std::vector<std::uint32_t>& tuple) { return append_tuple(tuple, tag); });
}

void MergedGroups::append(const KeptGroups& part, GroupRange range, std::uint32_t tag) {
  merge(part, range, [&](const std::vector<std::uint32_t>& tuple) { return append_tuple(tuple, tag); });
}

bool MergedGroups::can_adopt(const GroupScan& part) const {
  if (first_ != nullptr || size() > 0 || !grouping_->aggregators->divides_segments()) return false;
  for (std::size_t i = 0; i < grouping_->dimensions.size(); ++i)
    if (!part.dimension(i).ids_are_distinct()) return false;
  return true;
}

void MergedGroups::adopt(std::unique_ptr<GroupScan> part) {
  const std::size_t dimensions = grouping_->dimensions.size();
  std::vector<std::uint32_t> counts(dimensions);
  tuples_.resize(part->groups() * width_);
  std::uint32_t* out = tuples_.data();
  std::int64_t known_ms = 0;
  std::uint32_t bucket = 0;
  for (std::uint32_t group = 0; group < part->groups(); ++group) {
    const std::int64_t start_ms = part->bucket_ms(group);
    if (group == 0 || start_ms != known_ms) bucket = bucket_number(start_ms);
    known_ms = start_ms;
    *out++ = bucket;
    const std::uint32_t* const ids = part->ids(group);
    for (std::size_t i = 0; i < dimensions; ++i) {
      counts[i] = std::max(counts[i], ids[i] + 1);
      *out++ = ids[i];
    }
  }
  states_ = part->take_states();
  first_ = std::move(part);
  for (std::size_t i = 0; i < dimensions; ++i)
    values_[i].adopt(counts[i], [first = first_.get(), i](std::uint32_t id) { return first->dimension(i).value(id); });
}

void MergedGroups::index_first() {
  if (first_ == nullptr || indexed_) return;
  const Gain gain(gained_bytes_);
  indexed_ = true;
  std::vector<std::vector<bool>> seen(grouping_->dimensions.size());
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

std::uint32_t MergedGroups::append(std::int64_t bucket_ms, std::vector<Value> values, std::uint32_t tag,
                                   ByteReader& states) {
  const Gain gain(gained_bytes_);
  const std::uint32_t group = append_values(bucket_ms, std::move(values), tag);
  grouping_->aggregators->load(states_.row(group), states);
  return group;
}

std::uint32_t MergedGroups::append_values(std::int64_t bucket_ms, std::vector<Value> values, std::uint32_t tag) {
  std::vector<std::uint32_t> tuple{bucket_number(bucket_ms)};
  for (std::size_t i = 0; i + 1 < width_; ++i) tuple.push_back(values_[i].append(std::move(values[i])));
  return append_tuple(tuple, tag);
}

/// What the states hold elsewhere comes along: about as much as each group of `other` has.
std::uint32_t MergedGroups::take(MergedGroups& other, std::uint32_t group) {
  const Gain gain(gained_bytes_);
  std::vector<Value> values;
  for (std::size_t i = 0; i + 1 < width_; ++i) values.push_back(other.value(group, i));
  const std::uint32_t taken = append_values(other.bucket_ms(group), std::move(values), other.tag(group));
  gained_bytes_ += std::max<std::int64_t>(other.gained_bytes_, 0) / other.size();
  std::byte* const into = states(taken);
  grouping_->aggregators->destroy(into);
  std::memcpy(into, other.states(group), grouping_->aggregators->stride());
  grouping_->aggregators->init(other.states(group));
  return taken;
}

std::uint32_t MergedGroups::add_group(const MergedGroups& other, std::uint32_t group) {
  index_first();
  const Gain gain(gained_bytes_);
  std::vector<std::uint32_t> tuple{bucket_number(other.bucket_ms(group))};
  for (std::size_t i = 0; i + 1 < width_; ++i) tuple.push_back(values_[i].number_of(other.value(group, i)));
  const std::uint32_t added = find_or_add(tuple);
  grouping_->aggregators->merge(states_.row(added), other.states(group));
  return added;
}

void MergedGroups::reset(std::uint32_t group) {
  grouping_->aggregators->destroy(states_.row(group));
  grouping_->aggregators->init(states_.row(group));
}

void MergedGroups::add_subtotal(const MergedGroups& base, std::span<const std::uint32_t> groups,
                                const std::vector<bool>& kept, std::int64_t number, bool apart) {
  const Gain gain(gained_bytes_);
  std::vector<std::vector<std::uint32_t>> numbers(base.dimensions());  // by number in `base`
  std::vector<std::uint32_t> tuple(width_);
  tuple.back() = values_.back().number_of(number);
  for (const std::uint32_t group : groups) {
    poll();
    tuple[0] = bucket_number(base.bucket_ms(group));
    for (std::size_t i = 0; i < base.dimensions(); ++i) {
      const std::uint32_t theirs = kept[i] ? base.value_number(group, i) : 0;
      if (theirs >= numbers[i].size())
        numbers[i].resize(std::max<std::size_t>(theirs + 1, numbers[i].size() * 2), kUnknown);
      std::uint32_t& ours = numbers[i][theirs];
      if (ours == kUnknown) ours = values_[i].number_of(kept[i] ? base.value(group, i) : Value());
      tuple[i + 1] = ours;
    }
    const std::uint32_t into = apart ? append_tuple(tuple, size() + 1) : find_or_add(tuple);
    grouping_->aggregators->merge(states_.row(into), base.states(group));
  }
}

std::uint32_t MergedGroups::find_or_add(const std::vector<std::uint32_t>& tuple) {
  std::uint32_t group = 0;
  for (std::size_t i = 0; i < tuple.size(); ++i) {
    const std::uint64_t key = (std::uint64_t{group} << 32) | tuple[i];
    tables_[i].find_or_add(&key, 1, &group);
  }
  return group == states_.size() ? append_tuple(tuple) : group;
}

std::uint32_t MergedGroups::append_tuple(const std::vector<std::uint32_t>& tuple) {
  states_.grow_to(states_.size() + 1);
  tuples_.insert(tuples_.end(), tuple.begin(), tuple.end());
  return states_.size() - 1;
}

std::uint32_t MergedGroups::append_tuple(const std::vector<std::uint32_t>& tuple, std::uint32_t tag) {
  tags_.push_back(tag);
  return append_tuple(tuple);
}

/// Where allocations are not counted, what is known by itself. What the adopted scan took includes its states.
std::size_t MergedGroups::bytes() const noexcept {
  const std::size_t adopted = first_ != nullptr ? first_->bytes() : 0;
  const std::size_t gained = static_cast<std::size_t>(std::max<std::int64_t>(gained_bytes_, 0));
  return std::max({states_.bytes() + tuples_.capacity() * sizeof(std::uint32_t), adopted, adopted + gained});
}

std::uint64_t MergedGroups::dictionary_bytes() const noexcept {
  std::uint64_t bytes = 0;
  for (const ValueNumbers& values : values_) bytes += values.dictionary_bytes();
  return bytes;
}

}  // namespace sarsen::engine
