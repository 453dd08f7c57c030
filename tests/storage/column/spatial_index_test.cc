#include "storage/column/spatial_index.h"

#include <gtest/gtest.h>

#include <charconv>
#include <filesystem>
#include <map>

#include "storage/base/byte_writer.h"
#include "storage/base/error.h"
#include "storage/bitmap/bitmap_writer.h"
#include "storage/segment/mapped_segment.h"
#include "tests/support/checkout.h"

namespace sarsen::storage {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::uint64_t>;
using Coordinates = std::vector<float>;

std::vector<fs::path> spatial_segments() {
  std::vector<fs::path> folders{source_folder() / "tests/golden/segments/druid-0.7.0-spatial"};
  for (const char* version : {"0.9.2", "37.0.0"}) {
    const fs::path folder = shared_folder() / "data/druid-segments" / version / "spatial";
    if (fs::is_directory(folder)) folders.push_back(folder);
  }
  return folders;
}

// "-42.5,-60.5"
Coordinates coordinates_of(std::string_view text) {
  Coordinates coordinates;
  while (!text.empty()) {
    const std::string_view number = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), number.size() + 1));
    coordinates.push_back(0);
    std::from_chars(number.data(), number.data() + number.size(), coordinates.back());
  }
  return coordinates;
}

// By the strings of the rows.
std::map<Coordinates, Words> rows_by_place(const Column& column) {
  std::map<Coordinates, Words> rows;
  const auto reader = column.string_reader();
  std::vector<std::uint32_t> scratch(1);
  for (std::uint32_t row = 0; row < column.row_count(); ++row) {
    const auto text = column.dictionary()->value(*reader->read_ids(row, 1, scratch.data()));
    if (!text || text->empty()) continue;
    Words& words = rows[coordinates_of(*text)];
    words.resize((column.row_count() + 63) / 64);
    words[row / 64] |= 1ULL << row % 64;
  }
  return rows;
}

TEST(SpatialIndex, HoldsTheRowsOfEachPlaceInSegmentsOfDruid) {
  for (const fs::path& folder : spatial_segments()) {
    SCOPED_TRACE(folder);
    const auto segment = open_segment(folder);
    const Column& column = *segment->column("spot");
    ASSERT_NE(column.spatial_index(), nullptr);
    EXPECT_EQ(segment->column("country")->spatial_index(), nullptr);
    const SpatialIndex& index = *column.spatial_index();
    std::map<Coordinates, Words> found;
    index.visit([&](const SpatialPoint& point) {
      Words words((column.row_count() + 63) / 64);
      index.or_into(point, words);
      const Coordinates place(point.coordinates.begin(), point.coordinates.end());
      EXPECT_TRUE(found.emplace(place, words).second) << "a place twice";
    });
    EXPECT_EQ(found, rows_by_place(column));
    EXPECT_EQ(index.dimension_count(), 2u);
    EXPECT_EQ(index.statistics().points, found.size());
    EXPECT_EQ(index.statistics().depth, 2u);
    EXPECT_EQ(index.statistics().inner_nodes, 1u);
    EXPECT_LE(index.statistics().children_max, 50u);
    EXPECT_EQ(column.encoding().substr(column.encoding().size() - 15), ", spatial index");
  }
}

TEST(SpatialIndex, FindsWhatLiesInAnArea) {
  const std::unique_ptr<SpatialArea> areas[] = {
      std::make_unique<SpatialRectangle>(Coordinates{-50, -70}, Coordinates{20, 80.5F}),
      std::make_unique<SpatialRectangle>(Coordinates{-42.5F, -60.5F}, Coordinates{-42.5F, -60.5F}),
      std::make_unique<SpatialRectangle>(Coordinates{1, 1}, Coordinates{0, 0}),
      std::make_unique<SpatialCircle>(Coordinates{-42.5F, -60.5F}, 60.0F),
      std::make_unique<SpatialPolygon>(std::vector<double>{-80, 60, 10}, std::vector<double>{-150, -20, 150}),
  };
  for (const fs::path& folder : spatial_segments()) {
    SCOPED_TRACE(folder);
    const auto segment = open_segment(folder);
    const Column& column = *segment->column("spot");
    for (const auto& area : areas) {
      Words wanted((column.row_count() + 63) / 64);
      for (const auto& [place, rows] : rows_by_place(column)) {
        if (!area->contains(place)) continue;
        for (std::size_t i = 0; i < rows.size(); ++i) wanted[i] |= rows[i];
      }
      Words found(wanted.size());
      column.spatial_index()->or_into(*area, found);
      EXPECT_EQ(found, wanted);
    }
    const SpatialRectangle of_three({-90, -180, 0}, {90, 180, 0});
    column.spatial_index()->visit(of_three, [](const SpatialPoint&) { FAIL() << "of two dimensions"; });
  }
}

TEST(SpatialArea, HoldsItsBorder) {
  const SpatialRectangle rectangle({0, 0}, {2, 1});
  EXPECT_TRUE(rectangle.contains(Coordinates{2, 1}));
  EXPECT_FALSE(rectangle.contains(Coordinates{2.0001F, 1}));
  EXPECT_TRUE(rectangle.touches(Coordinates{2, 1}, Coordinates{5, 5}));
  EXPECT_FALSE(rectangle.touches(Coordinates{2.5F, 0}, Coordinates{5, 5}));

  const SpatialCircle circle({1, 1}, 5);
  EXPECT_TRUE(circle.contains(Coordinates{4, 5}));
  EXPECT_FALSE(circle.contains(Coordinates{4.1F, 5}));
  EXPECT_TRUE(circle.touches(Coordinates{6, 6}, Coordinates{7, 7}));  // the box around it

  const SpatialPolygon triangle({0, 4, 0}, {0, 0, 4});
  for (const Coordinates& inside : {Coordinates{0, 0}, {2, 0}, {0, 2}, {2, 2}, {1, 1}, {0.5F, 3}})
    EXPECT_TRUE(triangle.contains(inside)) << inside[0] << ' ' << inside[1];
  for (const Coordinates& outside : {Coordinates{-1, 1}, {3, 3}, {5, 0}, {2, -0.5F}, {-1, 0}})
    EXPECT_FALSE(triangle.contains(outside)) << outside[0] << ' ' << outside[1];
}

// A tree built by hand: version, dimensions, nodes.
class Tree {
 public:
  Tree() {
    bytes_.write_be<std::uint8_t>(0);
    bytes_.write_be<std::uint32_t>(2);
  }

  /// Returns where the offsets of its children are to be put.
  std::size_t add(bool leaf, std::size_t children, float x, float y, std::string_view bitmap = {}) {
    bytes_.write_be(static_cast<std::uint16_t>((leaf ? 0x8000U : 0U) | children));
    for (const float coordinate : {x, y, x, y}) bytes_.write_be(coordinate);
    bytes_.write_be(static_cast<std::uint32_t>(bitmap.size()));
    bytes_.write(bitmap);
    bytes_.extend(4 * children);
    return bytes_.size() - 4 * children;
  }

  void set_child(std::size_t slot, std::size_t offset) { bytes_.patch_be(slot, static_cast<std::uint32_t>(offset)); }
  std::size_t size() const { return bytes_.size(); }
  ByteWriter& bytes() { return bytes_; }

  std::string problem() const {
    // Exactly as large: sanitizers see the first byte read past it.
    const std::vector<std::byte> exact(bytes_.view().begin(), bytes_.view().end());
    try {
      const SpatialIndex index(exact, BitmapEncoding::kRoaring, 64, {"file", "x", ""});
      index.visit([](const SpatialPoint&) {});
      return "";
    } catch (const Error& error) {
      return error.what();
    }
  }

 private:
  ByteWriter bytes_;
};

TEST(SpatialIndex, RefusesTreesThatAreNone) {
  Tree good;
  const std::size_t root = good.add(true, 2, 0, 0);
  good.set_child(root, good.size());
  good.add(true, 0, 1, 1);
  good.set_child(root + 4, good.size());
  good.add(true, 0, 2, 2);
  EXPECT_EQ(good.problem(), "");

  const auto with_second_child = [&](std::size_t offset) {
    Tree tree = good;
    tree.set_child(root + 4, offset);
    return tree.problem();
  };
  const std::string before = "file, column x: spatial index: a child begins before what precedes it ends";
  EXPECT_EQ(with_second_child(5), before);         // the root: a cycle
  EXPECT_EQ(with_second_child(root + 8), before);  // a child of two
  EXPECT_EQ(with_second_child(0xFFFFFFFF), "file, column x: truncated: node of a spatial index");
  EXPECT_EQ(with_second_child(good.size() - 1), "file, column x: truncated: node of a spatial index");

  Tree point_with_children = good;
  point_with_children.add(true, 1, 3, 3);
  point_with_children.set_child(root + 4, good.size());
  EXPECT_EQ(point_with_children.problem(), "file, column x: spatial index: the child of a leaf is no point");

  for (std::size_t size = 0; size < good.size(); ++size) {
    Tree cut = good;
    cut.bytes().truncate(size);
    EXPECT_NE(cut.problem(), "") << size;
  }
}

TEST(SpatialIndex, RefusesTreesWithoutEnd) {
  Tree tree;
  for (int level = 0; level < 100'000; ++level) {
    const std::size_t slot = tree.add(false, 1, 0, 0);
    tree.set_child(slot, tree.size());
  }
  tree.add(true, 0, 0, 0);
  EXPECT_EQ(tree.problem(), "file, column x: spatial index: too many levels");
}

TEST(SpatialIndex, RefusesBitmapsThatLie) {
  Tree tree;
  const std::size_t slot = tree.add(true, 1, 0, 0);
  tree.set_child(slot, tree.size());
  tree.add(true, 0, 1, 1, "no bitmap");
  EXPECT_NE(tree.problem(), "");
}

}  // namespace
}  // namespace sarsen::storage
