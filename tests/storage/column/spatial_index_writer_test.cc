#include "storage/column/spatial_index_writer.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <limits>
#include <random>

#include "storage/column/coordinates.h"
#include "storage/column/spatial_index.h"
#include "storage/segment/mapped_segment.h"
#include "tests/support/checkout.h"

namespace sarsen::storage {
namespace {

namespace fs = std::filesystem;
using Rows = std::vector<std::uint32_t>;
using Words = std::vector<std::uint64_t>;

struct Placed {
  SpatialTree::Coordinates at;
  Rows rows;
};

std::vector<std::byte> written(const std::vector<Placed>& points, const IndexSpec& spec) {
  SpatialTree tree;
  for (std::uint32_t i = 0; i < points.size(); ++i) tree.insert(points[i].at, i);
  ByteWriter out;
  write_spatial_index(
      tree, [&](std::uint32_t point) { return std::span<const std::uint32_t>(points[point].rows); }, spec, out);
  EXPECT_EQ(load_be<std::uint32_t>(out.view().data()) + 4, out.size());
  return {out.view().begin() + 4, out.view().end()};
}

/// Many places, some of them the same, of some rows each.
std::vector<Placed> random_points(std::uint32_t count, std::uint32_t row_count) {
  std::mt19937 random(11);
  std::uniform_real_distribution<float> anywhere(-100, 100);
  std::vector<Placed> points;
  for (std::uint32_t i = 0; i < count; ++i) {
    SpatialTree::Coordinates at{anywhere(random), anywhere(random)};
    if (i % 50 == 1) at = points[random() % i].at;
    if (i % 97 == 3) at = {0.0F, -0.0F};
    if (i == 500) at[0] = std::numeric_limits<float>::infinity();
    points.push_back({.at = at, .rows = {}});
  }
  for (std::uint32_t row = 0; row < row_count; ++row) points[random() % count].rows.push_back(row);
  return points;
}

Words rows_in(const std::vector<Placed>& points, const SpatialArea& area, std::uint32_t row_count) {
  Words words((row_count + 63) / 64);
  for (const Placed& point : points)
    if (area.contains(point.at))
      for (const std::uint32_t row : point.rows) words[row / 64] |= 1ULL << row % 64;
  return words;
}

TEST(SpatialIndexWriter, WritesTreesThatFindWhatLiesInAnArea) {
  constexpr std::uint32_t kRows = 100'000;
  const std::vector<Placed> points = random_points(20'000, kRows);
  for (const BitmapEncoding encoding : {BitmapEncoding::kRoaring, BitmapEncoding::kConcise}) {
    const std::vector<std::byte> bytes = written(points, {.bitmap = encoding});
    const SpatialIndex index(bytes, encoding, kRows, {"file", "x", ""});
    EXPECT_EQ(index.dimension_count(), 2u);
    EXPECT_EQ(index.statistics().points, points.size());
    EXPECT_EQ(index.statistics().point_rows, kRows);
    EXPECT_LE(index.statistics().children_max, 50u);
    EXPECT_GE(index.statistics().depth, 3u);
    const std::unique_ptr<SpatialArea> areas[] = {
        std::make_unique<SpatialRectangle>(std::vector<float>{-10, -20}, std::vector<float>{15, 0}),
        std::make_unique<SpatialRectangle>(std::vector<float>{-200, -200}, std::vector<float>{200, 200}),
        std::make_unique<SpatialRectangle>(std::vector<float>{0, 0}, std::vector<float>{0, 0}),
        std::make_unique<SpatialRectangle>(std::vector<float>{100, -200},
                                           std::vector<float>{std::numeric_limits<float>::infinity(), 200}),
        std::make_unique<SpatialCircle>(std::vector<float>{50, 50}, 12.5F),
        std::make_unique<SpatialPolygon>(std::vector<double>{-80, 60, 10}, std::vector<double>{-90, -20, 90}),
    };
    for (const auto& area : areas) {
      Words found((kRows + 63) / 64);
      index.or_into(*area, found);
      EXPECT_EQ(found, rows_in(points, *area, kRows));
    }
  }
}

TEST(SpatialIndexWriter, WritesOnePoint) {
  const std::vector<std::byte> bytes = written({{.at = {1.5F, -2}, .rows = {3, 5}}}, {});
  const SpatialIndex index(bytes, BitmapEncoding::kRoaring, 6, {"file", "x", ""});
  EXPECT_EQ(index.statistics().leaves, 1u);
  index.visit([&](const SpatialPoint& point) {
    EXPECT_EQ(std::vector<float>(point.coordinates.begin(), point.coordinates.end()), (std::vector<float>{1.5F, -2}));
    Words words(1);
    index.or_into(point, words);
    EXPECT_EQ(words, (Words{0b101000}));
  });
}

/// Splits are decided as Druid decides them: its trees come out the same.
TEST(SpatialIndexWriter, WritesDruidsTrees) {
  std::vector<fs::path> folders{source_folder() / "tests/golden/segments/druid-0.7.0-spatial"};
  for (const char* version : {"0.9.2", "37.0.0"})
    if (const fs::path folder = shared_folder() / "data/druid-segments" / version / "spatial"; fs::is_directory(folder))
      folders.push_back(folder);
  for (const fs::path& folder : folders) {
    SCOPED_TRACE(folder);
    const auto segment = open_segment(folder);
    const Column& column = *segment->column("spot");
    std::vector<Placed> points;
    std::vector<std::size_t> point_of(column.dictionary()->size(), SIZE_MAX);
    for (std::uint32_t id = 0; id < column.dictionary()->size(); ++id)
      if (const auto text = column.dictionary()->value(id))
        if (const auto point = parse_point(*text, 2)) {
          point_of[id] = points.size();
          points.push_back({.at = {(*point)[0], (*point)[1]}, .rows = {}});
        }
    std::vector<std::uint32_t> scratch(column.row_count());
    const std::uint32_t* ids = column.string_reader()->read_ids(0, column.row_count(), scratch.data());
    for (std::uint32_t row = 0; row < column.row_count(); ++row)
      if (point_of[ids[row]] != SIZE_MAX) points[point_of[ids[row]]].rows.push_back(row);

    const BitmapEncoding encoding =
        column.encoding().find("roaring") != std::string::npos ? BitmapEncoding::kRoaring : BitmapEncoding::kConcise;
    IndexSpec spec = IndexSpec::druid();
    spec.bitmap = encoding;
    const std::vector<std::byte> bytes = written(points, spec);
    const SpatialIndex made(bytes, encoding, column.row_count(), {"file", "spot", ""});
    const SpatialIndex& druids = *column.spatial_index();
    EXPECT_EQ(made.size_bytes(), druids.size_bytes());
    EXPECT_EQ(made.statistics().leaves, druids.statistics().leaves);
    EXPECT_EQ(made.statistics().bitmap_bytes, druids.statistics().bitmap_bytes);
    const auto in_order = [](const SpatialIndex& index) {
      std::vector<std::vector<float>> places;
      index.visit(
          [&](const SpatialPoint& point) { places.emplace_back(point.coordinates.begin(), point.coordinates.end()); });
      return places;
    };
    EXPECT_EQ(in_order(made), in_order(druids));
  }
}

TEST(Coordinates, AreNumbersWithCommasBetween) {
  EXPECT_EQ(parse_coordinates("1.5, -2"), (std::vector<float>{1.5F, -2}));
  EXPECT_EQ(parse_coordinates("1,2,3"), (std::vector<float>{1, 2, 3}));
  for (const char* text : {"", "1,", "1,,2", "north,2", ","}) EXPECT_EQ(parse_coordinates(text), std::nullopt) << text;
  EXPECT_EQ(parse_point("1,2", 2), (std::vector<float>{1, 2}));
  EXPECT_EQ(parse_point("1,2,3", 2), std::nullopt);
  EXPECT_EQ(parse_point("1,NaN", 2), std::nullopt);
}

}  // namespace
}  // namespace sarsen::storage
