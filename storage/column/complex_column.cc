// Complex columns: the choice of a layout, and the default one, a GenericIndexed with the bytes of one object per row.
#include "storage/column/complex_column.h"

#include "storage/column/generic_indexed.h"

namespace sarsen::storage {

namespace {

class MappedComplexReader final : public ComplexReader {
 public:
  MappedComplexReader(const GenericIndexed& values, const Place& place) : values_(&values), place_(&place) {}

  // An object may have no bytes: some sketches are written so while they are empty, and that is not null.
  std::optional<std::span<const std::byte>> read(std::uint32_t row) override {
    DCHECK(row < values_->size());
    const GenericIndexed::Element element = at_place(*place_, [&] { return values_->element(row); });
    if (element.null) return std::nullopt;
    return element.bytes;
  }

 private:
  const GenericIndexed* values_;
  const Place* place_;
};

class MappedComplexColumn final : public ComplexColumn {
 public:
  MappedComplexColumn(const ColumnSource& source, std::string type_name, GenericIndexed values)
      : ComplexColumn(source, std::move(type_name)), values_(std::move(values)) {}

  std::string encoding() const override { return "none"; }
  std::unique_ptr<ComplexReader> complex_reader() const override {
    return std::make_unique<MappedComplexReader>(values_, place_);
  }

 private:
  GenericIndexed values_;
};

std::unique_ptr<Column> parse_default_layout(const ColumnSource& source, std::string type_name) {
  GenericIndexed values = GenericIndexed::read(source.reader, source.files);
  source.reader.check(values.size() == source.row_count, "wrong number of rows");
  return std::make_unique<MappedComplexColumn>(source, std::move(type_name), std::move(values));
}

}  // namespace

std::unique_ptr<Column> parse_complex_column(const ColumnSource& source) {
  std::string type_name = JsonField(source.part)["typeName"].string();
  if (type_name == "json") return parse_legacy_json_column(source);
  const std::size_t begin = source.reader.position();
  const std::uint8_t version = source.reader.read_byte();
  source.reader.seek(begin);
  if (version == 1 || version == 2) return parse_default_layout(source, std::move(type_name));
  if (version == 3 && is_pair_type(type_name)) return parse_pair_column(source, std::move(type_name));
  if (version == 0x7F) return parse_compressed_complex_column(source, std::move(type_name));
  throw Error(ErrorCategory::kUnsupported, "complex column of type " + type_name +
                                               " in a layout not understood, version " + std::to_string(version));
}

}  // namespace sarsen::storage
