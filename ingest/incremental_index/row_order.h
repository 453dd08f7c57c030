#pragma once
// The order in which the rows of a live index are stored, and its dictionaries sorted.

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "ingest/incremental_index/live_segment.h"
#include "ingest/incremental_index/live_structured_dimension.h"

namespace sarsen::ingest {

/// A dictionary in Java's string order, nulls first.
struct SortedDictionary {
  std::vector<std::optional<std::string_view>> values;  // by new id
  std::vector<std::uint32_t> new_ids;                   // by old id
};
/// The first `size` values.
SortedDictionary sort_dictionary(const storage::GrowingTexts& dictionary, std::uint32_t size);

/// The ranks of the first `size` values of a dimension of any shape, by id, in Druid's order: null, strings, numbers by
/// their double, all else by a hash of its SMILE. Values that tie have one rank.
std::vector<std::uint32_t> rank_values(const LiveStructuredDimension& dimension, std::uint32_t size);

/// Row numbers in the order of a segment: by time, which the schema may put between dimensions, then dimension by
/// dimension; rows that tie stay as they came.
/// `dictionaries` has one entry per dimension, used for strings; of those of any shape `new_ids` are the ranks.
std::vector<std::uint32_t> sort_rows(const LiveSegment& segment, const std::vector<SortedDictionary>& dictionaries);

}  // namespace sarsen::ingest
