#include "storage/column/numeric_column_writer.h"

#include <bit>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include "storage/codec/long_encoding_writer.h"
#include "storage/column/block_layout_writer.h"
#include "storage/column/column_descriptor_writer.h"

namespace sarsen::storage {
namespace {

constexpr std::uint8_t kVersion = 2;

struct TypeNames {
  std::string_view value_type;
  std::string_view part_type;
  std::string_view overflow;  // what Druid calls the files of blocks that outgrow one
};

template <class T>
constexpr TypeNames kTypeNames;
template <>
constexpr TypeNames kTypeNames<std::int64_t>{"LONG", "longV2", ".long_column"};
template <>
constexpr TypeNames kTypeNames<float>{"FLOAT", "floatV2", ".float_column"};
template <>
constexpr TypeNames kTypeNames<double>{"DOUBLE", "doubleV2", ".double_column"};

template <class T>
void fill_values(std::span<const T> values, std::byte* target) {
  for (const T value : values) {
    store_le(target, value);
    target += sizeof(T);
  }
}

/// How the values of a column become bytes before compression: as they are, or encoded.
template <class T>
class Values {
 public:
  Values(std::span<const T> values, LongEncodingStrategy strategy) : values_(values) {
    if constexpr (std::is_same_v<T, std::int64_t>)
      if (strategy == LongEncodingStrategy::kAuto) encoder_ = choose_long_encoding(values);
  }

  std::size_t size() const { return values_.size(); }

  BlockLayout layout() const {
    if (!encoder_) return {.value_width = sizeof(T), .values_per_block = kBlockBytesMax / sizeof(T)};
    return {.values_per_block = encoder_->values_per_block(),
            .block_bytes = [this](std::size_t count) { return encoder_->block_bytes(count); }};
  }

  void write_codec(CodecId compression, ByteWriter& out) const {
    if (!encoder_) return out.write_be(static_cast<std::uint8_t>(compression));
    out.write_be(codec_byte_with_encoding(compression));
    out.write_be(encoder_->id());
    encoder_->write_header(out);
  }

  void fill(std::size_t begin, std::size_t count, std::byte* block) const {
    const auto values = values_.subspan(begin, count);
    if constexpr (std::is_same_v<T, std::int64_t>)
      if (encoder_) return encoder_->encode(values, block);
    fill_values(values, block);
  }

 private:
  std::span<const T> values_;
  std::unique_ptr<LongEncoder> encoder_;
};

template <class T>
void write_values(const Values<T>& values, const BlockCompression& compression, ByteWriter& bytes,
                  const OverflowFiles* overflow) {
  const bool blocks = compression.codec != CodecId::kNone;
  const BlockLayout layout = values.layout();
  bytes.write_be(kVersion);
  bytes.write_be(static_cast<std::uint32_t>(values.size()));
  bytes.write_be(static_cast<std::uint32_t>(blocks ? layout.values_per_block : 0));
  values.write_codec(compression.codec, bytes);
  if (!blocks) return values.fill(0, values.size(), bytes.extend(layout.bytes(values.size())));
  const FillBlock fill = [&](std::size_t begin, std::size_t count, std::byte* block) {
    values.fill(begin, count, block);
  };
  write_blocks(compression, layout, values.size(), fill, bytes, overflow);
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
void write_numeric_column(const NumericColumnData<T>& column, const IndexSpec& spec, ColumnOutput& out) {
  ByteWriter& bytes = out.bytes();
  bytes.reserve(column.values.size_bytes() + kBlockBytesMax);
  write_numeric_descriptor(kTypeNames<T>.value_type, kTypeNames<T>.part_type, spec.bitmap, bytes);
  const OverflowFiles overflow{out, out.name() + std::string(kTypeNames<T>.overflow)};
  const Values<T> values(column.values, spec.long_encoding);
  write_sized([&] { write_values(values, spec.metric_blocks(), bytes, &overflow); }, bytes);
  const std::vector<std::uint32_t> nulls = rows_of(column.nulls, column.values.size());
  if (nulls.empty()) return;  // Not even a size: its presence says that there are nulls.
  write_sized([&] { write_bitmap(spec.bitmap, nulls, bytes, spec.roaring_form()); }, bytes);
}

template void write_numeric_column(const NumericColumnData<std::int64_t>&, const IndexSpec&, ColumnOutput&);
template void write_numeric_column(const NumericColumnData<float>&, const IndexSpec&, ColumnOutput&);
template void write_numeric_column(const NumericColumnData<double>&, const IndexSpec&, ColumnOutput&);

template <class T>
void write_numeric_values(std::span<const T> values, const BlockCompression& compression,
                          LongEncodingStrategy long_encoding, ByteWriter& out) {
  write_values(Values<T>(values, long_encoding), compression, out, nullptr);
}

template void write_numeric_values(std::span<const std::int64_t>, const BlockCompression&, LongEncodingStrategy,
                                   ByteWriter&);
template void write_numeric_values(std::span<const double>, const BlockCompression&, LongEncodingStrategy, ByteWriter&);

}  // namespace sarsen::storage
