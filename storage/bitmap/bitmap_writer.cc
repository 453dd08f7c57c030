#include "storage/bitmap/bitmap_writer.h"

#include "storage/bitmap/concise_writer.h"
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

void write_bitmap(BitmapEncoding encoding, std::span<const std::uint32_t> rows, ByteWriter& out, RoaringForm form) {
  if (rows.empty()) return;
  switch (encoding) {
    case BitmapEncoding::kConcise:
      return write_concise(rows, out);
    case BitmapEncoding::kRoaring:
      return write_roaring(rows, out, form);
  }
}

}  // namespace sarsen::storage
