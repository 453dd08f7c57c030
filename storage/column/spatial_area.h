#pragma once
// Areas that a spatial index is asked for, with Druid's rules for what lies on the border. Thread safety: values.

#include <cstdint>
#include <span>
#include <vector>

namespace sarsen::storage {

class SpatialArea {
 public:
  virtual ~SpatialArea() = default;
  /// Coordinates of a point. An index of another number of dimensions holds no point of this area.
  virtual std::uint32_t dimension_count() const noexcept = 0;
  /// False only where no point of the box from `least` to `greatest`, borders included, lies in the area.
  virtual bool touches(std::span<const float> least, std::span<const float> greatest) const noexcept = 0;
  virtual bool contains(std::span<const float> point) const noexcept = 0;
};

/// The borders belong to it.
class SpatialRectangle : public SpatialArea {
 public:
  /// REQUIRES: as many coordinates in `greatest` as in `least`.
  SpatialRectangle(std::vector<float> least, std::vector<float> greatest);

  std::uint32_t dimension_count() const noexcept final { return static_cast<std::uint32_t>(least_.size()); }
  bool touches(std::span<const float> least, std::span<const float> greatest) const noexcept final;
  bool contains(std::span<const float> point) const noexcept override;

 private:
  std::vector<float> least_;
  std::vector<float> greatest_;
};

/// All points no farther than `radius` from the centre, in the units of the coordinates.
class SpatialCircle final : public SpatialRectangle {
 public:
  SpatialCircle(std::vector<float> centre, float radius);
  bool contains(std::span<const float> point) const noexcept override;

 private:
  std::vector<float> centre_;
  float radius_;
};

/// Two dimensions; an edge from each corner to the next and from the last to the first. Corners and edges belong to it.
class SpatialPolygon final : public SpatialRectangle {
 public:
  /// REQUIRES: three corners or more, and as many of `y` as of `x`.
  SpatialPolygon(std::vector<double> x, std::vector<double> y);
  bool contains(std::span<const float> point) const noexcept override;

 private:
  std::vector<double> x_;
  std::vector<double> y_;
};

}  // namespace sarsen::storage
