#include "storage/column/numeric_column_writer.h"

#include <bit>
#include <vector>

#include "storage/column/block_layout_writer.h"
#include "storage/column/column_descriptor_writer.h"

namespace sarsen::storage {
namespace {

constexpr std::uint8_t kVersion = 2;

struct TypeNames {
  std::string_view value_type;
  std::string_view part_type;
};

template <class T>
constexpr TypeNames kTypeNames;
template <>
constexpr TypeNames kTypeNames<std::int64_t>{"LONG", "longV2"};
template <>
constexpr TypeNames kTypeNames<float>{"FLOAT", "floatV2"};
template <>
constexpr TypeNames kTypeNames<double>{"DOUBLE", "doubleV2"};

template <class T>
void fill_values(std::span<const T> values, std::byte* target) {
  for (const T value : values) {
    store_le(target, value);
    target += sizeof(T);
  }
}

template <class T>
void write_values(std::span<const T> values, CodecId compression, ByteWriter& out) {
  const bool blocks = compression != CodecId::kNone;
  const BlockLayout layout{.value_width = sizeof(T), .values_per_block = kBlockBytesMax / sizeof(T)};
  out.write_be(kVersion);
  out.write_be(static_cast<std::uint32_t>(values.size()));
  out.write_be(static_cast<std::uint32_t>(blocks ? layout.values_per_block : 0));
  out.write_be(static_cast<std::uint8_t>(compression));
  if (!blocks) return fill_values(values, out.extend(values.size_bytes()));
  const FillBlock fill = [&](std::size_t begin, std::size_t count, std::byte* block) {
    fill_values(values.subspan(begin, count), block);
  };
  write_blocks(compression, layout, values.size(), fill, out);
}

std::vector<std::uint32_t> rows_of(std::span<const std::uint64_t> words, std::size_t row_count) {
  std::vector<std::uint32_t> rows;
  for (std::size_t word = 0; word < words.size(); ++word)
    for (std::uint64_t bits = words[word]; bits != 0; bits &= bits - 1) {
      const std::size_t row = 64 * word + static_cast<std::size_t>(std::countr_zero(bits));
      if (row < row_count) rows.push_back(static_cast<std::uint32_t>(row));
    }
  return rows;
}

/// Appends `write`'s bytes behind their count.
template <class Write>
void write_sized(Write&& write, ByteWriter& out) {
  const std::size_t size_offset = out.size();
  out.write_be<std::uint32_t>(0);
  write();
  const std::size_t size = out.size() - size_offset - 4;
  if (size > INT32_MAX) throw Error(ErrorCategory::kUnsupported, "The values of the column are larger than 2 GiB");
  out.patch_be(size_offset, static_cast<std::uint32_t>(size));
}

}  // namespace

template <class T>
void write_numeric_column(const NumericColumnData<T>& column, const IndexSpec& spec, ByteWriter& out) {
  write_numeric_descriptor(kTypeNames<T>.value_type, kTypeNames<T>.part_type, spec.bitmap, out);
  write_sized([&] { write_values(column.values, spec.metric_compression, out); }, out);
  const std::vector<std::uint32_t> nulls = rows_of(column.nulls, column.values.size());
  if (nulls.empty()) return;  // Not even a size: its presence says that there are nulls.
  write_sized([&] { write_bitmap(spec.bitmap, nulls, out); }, out);
}

template void write_numeric_column(const NumericColumnData<std::int64_t>&, const IndexSpec&, ByteWriter&);
template void write_numeric_column(const NumericColumnData<float>&, const IndexSpec&, ByteWriter&);
template void write_numeric_column(const NumericColumnData<double>&, const IndexSpec&, ByteWriter&);

}  // namespace sarsen::storage
