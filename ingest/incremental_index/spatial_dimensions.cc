#include "ingest/incremental_index/spatial_dimensions.h"

#include <cmath>
#include <optional>

#include "storage/column/coordinates.h"
#include "storage/column/spatial_tree.h"

namespace sarsen::ingest {
namespace {

constexpr std::size_t kCoordinates = storage::SpatialTree::kDimensions;

}  // namespace

SpatialDimensions::SpatialDimensions(const DimensionsSpec& spec, FieldTable& fields) : fields_(fields) {
  for (const DimensionSchema& dimension : spec.dimensions) {
    if (!dimension.spatial) continue;
    std::vector<std::uint32_t>& parts = coordinates_[fields.add(dimension.name)];
    for (const std::string& field : dimension.coordinate_fields) parts.push_back(fields.add(field));
    parts_.insert(parts.begin(), parts.end());
  }
  for (const auto& [field, parts] : coordinates_) parts_.erase(field);
}

RawValue SpatialDimensions::value(std::uint32_t field, const RawRow& row, std::vector<std::string>& problems) {
  const auto spatial = coordinates_.find(field);
  if (spatial == coordinates_.end()) return parts_.contains(field) ? RawValue::null() : row.value(field);
  const RawValue& value = row.value(field);
  const bool none = value.absent() || (value.kind == RawValue::Kind::kList && value.list.empty());
  return none ? join(spatial->second, row) : joined_value(fields_.name(field), value, problems);
}

/// Both coordinates in one text. Other things vanish; what Druid cannot write is told.
RawValue SpatialDimensions::joined_value(const std::string& name, const RawValue& value,
                                         std::vector<std::string>& problems) {
  std::string scratch;
  const bool list = value.kind == RawValue::Kind::kList;
  const RawValue& only = list ? value.list.front() : value;
  text_ = text_of(only, scratch).value_or("null");
  if (list && value.list.size() > 1) {
    problems.push_back("Spatial dimension " + name +
                       " has several values in one row; its value is a text of the form 1.5,2");
    return RawValue::null();
  }
  if (storage::parse_point(text_, kCoordinates)) return RawValue::of(std::string_view(text_));
  if (const auto coordinates = storage::parse_coordinates(text_); coordinates && coordinates->size() != kCoordinates)
    problems.push_back("could not read [" + text_ + "] as a place for spatial dimension " + name + ": a place has " +
                       std::to_string(kCoordinates) + " coordinates");
  return RawValue::null();
}

/// A field may hold several coordinates: together there must be as many as fields.
RawValue SpatialDimensions::join(const std::vector<std::uint32_t>& fields, const RawRow& row) {
  texts_.clear();
  for (const std::uint32_t field : fields) {
    const RawValue& value = row.value(field);
    const std::size_t before = texts_.size();
    if (value.kind != RawValue::Kind::kList) {
      add_coordinate(value);
      continue;
    }
    for (const RawValue& element : value.list)
      if (!add_coordinate(element)) {
        texts_.resize(before);  // a field is taken as a whole
        break;
      }
  }
  if (texts_.size() != kCoordinates) return RawValue::null();
  text_ = texts_[0] + "," + texts_[1];
  return RawValue::of(std::string_view(text_));
}

bool SpatialDimensions::add_coordinate(const RawValue& value) {
  std::string scratch;
  const auto text = text_of(value, scratch);
  const auto number = text ? storage::parse_coordinate(*text) : std::nullopt;
  if (!number || std::isnan(*number)) return false;  // NaN lies nowhere
  texts_.emplace_back(*text);
  return true;
}

}  // namespace sarsen::ingest
