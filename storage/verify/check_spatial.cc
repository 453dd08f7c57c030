// The R-tree of coordinates: each point holds exactly the rows whose value it is. As with bitmaps, one set of bits
// serves all points: what a point adds is taken away row by row.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "storage/column/coordinates.h"
#include "storage/column/spatial_index.h"
#include "storage/verify/checks.h"

namespace sarsen::storage {
namespace {

using Coordinates = std::vector<float>;

class SpatialCheck {
 public:
  SpatialCheck(const CheckedColumn& checked, const RowsById& rows)
      : checked_(checked), rows_(rows), words_((rows.row_count() + std::size_t{63}) / 64) {
    const Dictionary& dictionary = *checked.column.dictionary();
    for (std::uint32_t id = 0; id < dictionary.size(); ++id)
      if (const auto value = dictionary.value(id))
        if (auto point = parse_point(*value, checked.column.spatial_index()->dimension_count()))
          wanted_[std::move(*point)].ids.push_back(id);
  }

  void check() {
    const SpatialIndex& index = *checked_.column.spatial_index();
    index.visit([&](const SpatialPoint& point) { add(point); });
    for (const auto& [coordinates, wanted] : wanted_) {
      for (const SpatialPoint& point : wanted.points) index.or_into(point, words_);
      for (const std::uint32_t id : wanted.ids) wanted.points.empty() ? check_absent(id) : take_rows(id);
    }
    for (std::size_t word = 0; word < words_.size(); ++word)
      if (words_[word] != 0)
        return damage(fmt::format("a row from {} on is at a point that is not its value", 64 * word));
  }

 private:
  /// Several texts may say the same place, and have a point each.
  struct Wanted {
    std::vector<std::uint32_t> ids;
    std::vector<SpatialPoint> points;  // their bitmaps
  };

  void add(const SpatialPoint& point) {
    const Coordinates coordinates(point.coordinates.begin(), point.coordinates.end());
    // Druid makes points of NaN, which nothing finds.
    if (std::any_of(coordinates.begin(), coordinates.end(), [](float one) { return std::isnan(one); })) return;
    const auto found = wanted_.find(coordinates);
    if (found == wanted_.end()) return damage("a point has coordinates that no value has");
    found->second.points.push_back({.coordinates = {}, .bitmap = point.bitmap});
  }

  void check_absent(std::uint32_t id) {
    if (!rows_.rows(id).empty()) damage(fmt::format("no point has the rows of value {}", id));
  }

  void take_rows(std::uint32_t id) {
    for (const std::uint32_t row : rows_.rows(id)) {
      const std::uint64_t bit = 1ULL << row % 64;
      if ((words_[row / 64] & bit) == 0) damage(fmt::format("row {} is not at the point that is its value", row));
      words_[row / 64] &= ~bit;
    }
  }

  void damage(std::string problem) { checked_.findings.damage(checked_.name, "spatial", std::move(problem)); }

  const CheckedColumn& checked_;
  const RowsById& rows_;
  std::vector<std::uint64_t> words_;
  std::map<Coordinates, Wanted> wanted_;
};

}  // namespace

void check_spatial(const CheckedColumn& checked, const RowsById& rows) { SpatialCheck(checked, rows).check(); }

}  // namespace sarsen::storage
