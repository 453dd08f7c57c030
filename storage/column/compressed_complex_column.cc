// Complex columns in the compressed layout: 7F, version, JSON that names the files; a blob column with the bytes of one
// object per row, and perhaps a bitmap of null rows.
#include "storage/bitmap/null_rows.h"
#include "storage/column/blob_column.h"
#include "storage/column/complex_column.h"

namespace sarsen::storage {

namespace {

constexpr std::uint8_t kMarker = 0x7F;
constexpr std::uint8_t kVersion = 0;

class CompressedComplexReader final : public ComplexReader {
 public:
  CompressedComplexReader(const BlobColumn& values, const NullRows& nulls) : values_(values), nulls_(&nulls) {}

  std::optional<std::span<const std::byte>> read(std::uint32_t row) override {
    if (nulls_->contains(row)) return std::nullopt;
    return values_.read(row);
  }

 private:
  BlobReader values_;
  const NullRows* nulls_;
};

class CompressedComplexColumn final : public ComplexColumn {
 public:
  CompressedComplexColumn(const ColumnSource& source, std::string type_name, const Json& metadata)
      : ComplexColumn(source, std::move(type_name)),
        values_(source.files, JsonField(metadata)["fileNameBase"].string() + ".__complexColumn", source.place) {
    check_format(values_.size() == row_count_, "wrong number of rows");
    size_bytes_ += values_.size_bytes();
    if (JsonField(metadata)["hasNulls"].boolean_or(false)) read_nulls(source, metadata);
  }

  bool may_have_nulls() const noexcept override { return nulls_.any(); }
  std::string encoding() const override { return values_.encoding(); }
  std::unique_ptr<ComplexReader> complex_reader() const override {
    return std::make_unique<CompressedComplexReader>(values_, nulls_);
  }

 private:
  void read_nulls(const ColumnSource& source, const Json& metadata) {
    const std::string name = JsonField(metadata)["fileNameBase"].string() + ".__nullIndex";
    const auto file = source.files.find(name);
    if (!file) throw Error(ErrorCategory::kRuntimeFailure, "no logical file " + name);
    ByteReader reader(*file, "bitmap of null rows");
    const std::span<const std::byte> bitmap = reader.bytes(reader.read_be<std::uint32_t>());
    reader.check(reader.at_end(), "bytes left over");
    nulls_ = NullRows(bitmap_encoding_of(metadata), bitmap, row_count_);
    size_bytes_ += file->size();
  }

  BlobColumn values_;
  NullRows nulls_;
};

}  // namespace

std::unique_ptr<Column> parse_compressed_complex_column(const ColumnSource& source, std::string type_name) {
  source.reader.check(source.reader.read_byte() == kMarker, "not the compressed layout");
  const std::uint8_t version = source.reader.read_byte();
  if (version != kVersion)
    throw Error(ErrorCategory::kUnsupported, "complex column of type " + type_name +
                                                 " in a compressed layout of unknown version " +
                                                 std::to_string(version));
  const Json metadata = Json::parse(source.reader.text(source.reader.read_be<std::uint32_t>()));
  return std::make_unique<CompressedComplexColumn>(source, std::move(type_name), metadata);
}

}  // namespace sarsen::storage
