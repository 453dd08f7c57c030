#include "engine/group/kept_groups.h"

#include <string>
#include <variant>

#include "engine/exec/poll.h"

namespace sarsen::engine {
namespace {

constexpr std::uint32_t kUnknown = UINT32_MAX;

/// Sketches in memory have room to grow, and headers of the heap.
constexpr std::size_t kMemoryPerStoredByte = 3;

std::size_t heap_bytes(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return text->size();
  if (const auto* complex = std::get_if<ComplexBytes>(&value)) return complex->bytes.size();
  if (const auto* nested = std::get_if<Nested>(&value)) return nested->json.dump().size();
  std::size_t bytes = 0;
  if (const auto* list = std::get_if<List>(&value))
    for (const Value& element : list->elements()) bytes += sizeof(Value) + heap_bytes(element);
  return bytes;
}

}  // namespace

KeptGroups::KeptGroups(const Grouping& grouping, const GroupScan& scan)
    : aggregators_(grouping.aggregators),
      values_(grouping.dimensions.size()),
      numbers_(scan.groups() * grouping.dimensions.size()),
      states_(*grouping.aggregators) {
  states_.grow_to(scan.groups());
  buckets_ms_.reserve(scan.groups());
  for (std::uint32_t group = 0; group < scan.groups(); ++group) {
    poll();
    buckets_ms_.push_back(scan.bucket_ms(group));
    aggregators_->merge(states_.row(group), scan.states(group));
  }
  for (std::size_t i = 0; i < values_.size(); ++i) add_values(i, scan);
  bytes_ = count_bytes();
}

void KeptGroups::add_values(std::size_t dimension, const GroupScan& scan) {
  std::vector<std::uint32_t> known;  // by id
  for (std::uint32_t group = 0; group < scan.groups(); ++group) {
    poll();
    const std::uint32_t id = scan.ids(group)[dimension];
    if (id >= known.size()) known.resize(std::size_t{id} + 1, kUnknown);
    if (known[id] == kUnknown) {
      known[id] = static_cast<std::uint32_t>(values_[dimension].size());
      values_[dimension].push_back(scan.dimension(dimension).value(id));
    }
    numbers_[group * values_.size() + dimension] = known[id];
  }
}

std::size_t KeptGroups::count_bytes() const {
  std::size_t bytes = sizeof(*this) + buckets_ms_.capacity() * sizeof(std::int64_t) +
                      numbers_.capacity() * sizeof(std::uint32_t) + states_.bytes();
  for (const std::vector<Value>& values : values_) {
    bytes += values.capacity() * sizeof(Value);
    for (const Value& value : values) bytes += heap_bytes(value);
  }
  for (std::size_t i = 0; i < aggregators_->size(); ++i) {
    if (aggregators_->factory(i).trivially_destroyed()) continue;
    for (std::uint32_t group = 0; group < size(); ++group) {
      poll();
      bytes += kMemoryPerStoredByte *
               heap_bytes(aggregators_->factory(i).stored(states_.row(group) + aggregators_->offset(i)));
    }
  }
  return bytes;
}

}  // namespace sarsen::engine
