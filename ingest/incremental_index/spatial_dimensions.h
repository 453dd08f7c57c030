#pragma once
// Places joined from the fields of a row: Druid's SpatialDimensionRowTransformer. Of a dimension's name the row has
// "1.5,2" already, or else its two fields become that. What is no place is null. Not thread-safe.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "ingest/row/dimensions_spec.h"
#include "ingest/row/field_table.h"
#include "ingest/row/raw_row.h"

namespace sarsen::ingest {

class SpatialDimensions {
 public:
  /// Takes numbers for all fields that it reads. REQUIRES: `fields` outlives it.
  SpatialDimensions(const DimensionsSpec& spec, FieldTable& fields);

  bool empty() const noexcept { return coordinates_.empty(); }

  /// The value of the dimension `field` in a row: good until the next call, and as long as the row. A dimension that
  /// places are joined from has none of its own. Where Druid would give the task up, adds a sentence to `problems`.
  RawValue value(std::uint32_t field, const RawRow& row, std::vector<std::string>& problems);

 private:
  RawValue joined_value(const std::string& name, const RawValue& value, std::vector<std::string>& problems);
  RawValue join(const std::vector<std::uint32_t>& fields, const RawRow& row);
  bool add_coordinate(const RawValue& value);

  FieldTable& fields_;
  std::map<std::uint32_t, std::vector<std::uint32_t>> coordinates_;  // by the field of the dimension
  std::set<std::uint32_t> parts_;                                    // all of those, unless they are spatial themselves
  std::vector<std::string> texts_;                                   // scratch
  std::string text_;                                                 // of the value
};

}  // namespace sarsen::ingest
