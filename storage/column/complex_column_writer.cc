#include "storage/column/complex_column_writer.h"

#include <vector>

#include "storage/base/json_writer.h"
#include "storage/column/blob_column_writer.h"
#include "storage/column/column_descriptor_writer.h"
#include "storage/column/generic_indexed_writer.h"
#include "storage/column/pair_column_writer.h"

namespace sarsen::storage {
namespace {

constexpr std::uint8_t kCompressed = 0x7F;
constexpr std::uint8_t kCompressedVersion = 0;
constexpr std::size_t kElementsBytesMax = INT32_MAX;

void write_elements(const ComplexColumnData& column, std::uint32_t row_count, ColumnOutput& out) {
  const OverflowFiles overflow{out, out.name() + ".complex_column"};
  GenericIndexedWriter values(out.bytes(), row_count, false, kElementsBytesMax, &overflow);
  bool compared = false;
  bool previous_present = false;
  for (std::uint32_t row = 0; row < row_count; ++row) {
    compared = compared || previous_present;
    const auto value = column.value(row);
    previous_present = value.has_value();
    values.add(value);
  }
  // Druid takes values for sorted until a comparison says otherwise. Nobody searches complex values, so none is made
  // here.
  if (!compared) values.mark_sorted();
  values.finish();
}

void write_compressed_head(const ColumnOutput& out, BitmapEncoding bitmap, bool has_nulls, ByteWriter& bytes) {
  JsonWriter json;
  json.begin_object().key("byteOrder").string("LITTLE_ENDIAN").key("bitmapSerdeFactory").raw(bitmap_json(bitmap));
  json.key("fileNameBase").string(out.name()).key("hasNulls").boolean(has_nulls).end_object();
  bytes.write_be(kCompressed);
  bytes.write_be(kCompressedVersion);
  write_sized_text(json.text(), bytes);
}

void write_compressed(const ComplexColumnData& column, std::uint32_t row_count, const IndexSpec& spec,
                      ColumnOutput& out) {
  BlobColumnWriter values(*spec.complex_metric_compression);
  std::vector<std::uint32_t> nulls;
  for (std::uint32_t row = 0; row < row_count; ++row) {
    const auto value = column.value(row);
    if (!value) nulls.push_back(row);
    values.add(value.value_or(std::span<const std::byte>()));
  }
  write_compressed_head(out, spec.bitmap, !nulls.empty(), out.bytes());
  values.finish(out.name() + ".__complexColumn", out);
  if (nulls.empty()) return;
  ByteWriter bitmap;
  write_bitmap(spec.bitmap, nulls, bitmap, spec.roaring_form());
  ByteWriter& file = out.add_file(out.name() + ".__nullIndex");
  file.write_be(static_cast<std::uint32_t>(bitmap.size()));
  file.write(bitmap.view());
}

bool compresses(std::string_view type, const std::optional<CodecId>& compression) {
  if (type == "serializablePairLongString") return false;  // It has a writer of its own in Druid, which does not ask.
  return compression && *compression != CodecId::kNone && *compression != CodecId::kUncompressed;
}

}  // namespace

void write_complex_column(const ComplexColumnData& column, std::uint32_t row_count, const IndexSpec& spec,
                          ColumnOutput& out) {
  write_complex_descriptor(column.type, out.bytes());
  if (is_number_pair(column.type)) return write_number_pairs(column, row_count, out.bytes());
  if (compresses(column.type, spec.complex_metric_compression)) return write_compressed(column, row_count, spec, out);
  write_elements(column, row_count, out);
}

}  // namespace sarsen::storage
