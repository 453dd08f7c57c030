#include "storage/column/spatial_index_writer.h"

#include <algorithm>
#include <vector>

#include "storage/base/error.h"

namespace sarsen::storage {
namespace {

constexpr std::uint8_t kVersion = 0;
constexpr std::uint16_t kLeaf = 0x8000;

class TreeWriter {
 public:
  using RowsOf = std::function<std::span<const std::uint32_t>(std::uint32_t point)>;
  TreeWriter(const RowsOf& rows_of, const IndexSpec& spec, ByteWriter& out)
      : rows_of_(rows_of), spec_(spec), out_(out), begin_(out.size()) {}

  void write(const SpatialTree& tree) {
    out_.write_be(kVersion);
    out_.write_be(static_cast<std::uint32_t>(SpatialTree::kDimensions));
    write(tree.root());
  }

 private:
  void write(const SpatialTree::Node& node) {
    out_.write_be(static_cast<std::uint16_t>((node.leaf ? kLeaf : 0U) | node.children.size()));
    for (const float coordinate : node.least) out_.write_be(coordinate);
    for (const float coordinate : node.greatest) out_.write_be(coordinate);
    write_rows(node);
    std::size_t slot = out_.size();
    out_.extend(sizeof(std::uint32_t) * node.children.size());
    for (const SpatialTree::Node* child : node.children) {
      out_.patch_be(slot, static_cast<std::uint32_t>(out_.size() - begin_));
      slot += sizeof(std::uint32_t);
      write(*child);
    }
  }

  void write_rows(const SpatialTree::Node& node) {
    rows_.clear();
    for (const std::uint32_t point : node.points) {
      const std::span<const std::uint32_t> rows = rows_of_(point);
      rows_.insert(rows_.end(), rows.begin(), rows.end());
    }
    std::sort(rows_.begin(), rows_.end());
    rows_.erase(std::unique(rows_.begin(), rows_.end()), rows_.end());  // a row may hold several values
    const std::size_t slot = out_.size();
    out_.extend(sizeof(std::uint32_t));
    // Trees have runs whatever the index spec says of bitmaps.
    const RoaringForm form = spec_.druid_bytes ? RoaringForm::kDruids : RoaringForm::kSmallest;
    if (rows_.empty() && spec_.bitmap == BitmapEncoding::kRoaring)
      write_empty_roaring();
    else
      write_bitmap(spec_.bitmap, rows_, out_, form);
    out_.patch_be(slot, static_cast<std::uint32_t>(out_.size() - slot - sizeof(std::uint32_t)));
  }

  /// Java's library has a header for what write_bitmap has no bytes for.
  void write_empty_roaring() {
    constexpr std::uint32_t kCookie = 12346;
    out_.write_le(kCookie);
    out_.write_le(std::uint32_t{0});
  }

  const RowsOf& rows_of_;
  const IndexSpec& spec_;
  ByteWriter& out_;
  const std::size_t begin_;
  std::vector<std::uint32_t> rows_;
};

}  // namespace

void write_spatial_index(const SpatialTree& tree,
                         const std::function<std::span<const std::uint32_t>(std::uint32_t point)>& rows,
                         const IndexSpec& spec, ByteWriter& out) {
  DCHECK(!tree.empty());
  const std::size_t size_at = out.size();
  out.extend(sizeof(std::uint32_t));
  TreeWriter(rows, spec, out).write(tree);
  const std::size_t size = out.size() - size_at - sizeof(std::uint32_t);
  if (size > INT32_MAX)
    throw Error(ErrorCategory::kUnsupported, "a spatial index of " + std::to_string(size) +
                                                 " bytes has no form in a segment: make segments of fewer rows");
  out.patch_be(size_at, static_cast<std::uint32_t>(size));
}

}  // namespace sarsen::storage
