#include "storage/bitmap/bitmap_writer.h"

#include "storage/bitmap/roaring_writer.h"

namespace sarsen::storage {

std::string_view bitmap_json(BitmapEncoding encoding) noexcept {
  switch (encoding) {
    case BitmapEncoding::kConcise:
      return R"({"type":"concise"})";
    case BitmapEncoding::kRoaring:
      return R"({"type":"roaring"})";
  }
  return "";
}

void write_bitmap(BitmapEncoding encoding, std::span<const std::uint32_t> rows, ByteWriter& out) {
  if (encoding != BitmapEncoding::kRoaring)
    throw Error(ErrorCategory::kUnsupported, "Bitmaps are written as roaring, not as concise");
  if (!rows.empty()) write_roaring(rows, out);
}

}  // namespace sarsen::storage
