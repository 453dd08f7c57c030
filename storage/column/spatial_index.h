#pragma once
// The R-tree of a column of coordinates, read straight from the mapped bytes: inner nodes hold boxes around their
// children, leaves hold points, a point holds the rows that lie there. Opening proves the whole tree: every node lies
// inside the bytes, behind its parent and its elder siblings, so that there is no cycle and no node with two parents.
// Rows are taken from points only: the bitmaps of other nodes may lack some, in segments of every version.
//
// Format: storage/FORMAT.md, "Spatial index". Thread safety: const methods from any thread.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "storage/base/byte_reader.h"
#include "storage/bitmap/bitmap.h"
#include "storage/column/place.h"
#include "storage/column/spatial_area.h"

namespace sarsen::storage {

struct SpatialPoint {
  std::span<const float> coordinates;
  std::span<const std::byte> bitmap;  // of its rows
};

class SpatialIndex {
 public:
  struct Statistics {
    std::uint32_t inner_nodes = 0;
    std::uint32_t leaves = 0;
    std::uint32_t points = 0;
    std::uint32_t depth = 0;         // levels of nodes, the points not counted
    std::uint32_t children_max = 0;  // of any node
    std::uint64_t point_rows = 0;    // the sum of the points' rows
    std::size_t bitmap_bytes = 0;    // of all nodes and points
  };

  /// Throws where the bytes are no tree, with `place`.
  SpatialIndex(std::span<const std::byte> bytes, BitmapEncoding encoding, std::uint32_t row_count, Place place);

  std::uint32_t dimension_count() const noexcept { return dimension_count_; }
  std::size_t size_bytes() const noexcept { return bytes_.size(); }
  const Statistics& statistics() const noexcept { return statistics_; }

  using Visit = std::function<void(const SpatialPoint& point)>;
  /// All points, in the order of the tree. The point is valid during the call.
  void visit(const Visit& action) const { visit(nullptr, action); }
  /// The points of `area`.
  void visit(const SpatialArea& area, const Visit& action) const { visit(&area, action); }

  /// Sets the bits of the rows of `point`. REQUIRES: `words` covers the column's rows. Throws on corrupt bytes.
  void or_into(const SpatialPoint& point, std::span<std::uint64_t> words) const;
  /// Sets the bits of all rows in `area`.
  void or_into(const SpatialArea& area, std::span<std::uint64_t> words) const;

 private:
  struct Node {
    bool leaf;
    std::vector<float> box;  // least coordinates, then the greatest
    std::span<const std::byte> bitmap;
    std::span<const std::byte> children;  // i32 BE each: where it begins
    std::size_t end;                      // of its own bytes

    std::span<const float> least() const { return std::span(box).first(box.size() / 2); }
    std::span<const float> greatest() const { return std::span(box).last(box.size() / 2); }
    std::size_t child_count() const { return children.size() / 4; }
    std::size_t child(std::size_t index) const { return load_be<std::uint32_t>(children.data() + 4 * index); }
  };

  Node read_node(std::size_t offset) const;
  std::size_t prove(std::size_t offset, std::uint32_t level);
  std::size_t prove_point(std::size_t offset);
  void visit(const SpatialArea* area, const Visit& action) const;
  void visit(const Node& node, const SpatialArea* area, const Visit& action) const;

  std::span<const std::byte> bytes_;
  BitmapEncoding encoding_;
  std::uint32_t row_count_;
  Place place_;
  std::uint32_t dimension_count_ = 0;
  Statistics statistics_;
};

}  // namespace sarsen::storage
