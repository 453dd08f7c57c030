#include "storage/bitmap/bitmap_writer.h"

#include "storage/bitmap/roaring_writer.h"

namespace sarsen::storage {

std::string_view bitmap_json(BitmapType type) noexcept {
  switch (type) {
    case BitmapType::kRoaring:
      return R"({"type":"roaring"})";
  }
  return "";
}

void write_bitmap(BitmapType type, std::span<const std::uint32_t> rows, ByteWriter& out) {
  if (rows.empty()) return;
  switch (type) {
    case BitmapType::kRoaring:
      return write_roaring(rows, out);
  }
}

}  // namespace sarsen::storage
