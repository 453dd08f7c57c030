#include "storage/column/blob_column_writer.h"

#include <array>

namespace sarsen::storage {
namespace {

constexpr std::uint8_t kVersion = 1;

}  // namespace

void BlobColumnWriter::add(std::span<const std::byte> value) {
  std::array<std::byte, 8> end;
  end_ += value.size();
  store_le(end.data(), end_);
  offsets_.write(end);
  values_.write(value);
  ++count_;
}

void BlobColumnWriter::finish(const std::string& name, ColumnOutput& out) {
  offsets_.finish(out.add_file(name + "_offsets"));
  values_.finish(out.add_file(name + "_compressed"));
  ByteWriter& head = out.add_file(name);
  head.write_be(kVersion);
  head.write_be(count_);
}

}  // namespace sarsen::storage
