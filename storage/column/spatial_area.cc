#include "storage/column/spatial_area.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "storage/base/check.h"

namespace sarsen::storage {

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

std::vector<float> moved(std::vector<float> point, float distance) {
  for (float& coordinate : point) coordinate += distance;
  return point;
}

// To the next float outside: the box is of floats, the corners are doubles.
float floor_to_float(double value) { return std::nextafter(static_cast<float>(value), -kInfinity); }
float ceiling_to_float(double value) { return std::nextafter(static_cast<float>(value), kInfinity); }

bool between(double end, double other_end, double value) noexcept {
  const auto [least, greatest] = std::minmax(end, other_end);
  return least <= value && value <= greatest;
}

}  // namespace

SpatialRectangle::SpatialRectangle(std::vector<float> least, std::vector<float> greatest)
    : least_(std::move(least)), greatest_(std::move(greatest)) {
  DCHECK(least_.size() == greatest_.size());
}

bool SpatialRectangle::touches(std::span<const float> least, std::span<const float> greatest) const noexcept {
  for (std::size_t i = 0; i < least_.size(); ++i) {
    if (greatest[i] < least_[i] || least[i] > greatest_[i]) return false;
  }
  return true;
}

bool SpatialRectangle::contains(std::span<const float> point) const noexcept {
  for (std::size_t i = 0; i < least_.size(); ++i) {
    if (point[i] < least_[i] || point[i] > greatest_[i]) return false;
  }
  return true;
}

SpatialCircle::SpatialCircle(std::vector<float> centre, float radius)
    : SpatialRectangle(moved(centre, -radius), moved(centre, radius)), centre_(std::move(centre)), radius_(radius) {}

bool SpatialCircle::contains(std::span<const float> point) const noexcept {
  double sum = 0;
  for (std::size_t i = 0; i < centre_.size(); ++i) {
    const double distance = double{point[i] - centre_[i]};  // subtracted as floats, as Druid does
    sum += distance * distance;
  }
  return sum <= double{radius_} * double{radius_};
}

SpatialPolygon::SpatialPolygon(std::vector<double> x, std::vector<double> y)
    : SpatialRectangle({floor_to_float(*std::min_element(x.begin(), x.end())),
                        floor_to_float(*std::min_element(y.begin(), y.end()))},
                       {ceiling_to_float(*std::max_element(x.begin(), x.end())),
                        ceiling_to_float(*std::max_element(y.begin(), y.end()))}),
      x_(std::move(x)),
      y_(std::move(y)) {
  DCHECK(x_.size() == y_.size() && x_.size() > 2);
}

// Counts the edges to the left. A corner at the height of the point ends two edges and counts for both, as in Druid.
bool SpatialPolygon::contains(std::span<const float> point) const noexcept {
  const double x = double{point[0]};
  const double y = double{point[1]};
  bool inside = false;
  for (std::size_t i = 0, j = x_.size() - 1; i < x_.size(); j = i++) {
    if (x_[i] == x && y_[i] == y) return true;
    if (y_[i] == y_[j] && y_[j] == y && between(x_[i], x_[j], x)) return true;
    if (!between(y_[i], y_[j], y) || (x_[i] > x && x_[j] > x)) continue;
    const double crossing = x_[i] + (y - y_[i]) / (y_[j] - y_[i]) * (x_[j] - x_[i]);
    if (crossing == x) return true;
    if (crossing < x) inside = !inside;
  }
  return inside;
}

}  // namespace sarsen::storage
