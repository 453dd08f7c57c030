#include "storage/column/spatial_index.h"

#include <algorithm>
#include <string>
#include <utility>

#include "storage/base/check.h"

namespace sarsen::storage {

namespace {

constexpr std::uint8_t kVersion = 0;
constexpr std::uint16_t kLeaf = 0x8000;
constexpr std::uint32_t kDimensionsMask = 0x7FFF;
constexpr std::size_t kRoot = 5;          // behind version and number of dimensions
constexpr std::uint32_t kLevelsMax = 64;  // Druid's nodes have up to 50 children: a few levels hold all there can be
constexpr std::size_t kChildBytes = 4;

}  // namespace

SpatialIndex::SpatialIndex(std::span<const std::byte> bytes, BitmapEncoding encoding, std::uint32_t row_count,
                           Place place)
    : bytes_(bytes), encoding_(encoding), row_count_(row_count), place_(std::move(place)) {
  at_place(place_, [&] {
    ByteReader reader(bytes_, "spatial index");
    const std::uint8_t version = reader.read_byte();
    if (version != kVersion)
      throw Error(ErrorCategory::kUnsupported, "spatial index of unknown version " + std::to_string(version));
    dimension_count_ = reader.read_be<std::uint32_t>() & kDimensionsMask;
    reader.check(dimension_count_ > 0, "no dimensions");
    prove(kRoot, 1);
  });
}

SpatialIndex::Node SpatialIndex::read_node(std::size_t offset) const {
  ByteReader reader(bytes_, "node of a spatial index");
  reader.seek(offset);
  Node node;
  const std::uint16_t header = reader.read_be<std::uint16_t>();
  node.leaf = (header & kLeaf) != 0;
  ByteReader box = reader.reader(2 * sizeof(float) * dimension_count_, "box of a node");
  node.box.resize(2 * std::size_t{dimension_count_});
  for (float& coordinate : node.box) coordinate = box.read_be<float>();
  node.bitmap = reader.bytes(reader.read_be<std::uint32_t>());
  node.children = reader.bytes(kChildBytes * (header & ~kLeaf & 0xFFFFU));
  node.end = reader.position();
  return node;
}

// Returns where the node's last descendant ends. A child must begin behind all that was read before: so every byte
// belongs to one node at most, and the walk ends.
std::size_t SpatialIndex::prove(std::size_t offset, std::uint32_t level) {
  check_format(level <= kLevelsMax, "spatial index: too many levels");
  const Node node = read_node(offset);
  ++(node.leaf ? statistics_.leaves : statistics_.inner_nodes);
  statistics_.depth = std::max(statistics_.depth, level);
  statistics_.children_max = std::max(statistics_.children_max, static_cast<std::uint32_t>(node.child_count()));
  statistics_.bitmap_bytes += node.bitmap.size();
  bitmap_cardinality(encoding_, node.bitmap);
  std::size_t end = node.end;
  for (std::size_t i = 0; i < node.child_count(); ++i) {
    check_format(node.child(i) >= end, "spatial index: a child begins before what precedes it ends");
    end = node.leaf ? prove_point(node.child(i)) : prove(node.child(i), level + 1);
  }
  return end;
}

std::size_t SpatialIndex::prove_point(std::size_t offset) {
  const Node point = read_node(offset);
  check_format(point.leaf && point.child_count() == 0, "spatial index: the child of a leaf is no point");
  check_format(std::equal(point.least().begin(), point.least().end(), point.greatest().begin(),
                          [](float left, float right) { return left == right || (left != left && right != right); }),
               "spatial index: a point of more than one place");
  ++statistics_.points;
  statistics_.point_rows += bitmap_cardinality(encoding_, point.bitmap);
  statistics_.bitmap_bytes += point.bitmap.size();
  return point.end;
}

void SpatialIndex::visit(const SpatialArea* area, const Visit& action) const {
  if (area != nullptr && area->dimension_count() != dimension_count_) return;
  visit(read_node(kRoot), area, action);
}

void SpatialIndex::visit(const Node& node, const SpatialArea* area, const Visit& action) const {
  for (std::size_t i = 0; i < node.child_count(); ++i) {
    const Node child = read_node(node.child(i));
    if (node.leaf) {
      if (area == nullptr || area->contains(child.least())) action({child.least(), child.bitmap});
    } else if (area == nullptr || area->touches(child.least(), child.greatest())) {
      visit(child, area, action);
    }
  }
}

void SpatialIndex::or_into(const SpatialPoint& point, std::span<std::uint64_t> words) const {
  DCHECK(words.size() * 64 >= row_count_);
  at_place(place_, [&] { bitmap_or_into(encoding_, point.bitmap, RowBits(words, row_count_)); });
}

void SpatialIndex::or_into(const SpatialArea& area, std::span<std::uint64_t> words) const {
  visit(area, [&](const SpatialPoint& point) { or_into(point, words); });
}

}  // namespace sarsen::storage
