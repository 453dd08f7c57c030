#include "ingest/incremental_index/spatial_dimensions.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include "storage/column/coordinates.h"
#include "storage/column/spatial_tree.h"

namespace sarsen::ingest {
namespace {

constexpr std::size_t kCoordinates = storage::SpatialTree::kDimensions;

}  // namespace

SpatialDimensions::SpatialDimensions(const DimensionsSpec& spec, FieldTable& fields) : fields_(fields) {
  if (std::ranges::none_of(spec.dimensions, &DimensionSchema::spatial)) return;
  std::set<std::uint32_t> coordinates;
  for (const DimensionSchema& schema : spec.dimensions) {
    Dimension& dimension = dimensions_.emplace_back(Dimension{fields.add(schema.name)});
    if (schema.spatial) dimension.kind = Kind::kPlace;
    for (const std::string& field : schema.coordinate_fields) dimension.coordinate_fields.push_back(fields.add(field));
    coordinates.insert(dimension.coordinate_fields.begin(), dimension.coordinate_fields.end());
  }
  for (Dimension& dimension : dimensions_)
    if (dimension.kind == Kind::kPlain && coordinates.contains(dimension.field)) dimension.kind = Kind::kCoordinate;
}

RawValue SpatialDimensions::value(std::size_t dimension, const RawRow& row, std::vector<std::string>& problems) {
  const auto& [field, kind, coordinate_fields] = dimensions_[dimension];
  if (kind == Kind::kCoordinate) return RawValue::null();
  const RawValue& value = row.value(field);
  if (kind == Kind::kPlain) return value;
  const bool none = value.absent() || (value.kind == RawValue::Kind::kList && value.list.empty());
  return none ? join(coordinate_fields, row) : joined_value(fields_.name(field), value, problems);
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
  text_.clear();
  coordinates_ = 0;
  for (const std::uint32_t field : fields) {
    const std::size_t bytes = text_.size(), count = coordinates_;
    if (add_field(row.value(field))) continue;
    text_.resize(bytes);  // a field is taken as a whole
    coordinates_ = count;
  }
  return coordinates_ == kCoordinates ? RawValue::of(std::string_view(text_)) : RawValue::null();
}

bool SpatialDimensions::add_field(const RawValue& value) {
  if (value.kind != RawValue::Kind::kList) return add_coordinate(value);
  return std::ranges::all_of(value.list, [this](const RawValue& element) { return add_coordinate(element); });
}

bool SpatialDimensions::add_coordinate(const RawValue& value) {
  std::string scratch;
  const auto text = text_of(value, scratch);
  const auto number = text ? storage::parse_coordinate(*text) : std::nullopt;
  if (!number || std::isnan(*number)) return false;  // NaN lies nowhere
  if (coordinates_++ > 0) text_ += ',';
  text_ += *text;
  return true;
}

}  // namespace sarsen::ingest
