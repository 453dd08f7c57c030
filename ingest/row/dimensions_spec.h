#pragma once
// Which fields of a row become dimensions, in which order, and as what: Druid's dimensionsSpec. With an empty list (or
// includeAllDimensions) the fields of the rows decide, as strings; with useSchemaDiscovery as dimensions of any shape.
// Immutable.

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
  /// kString, kLong, kFloat or kDouble; kVariant for a dimension of any shape (auto, json).
  storage::ValueType type = storage::ValueType::kString;
  std::string cast_to = {};  // kVariant: what all values become, "ARRAY<LONG>"; empty: they stay
  MultiValueHandling multi_value_handling = MultiValueHandling::kSortedArray;
  bool bitmap_index = true;
  /// kString: pairs of coordinates, with an index of places.
  bool spatial = false;
  /// The two fields that a value is joined from; otherwise the field of the dimension's name has both: "1.5,2".
  std::vector<std::string> coordinate_fields = {};

  bool operator==(const DimensionSchema&) const = default;
};

struct DimensionsSpec {
  std::vector<DimensionSchema> dimensions;  // without __time
  /// Rows are sorted by so many of them, then by time, then by the others: 0 unless forceSegmentSortByTime is false.
  std::size_t time_place = 0;
  std::set<std::string, std::less<>> exclusions;  // not discovered
  bool discovery = true;
  bool schema_discovery = false;  // what is discovered is of any shape

  /// Absent: all is discovered. Throws kInvalidInput naming the field.
  static DimensionsSpec parse(const JsonField& json);

  bool lists(std::string_view name) const noexcept;
  /// The dimension that a discovered field becomes.
  DimensionSchema discovered(std::string_view name) const;
};

}  // namespace sarsen::ingest
