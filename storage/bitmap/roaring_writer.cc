#include "storage/bitmap/roaring_writer.h"

#include <roaring/roaring.h>

#include <algorithm>
#include <memory>
#include <new>

namespace sarsen::storage {
namespace {

struct FreeBitmap {
  void operator()(roaring_bitmap_t* bitmap) const noexcept { roaring_bitmap_free(bitmap); }
};

}  // namespace

void write_roaring(std::span<const std::uint32_t> rows, ByteWriter& out) {
  DCHECK(!rows.empty());
  DCHECK(std::is_sorted(rows.begin(), rows.end(), std::less_equal<>()));
  const std::unique_ptr<roaring_bitmap_t, FreeBitmap> bitmap(roaring_bitmap_of_ptr(rows.size(), rows.data()));
  if (!bitmap) throw std::bad_alloc();
  roaring_bitmap_run_optimize(bitmap.get());
  char* target = reinterpret_cast<char*>(out.extend(roaring_bitmap_portable_size_in_bytes(bitmap.get())));
  roaring_bitmap_portable_serialize(bitmap.get(), target);
}

}  // namespace sarsen::storage
