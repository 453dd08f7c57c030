// The R-tree of coordinates: each point holds exactly the rows whose value it is. As with bitmaps, one set of bits
// serves all points: what a point adds is taken away row by row.
#include <fmt/format.h>

#include <charconv>
#include <map>

#include "storage/column/spatial_index.h"
#include "storage/verify/checks.h"

namespace sarsen::storage {
namespace {

using Coordinates = std::vector<float>;

/// "37.7,-122.4"; empty where the value is no list of numbers.
Coordinates parse(std::string_view text) {
  Coordinates coordinates;
  while (true) {
    const std::size_t end = std::min(text.find(','), text.size());
    float value = 0;
    const auto [at, error] = std::from_chars(text.data(), text.data() + end, value);
    if (error != std::errc() || at != text.data() + end) return {};
    coordinates.push_back(value);
    if (end == text.size()) return coordinates;
    text.remove_prefix(end + 1);
  }
}

class SpatialCheck {
 public:
  SpatialCheck(const CheckedColumn& checked, const RowsById& rows)
      : checked_(checked), rows_(rows), words_((rows.row_count() + std::size_t{63}) / 64) {
    const Dictionary& dictionary = *checked.column.dictionary();
    for (std::uint32_t id = 0; id < dictionary.size(); ++id)
      if (const auto value = dictionary.value(id))
        if (Coordinates coordinates = parse(*value);
            coordinates.size() == checked.column.spatial_index()->dimension_count())
          wanted_[std::move(coordinates)].push_back(id);
  }

  void check(const SpatialPoint& point) {
    const Coordinates coordinates(point.coordinates.begin(), point.coordinates.end());
    checked_.column.spatial_index()->or_into(point, words_);
    const auto found = wanted_.find(coordinates);
    if (found == wanted_.end()) return damage("a point has coordinates that no value has");
    for (const std::uint32_t id : found->second) take_rows(id);
    wanted_.erase(found);
  }

  void check_rest() {
    for (const auto& [coordinates, ids] : wanted_)
      for (const std::uint32_t id : ids)
        if (!rows_.rows(id).empty()) damage(fmt::format("no point has the rows of value {}", id));
    for (std::size_t word = 0; word < words_.size(); ++word)
      if (words_[word] != 0)
        return damage(fmt::format("a row from {} on is at a point that is not its value", 64 * word));
  }

 private:
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
  std::map<Coordinates, std::vector<std::uint32_t>> wanted_;
};

}  // namespace

void check_spatial(const CheckedColumn& checked, const RowsById& rows) {
  SpatialCheck check(checked, rows);
  checked.column.spatial_index()->visit([&](const SpatialPoint& point) { check.check(point); });
  check.check_rest();
}

}  // namespace sarsen::storage
