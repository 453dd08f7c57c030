#pragma once
// Places joined from the fields of a row: Druid's SpatialDimensionRowTransformer. Of a dimension's name the row has
// "1.5,2" already, or else its two fields become that. What is no place is null. Not thread-safe.

#include <cstddef>
#include <cstdint>
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

  /// All of the spec's dimensions, or none where none of them is spatial.
  std::size_t size() const noexcept { return dimensions_.size(); }

  /// The value of a dimension in a row: good until the next call, and as long as the row. A dimension that places are
  /// joined from has none of its own. Where Druid would give the task up, adds a sentence to `problems`. REQUIRES:
  /// dimension < size().
  RawValue value(std::size_t dimension, const RawRow& row, std::vector<std::string>& problems);

 private:
  enum class Kind : std::uint8_t { kPlain, kPlace, kCoordinate };
  struct Dimension {
    std::uint32_t field;
    Kind kind = Kind::kPlain;
    std::vector<std::uint32_t> coordinate_fields = {};
  };

  RawValue joined_value(const std::string& name, const RawValue& value, std::vector<std::string>& problems);
  RawValue join(const std::vector<std::uint32_t>& fields, const RawRow& row);
  bool add_field(const RawValue& value);
  bool add_coordinate(const RawValue& value);

  FieldTable& fields_;
  std::vector<Dimension> dimensions_;
  std::string text_;             // of the value
  std::size_t coordinates_ = 0;  // in it
};

}  // namespace sarsen::ingest
