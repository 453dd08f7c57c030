// spatial: the column's coordinates lie in an area. A spatial index is asked where the column has one; else the text
// "1.5,2" of each dictionary entry is read.

#include <algorithm>

#include "engine/filter/leaf_matcher.h"
#include "engine/kernels/kernels.h"
#include "engine/vector/row_mask.h"
#include "storage/column/coordinates.h"
#include "storage/column/spatial_area.h"
#include "storage/column/spatial_index.h"

namespace sarsen::engine {
namespace {

using AreaPtr = std::shared_ptr<const storage::SpatialArea>;

/// By the index where nothing is unknown, else by text.
class SpatialMatcher final : public FilterMatcher {
 public:
  SpatialMatcher(const storage::SpatialIndex& index, const storage::SpatialArea& area, std::uint32_t row_count,
                 std::unique_ptr<FilterMatcher> by_text)
      : rows_(mask_words(row_count)), by_text_(std::move(by_text)) {
    index.or_into(area, rows_);
    cost_ = kernels::mask_count(rows_.data(), rows_.size());
  }

  void match(std::uint32_t begin, std::uint32_t size, bool include_unknown, std::uint64_t* mask) override {
    by_text_->match(begin, size, include_unknown, mask);
  }

  std::optional<std::uint64_t> index_cost(bool include_unknown) const override {
    return include_unknown ? by_text_->index_cost(true) : std::optional<std::uint64_t>(cost_);
  }

  void index_rows(bool include_unknown, std::span<std::uint64_t> rows) const override {
    if (include_unknown) return by_text_->index_rows(true, rows);
    std::copy(rows_.begin(), rows_.end(), rows.begin());
  }

 private:
  std::vector<std::uint64_t> rows_;
  std::uint64_t cost_ = 0;
  std::unique_ptr<FilterMatcher> by_text_;
};

class Spatial final : public Filter {
 public:
  Spatial(std::string dimension, AreaPtr area) : dimension_(std::move(dimension)), area_(std::move(area)) {}

  std::unique_ptr<FilterMatcher> bind(ColumnSources& columns, const FilterUse& use) const override {
    auto by_text = bind_text_leaf(columns, dimension_, use, nullptr, unknown_if_null([area = area_](auto text) {
                                    const std::optional<std::vector<float>> point = storage::parse_coordinates(text);
                                    return point && point->size() == area->dimension_count() && area->contains(*point);
                                  }));
    const storage::Column* stored = columns.stored(dimension_);
    const storage::SpatialIndex* index = stored != nullptr ? stored->spatial_index() : nullptr;
    if (index == nullptr || use.by_row) return by_text;
    return std::make_unique<SpatialMatcher>(*index, *area_, use.row_count, std::move(by_text));
  }

 private:
  std::string dimension_;
  AreaPtr area_;
};

template <class T>
std::vector<T> parse_numbers(const JsonField& list) {
  if (!list.present()) list.fail("is required: a list of numbers");
  std::vector<T> numbers;
  for (const JsonField& element : list.elements()) numbers.push_back(static_cast<T>(element.number()));
  if (numbers.empty()) list.fail("must not be empty");
  return numbers;
}

AreaPtr parse_rectangle(const JsonField& json) {
  std::vector<float> least = parse_numbers<float>(json["minCoords"]);
  std::vector<float> greatest = parse_numbers<float>(json["maxCoords"]);
  if (least.size() != greatest.size()) json["maxCoords"].fail("must have as many coordinates as minCoords");
  return std::make_shared<storage::SpatialRectangle>(std::move(least), std::move(greatest));
}

AreaPtr parse_polygon(const JsonField& json) {
  std::vector<double> x = parse_numbers<double>(json["abscissa"]);
  std::vector<double> y = parse_numbers<double>(json["ordinate"]);
  if (x.size() != y.size()) json["ordinate"].fail("must have as many numbers as abscissa");
  if (x.size() < 3) json["abscissa"].fail("a polygon has three corners or more");
  return std::make_shared<storage::SpatialPolygon>(std::move(x), std::move(y));
}

AreaPtr parse_area(const JsonField& json) {
  if (!json.present()) json.fail("is required: an area");
  const JsonField type_field = json["type"];
  const std::string type = type_field.string();
  if (type == "rectangular") return parse_rectangle(json);
  if (type == "polygon") return parse_polygon(json);
  if (type == "radius")
    return std::make_shared<storage::SpatialCircle>(parse_numbers<float>(json["coords"]),
                                                    static_cast<float>(json["radius"].number()));
  type_field.fail("unknown area type \"" + type + "\"; use rectangular, radius or polygon");
}

FilterPtr parse_spatial(const JsonField& json) {
  return std::make_shared<Spatial>(json["dimension"].string(), parse_area(json["bound"]));
}

}  // namespace

void register_spatial(FilterRegistry& registry) {
  registry.add({.type = "spatial", .parse = parse_spatial, .doc = "`dimension` lies in the area `bound`."});
}

}  // namespace sarsen::engine
