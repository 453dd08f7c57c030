#include "engine/group/merged_groups.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "engine/exec/poll.h"
#include "engine/group/dependent_dimension.h"
#include "engine/group/memory_gain.h"
#include "storage/base/memory_count.h"

namespace sarsen::engine {
namespace {

/// Groups are merged so many at a time: what is known of them stays in a core's own cache.
constexpr std::uint32_t kBlockGroups = 1024;

}  // namespace

MergedGroups::MergedGroups(const Grouping& grouping)
    : grouping_(&grouping),
      values_(grouping.dimensions.size()),
      tuples_(grouping.dimensions.size() + 1),
      states_(*grouping.aggregators) {}

std::uint32_t MergedGroups::bucket_number(std::int64_t start_ms) {
  const auto [entry, added] =
      bucket_numbers_.try_emplace(start_ms, static_cast<std::uint32_t>(bucket_starts_ms_.size()));
  if (added) bucket_starts_ms_.push_back(start_ms);
  return entry->second;
}

/// Merges each group into the one that find(block) gives. number(dimension, span of numbers of `part`, out).
template <class Part, class Number, class Find>
void MergedGroups::merge(Part& part, GroupRange range, Number number, Find find) {
  const Gain gain(gained_bytes_);
  const std::size_t dimensions = grouping_->dimensions.size();
  std::vector<ValueTranslation> translations;
  for (std::size_t i = 0; i < dimensions; ++i) translations.push_back(translation(part, i));
  GroupBlock block(tuples_.width(), std::min(range.end - range.begin, kBlockGroups));
  for (std::uint32_t begin = range.begin; begin < range.end; begin += block.size()) {
    poll_now();
    block.set_size(std::min(range.end - begin, kBlockGroups));
    number_buckets(part, begin, block);
    for (std::size_t i = 0; i < dimensions; ++i)
      translations[i].apply(part.ids(begin) + i, dimensions, block.size(), block.column(i + 1),
                            [&](std::span<const std::uint32_t> theirs, std::uint32_t* out) { number(i, theirs, out); });
    find(block, translations);
    const std::uint32_t known = states_.size();
    states_.grow_to(tuples_.size());
    merge_block(part, begin, block, known);
  }
}

/// Those that were not known take what the part's states own, and with it what that is counted as.
void MergedGroups::merge_block(GroupScan& part, std::uint32_t begin, GroupBlock& block, std::uint32_t known) {
  gained_bytes_ += part.bytes_elsewhere() * (states_.size() - known);
  grouping_->aggregators->take_groups(states_.row(0), block.groups(), part.states(begin), block.size());
}

void MergedGroups::merge_block(const KeptGroups& part, std::uint32_t begin, GroupBlock& block, std::uint32_t) {
  grouping_->aggregators->merge_groups(states_.row(0), block.groups(), part.states(begin), block.size());
}

ValueTranslation MergedGroups::translation(const KeptGroups&, std::size_t) { return {}; }

ValueTranslation MergedGroups::translation(const GroupScan& part, std::size_t dimension) {
  return ValueTranslation(values_[dimension], part.dimension(dimension).stored_dictionary(), part.groups());
}

template <class Find>
void MergedGroups::merge(GroupScan& part, GroupRange range, Find find) {
  merge(
      part, range,
      [&](std::size_t i, std::span<const std::uint32_t> ids, std::uint32_t* out) {
        part.dimension(i).number(ids, values_[i], out);
      },
      find);
}

template <class Find>
void MergedGroups::merge(const KeptGroups& part, GroupRange range, Find find) {
  merge(
      part, range,
      [&](std::size_t i, std::span<const std::uint32_t> numbers, std::uint32_t* out) {
        for (const std::uint32_t theirs : numbers) *out++ = values_[i].number_of(part.value(i, theirs));
      },
      find);
}

/// Where nothing that is here so far is of these buckets, a part's groups only have to differ among themselves.
template <class Part>
void MergedGroups::merge_by_value(Part& part, GroupRange range) {
  index_first();
  const auto first_new = static_cast<std::uint32_t>(bucket_starts_ms_.size());
  merge(part, range, [this, first_new](GroupBlock& block, const std::vector<ValueTranslation>& translations) {
    const std::uint32_t* const buckets = block.column(0);
    const bool all_new = *std::min_element(buckets, buckets + block.size()) >= first_new;
    if (all_new && std::ranges::all_of(translations, &ValueTranslation::is_injective)) return tuples_.push(block);
    tuples_.find_or_add(block);
  });
}

void MergedGroups::add(std::unique_ptr<GroupScan> part) {
  part->settle();
  if (!can_adopt(*part)) return add_by_value(*part, {0, part->groups()});
  const Gain gain(gained_bytes_);
  adopt(std::move(part));
}

void MergedGroups::add(const KeptGroups& part) { add_by_value(part, {0, part.size()}); }

void MergedGroups::add_by_value(GroupScan& part, GroupRange range) { merge_by_value(part, range); }

void MergedGroups::add_by_value(const KeptGroups& part, GroupRange range) { merge_by_value(part, range); }

void MergedGroups::append(GroupScan& part, GroupRange range, std::uint32_t tag) {
  merge(part, range, [this, tag](GroupBlock& block, const auto&) {
    tags_.insert(tags_.end(), block.size(), tag);
    tuples_.push(block);
  });
}

void MergedGroups::append(const KeptGroups& part, GroupRange range, std::uint32_t tag) {
  merge(part, range, [this, tag](GroupBlock& block, const auto&) {
    tags_.insert(tags_.end(), block.size(), tag);
    tuples_.push(block);
  });
}

bool MergedGroups::can_adopt(const GroupScan& part) const {
  if (first_ != nullptr || size() > 0 || !grouping_->aggregators->divides_segments()) return false;
  if (part.grouping().aggregators != grouping_->aggregators) return false;
  for (std::size_t i = 0; i < grouping_->dimensions.size(); ++i) {
    const DimensionReader& dimension = part.dimension(i);
    const DimensionReader* const on = depends_on(dimension);
    if (!(on != nullptr ? *on : dimension).ids_are_distinct()) return false;
  }
  return true;
}

void MergedGroups::adopt(std::unique_ptr<GroupScan> part) {
  const std::size_t dimensions = grouping_->dimensions.size();
  const bool is_timed = !grouping_->granularity->is_all();
  std::uint32_t* out = tuples_.push_all(part->groups());
  std::int64_t known_ms = 0;
  std::uint32_t bucket = part->groups() > 0 && !is_timed ? bucket_number(0) : 0;
  for (std::uint32_t group = 0; group < part->groups(); ++group) {
    if (is_timed) {
      const std::int64_t start_ms = part->bucket_ms(group);
      if (group == 0 || start_ms != known_ms) bucket = bucket_number(start_ms);
      known_ms = start_ms;
    }
    *out++ = bucket;
    const std::uint32_t* const ids = part->ids(group);
    for (std::size_t i = 0; i < dimensions; ++i) *out++ = ids[i];
  }
  states_ = part->take_states();
  first_ = std::move(part);
  for (std::size_t i = 0; i < dimensions; ++i)
    values_[i].adopt([first = first_.get(), i](std::uint32_t id) { return first->dimension(i).value(id); });
}

/// Its groups get numbers of values that others can have, too.
void MergedGroups::index_first() {
  if (first_ == nullptr) return;
  {
    const Gain gain(gained_bytes_);
    for (std::size_t i = 0; i < dimensions(); ++i) renumber(i);
  }
  release_first();
}

void MergedGroups::renumber(std::size_t dimension) {
  values_[dimension] = ValueNumbers();
  values_[dimension].expect(size());
  ValueTranslation translation = share(dimension);
  std::vector<bool> given;
  std::vector<std::uint32_t> numbers(kBlockGroups);
  for (std::uint32_t begin = 0; begin < size(); begin += kBlockGroups) {
    poll_now();
    std::uint32_t* const theirs = tuples_.column(begin, dimension + 1);
    const std::uint32_t count = std::min(size() - begin, kBlockGroups);
    translation.apply(
        theirs, tuples_.width(), count, numbers.data(),
        [&](std::span<const std::uint32_t> ids, std::uint32_t* out) { number_apart(dimension, ids, given, out); });
    for (std::uint32_t j = 0; j < count; ++j) theirs[j * tuples_.width()] = numbers[j];
  }
}

/// Where the first part uses most of a stored dictionary, as others then do likely, texts are those that queries share.
ValueTranslation MergedGroups::share(std::size_t dimension) {
  const storage::StoredDictionary* const dictionary = first_->dimension(dimension).stored_dictionary();
  if (!grouping_->tables.empty() && ValueTranslation::is_worth_an_array(dictionary, size()))
    values_[dimension].share(SharedTextsPool::shared(),
                             grouping_->tables + '\n' + grouping_->dimensions[dimension].dimension, *dictionary,
                             size());
  return ValueTranslation(values_[dimension], dictionary, size());
}

/// Some old dictionaries hold a text twice: each of its ids stays a value of its own.
void MergedGroups::number_apart(std::size_t dimension, std::span<const std::uint32_t> ids, std::vector<bool>& given,
                                std::uint32_t* out) {
  first_->dimension(dimension).number(ids, values_[dimension], out);
  if (depends_on(first_->dimension(dimension)) != nullptr) return;  // which tells its groups apart
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (out[i] >= given.size()) given.resize(std::max<std::size_t>(out[i] + 1, given.size() * 2));
    if (given[out[i]]) {
      out[i] = values_[dimension].append(first_->dimension(dimension).value(ids[i]));
      continue;
    }
    given[out[i]] = true;
  }
}

/// What it took stays counted, but for what is freed.
void MergedGroups::release_first() {
  const std::int64_t before = thread_memory_bytes();
  const auto taken = static_cast<std::int64_t>(first_->bytes());
  first_.reset();
  adopted_bytes_ = static_cast<std::size_t>(std::max<std::int64_t>(taken - (before - thread_memory_bytes()), 0));
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
  for (std::size_t i = 0; i < dimensions(); ++i) tuple.push_back(values_[i].append(std::move(values[i])));
  return append_tuple(tuple, tag);
}

/// What the states hold elsewhere comes along: about as much as each group of `other` has.
std::uint32_t MergedGroups::take(MergedGroups& other, std::uint32_t group) {
  const Gain gain(gained_bytes_);
  std::vector<Value> values;
  for (std::size_t i = 0; i < dimensions(); ++i) values.push_back(other.value(group, i));
  const std::uint32_t taken = append_values(other.bucket_ms(group), std::move(values), other.tag(group));
  gained_bytes_ += std::max<std::int64_t>(other.gained_bytes_, 0) / other.size();
  std::byte* const into = states(taken);
  grouping_->aggregators->destroy(into);
  std::memcpy(into, other.states(group), grouping_->aggregators->stride());
  grouping_->aggregators->init(other.states(group));
  return taken;
}

std::vector<std::uint32_t> MergedGroups::add_groups(const MergedGroups& other, std::span<const std::uint32_t> groups) {
  index_first();
  const Gain gain(gained_bytes_);
  const auto count = static_cast<std::uint32_t>(groups.size());
  GroupBlock block(tuples_.width(), count);
  block.set_size(count);
  for (std::uint32_t j = 0; j < count; ++j) block.column(0)[j] = bucket_number(other.bucket_ms(groups[j]));
  for (std::size_t i = 0; i < dimensions(); ++i) number_values(other, groups, i, block.column(i + 1));
  tuples_.find_or_add(block);
  merge_states(other, groups, block);
  return {block.groups(), block.groups() + count};
}

void MergedGroups::number_values(const MergedGroups& other, std::span<const std::uint32_t> groups,
                                 std::size_t dimension, std::uint32_t* numbers) {
  if (!other.is_adopted()) {
    for (const std::uint32_t group : groups) *numbers++ = values_[dimension].number_of(other.value(group, dimension));
    return;
  }
  std::vector<std::uint32_t> ids;
  for (const std::uint32_t group : groups) ids.push_back(other.value_number(group, dimension));
  other.first_->dimension(dimension).number(ids, values_[dimension], numbers);
}

void MergedGroups::reset(std::uint32_t group) {
  grouping_->aggregators->destroy(states_.row(group));
  grouping_->aggregators->init(states_.row(group));
}

void MergedGroups::add_subtotal(const MergedGroups& base, std::span<const std::uint32_t> groups,
                                const std::vector<bool>& kept, std::int64_t number, bool apart) {
  const Gain gain(gained_bytes_);
  std::vector<ValueTranslation> translations(base.dimensions());
  const std::uint32_t own = values_.back().number_of(number);
  for (; !groups.empty(); groups = groups.subspan(std::min<std::size_t>(groups.size(), kBlockGroups))) {
    poll_now();
    const auto count = static_cast<std::uint32_t>(std::min<std::size_t>(groups.size(), kBlockGroups));
    GroupBlock block(tuples_.width(), count);
    block.set_size(count);
    for (std::uint32_t j = 0; j < count; ++j) block.column(0)[j] = bucket_number(base.bucket_ms(groups[j]));
    for (std::size_t i = 0; i < base.dimensions(); ++i)
      if (kept[i])
        translate_values(base, groups.first(count), i, translations[i], block.column(i + 1));
      else
        std::fill_n(block.column(i + 1), count, values_[i].number_of(Value()));
    std::fill_n(block.column(dimensions()), count, own);
    if (apart)
      push_apart(block);
    else
      tuples_.find_or_add(block);
    merge_states(base, groups.first(count), block);
  }
}

void MergedGroups::translate_values(const MergedGroups& base, std::span<const std::uint32_t> groups,
                                    std::size_t dimension, ValueTranslation& translation, std::uint32_t* ours) {
  std::vector<std::uint32_t> theirs;
  for (const std::uint32_t group : groups) theirs.push_back(base.value_number(group, dimension));
  translation.apply(theirs.data(), 1, static_cast<std::uint32_t>(theirs.size()), ours,
                    [&](std::span<const std::uint32_t> numbers, std::uint32_t* out) {
                      for (const std::uint32_t number : numbers)
                        *out++ = values_[dimension].number_of(base.values_[dimension].value(number));
                    });
}

/// Each with a tag of its own.
void MergedGroups::push_apart(GroupBlock& block) {
  for (std::uint32_t j = 0; j < block.size(); ++j) tags_.push_back(size() + j + 1);
  tuples_.push(block);
}

/// Into the block's groups, which may be new.
void MergedGroups::merge_states(const MergedGroups& other, std::span<const std::uint32_t> groups, GroupBlock& block) {
  states_.grow_to(tuples_.size());
  for (std::uint32_t j = 0; j < block.size(); ++j) {
    poll();
    grouping_->aggregators->merge(states_.row(block.groups()[j]), other.states(groups[j]));
  }
}

std::uint32_t MergedGroups::find_or_add(const std::vector<std::uint32_t>& tuple) {
  const std::uint32_t group = tuples_.find_or_add(tuple);
  states_.grow_to(tuples_.size());
  return group;
}

std::uint32_t MergedGroups::append_tuple(const std::vector<std::uint32_t>& tuple, std::uint32_t tag) {
  tags_.push_back(tag);
  states_.grow_to(states_.size() + 1);
  return tuples_.push(tuple);
}

/// Where allocations are not counted, what is known by itself. What the adopted scan took includes its states.
std::size_t MergedGroups::bytes() const noexcept {
  const std::size_t adopted = first_ != nullptr ? first_->bytes() : adopted_bytes_;
  const std::size_t gained = static_cast<std::size_t>(std::max<std::int64_t>(gained_bytes_, 0));
  return std::max({states_.bytes() + tuples_.bytes(), adopted, adopted + gained});
}

std::uint64_t MergedGroups::dictionary_bytes() const noexcept {
  std::uint64_t bytes = 0;
  for (const ValueNumbers& values : values_) bytes += values.dictionary_bytes();
  return bytes;
}

}  // namespace sarsen::engine
