#include "storage/segment/timeline.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "storage/base/error.h"
#include "storage/base/java_order.h"

namespace sarsen::storage {

namespace {

// The partitions of one interval and version.
using Partitions = std::vector<const TimelineEntry*>;

bool same_holder(const SegmentId& left, const SegmentId& right) {
  return std::tie(left.data_source, left.interval, left.version) ==
         std::tie(right.data_source, right.interval, right.version);
}

// Old "single" shard specs do not count their partitions: they are complete when their ranges meet from end to end.
bool is_uncounted_range(const TimelineEntry& entry) {
  if (!entry.shard_spec.is_object()) return false;
  const JsonField spec(entry.shard_spec);
  return spec["type"].string_or("") == "single" && !spec["numCorePartitions"].present();
}

bool ranges_meet(const Partitions& partitions) {
  std::optional<std::string> reached;  // the end of the range before; at first, that of no range
  for (std::size_t i = 0; i < partitions.size(); ++i) {
    const JsonField spec(partitions[i]->shard_spec);
    if (spec["start"].optional_string() != reached) return false;
    reached = spec["end"].optional_string();
    if (!reached) return i + 1 == partitions.size();
  }
  return false;
}

// REQUIRES: ascending partition numbers.
bool has_core_set(const Partitions& partitions, std::uint32_t core_partitions) {
  if (partitions.size() < core_partitions) return false;
  for (std::uint32_t i = 0; i < core_partitions; ++i) {
    if (partitions[i]->id.partition != i) return false;
  }
  return true;
}

bool is_complete(const Partitions& partitions) {
  if (std::all_of(partitions.begin(), partitions.end(), [](const auto* entry) { return is_uncounted_range(*entry); }))
    return ranges_meet(partitions);
  return std::any_of(partitions.begin(), partitions.end(),
                     [&](const TimelineEntry* entry) { return has_core_set(partitions, entry->core_partitions); });
}

// Time that newer versions have taken already: disjoint intervals by their start.
class TakenTime {
 public:
  /// The parts of `interval` that were free; all of it is taken afterwards.
  std::vector<Interval> take(const Interval& interval) {
    std::vector<Interval> free;
    Interval merged = interval;
    std::int64_t position = interval.start_ms;
    auto next = taken_.upper_bound(interval.start_ms);
    if (next != taken_.begin() && std::prev(next)->second >= interval.start_ms) --next;
    while (next != taken_.end() && next->first <= interval.end_ms) {
      if (next->first > position) free.push_back({position, next->first});
      position = std::max(position, next->second);
      merged = {std::min(merged.start_ms, next->first), std::max(merged.end_ms, next->second)};
      next = taken_.erase(next);
    }
    if (position < interval.end_ms) free.push_back({position, interval.end_ms});
    taken_.emplace(merged.start_ms, merged.end_ms);
    return free;
  }

 private:
  std::map<std::int64_t, std::int64_t> taken_;  // start -> end
};

std::vector<Partitions> complete_holders(const std::map<SegmentId, TimelineEntry>& entries, const Interval& interval) {
  std::vector<Partitions> holders;
  for (auto next = entries.begin(); next != entries.end();) {
    Partitions partitions;
    const SegmentId& id = next->first;
    for (; next != entries.end() && same_holder(next->first, id); ++next) partitions.push_back(&next->second);
    if (id.interval.overlaps(interval) && is_complete(partitions)) holders.push_back(std::move(partitions));
  }
  return holders;
}

}  // namespace

void Timeline::refuse_conflict(const SegmentId& added) const {
  // What starts before this cannot reach the new interval. Unsigned, as times may be at the ends of their range.
  const std::uint64_t reach =
      static_cast<std::uint64_t>(added.interval.start_ms) - static_cast<std::uint64_t>(INT64_MIN);
  const std::int64_t first_start =
      reach < longest_ms_
          ? INT64_MIN
          : static_cast<std::int64_t>(static_cast<std::uint64_t>(added.interval.start_ms) - longest_ms_);
  for (auto next = entries_.lower_bound({added.data_source, {first_start, INT64_MIN}, "", 0}); next != entries_.end();
       ++next) {
    const SegmentId& id = next->first;
    if (id.data_source != added.data_source || id.interval.start_ms >= added.interval.end_ms) break;
    if (id.interval == added.interval || id.version != added.version || !id.interval.overlaps(added.interval)) continue;
    throw Error(ErrorCategory::kInvalidInput,
                "Cannot add overlapping segments with the same version: " + added.text() + " and " + id.text());
  }
}

bool Timeline::has_partition_of(const SegmentId& id) const {
  const auto first = entries_.lower_bound({id.data_source, id.interval, id.version, 0});
  return first != entries_.end() && same_holder(first->first, id);
}

void Timeline::add(TimelineEntry entry) {
  if (!has_partition_of(entry.id)) refuse_conflict(entry.id);
  longest_ms_ = std::max(longest_ms_, static_cast<std::uint64_t>(entry.id.interval.end_ms) -
                                          static_cast<std::uint64_t>(entry.id.interval.start_ms));
  SegmentId id = entry.id;
  entries_.insert_or_assign(std::move(id), std::move(entry));
}

bool Timeline::remove(const SegmentId& id) { return entries_.erase(id) > 0; }

std::vector<TimelineHit> Timeline::lookup(const Interval& interval) const {
  std::vector<Partitions> holders = complete_holders(entries_, interval);
  std::sort(holders.begin(), holders.end(), [](const Partitions& left, const Partitions& right) {
    const SegmentId& left_id = left.front()->id;
    const SegmentId& right_id = right.front()->id;
    const auto order = java_compare(left_id.version, right_id.version);
    return order != 0 ? order > 0 : left_id.interval < right_id.interval;
  });
  TakenTime taken;
  std::vector<TimelineHit> hits;
  for (const Partitions& partitions : holders) {
    for (const Interval& piece : taken.take(partitions.front()->id.interval.intersection(interval))) {
      for (const TimelineEntry* entry : partitions) hits.push_back({piece, entry});
    }
  }
  // Pieces of different holders do not overlap: those that start together are partitions of one.
  std::sort(hits.begin(), hits.end(), [](const TimelineHit& left, const TimelineHit& right) {
    return std::tie(left.interval.start_ms, left.entry->id.partition) <
           std::tie(right.interval.start_ms, right.entry->id.partition);
  });
  return hits;
}

}  // namespace sarsen::storage
