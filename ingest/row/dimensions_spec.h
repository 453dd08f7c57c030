#pragma once
// Which fields of a row become dimensions, in which order, and as what: Druid's dimensionsSpec. With an empty list (or
// includeAllDimensions) the fields of the rows decide, as strings. Immutable.

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "storage/base/json.h"
#include "storage/column/column.h"

namespace sarsen::ingest {

/// What happens to several values of a string dimension in one row, before the rollup key is formed.
enum class MultiValueHandling : std::uint8_t {
  kSortedArray,  // sorted, repeated values kept
  kSortedSet,    // sorted, each value once
  kArray,        // as given
};

struct DimensionSchema {
  std::string name;
  storage::ValueType type = storage::ValueType::kString;  // kString, kLong, kFloat or kDouble
  MultiValueHandling multi_value_handling = MultiValueHandling::kSortedArray;
  bool bitmap_index = true;

  bool operator==(const DimensionSchema&) const = default;
};

struct DimensionsSpec {
  std::vector<DimensionSchema> dimensions;
  std::set<std::string, std::less<>> exclusions;  // not discovered
  bool discovery = true;

  /// Absent: all is discovered. Throws kInvalidInput naming the field; kUnsupported for spatial dimensions and for
  /// types that are not built (auto, json).
  static DimensionsSpec parse(const JsonField& json);

  bool lists(std::string_view name) const noexcept;
};

}  // namespace sarsen::ingest
