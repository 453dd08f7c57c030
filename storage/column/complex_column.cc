// Complex columns in the default layout: a GenericIndexed with the bytes of one object per row.
#include <utility>

#include "storage/column/column_source.h"
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

class MappedComplexColumn final : public Column {
 public:
  MappedComplexColumn(const ColumnSource& source, std::string type_name, GenericIndexed values)
      : type_name_(std::move(type_name)),
        values_(std::move(values)),
        place_(source.place.with_part("values")),
        size_bytes_(source.size_bytes) {}

  ValueType type() const noexcept override { return ValueType::kComplex; }
  std::uint32_t row_count() const noexcept override { return values_.size(); }
  std::string_view complex_type() const noexcept override { return type_name_; }
  std::size_t size_bytes() const noexcept override { return size_bytes_; }
  std::string encoding() const override { return "none"; }
  std::unique_ptr<ComplexReader> complex_reader() const override {
    return std::make_unique<MappedComplexReader>(values_, place_);
  }

 private:
  std::string type_name_;
  GenericIndexed values_;
  Place place_;
  std::size_t size_bytes_;
};

}  // namespace

std::unique_ptr<Column> parse_complex_column(const ColumnSource& source) {
  std::string type_name = JsonField(source.part)["typeName"].string();
  if (type_name == "json") return parse_legacy_json_column(source);
  const std::size_t begin = source.reader.position();
  const std::uint8_t version = source.reader.read_byte();
  source.reader.seek(begin);
  // The compressed layout begins with another byte than a GenericIndexed.
  if (version != 1 && version != 2)
    throw Error(ErrorCategory::kUnsupported, "complex column of type " + type_name +
                                                 " in a layout not understood, version " + std::to_string(version));
  GenericIndexed values = GenericIndexed::read(source.reader, source.files);
  source.reader.check(values.size() == source.row_count, "wrong number of rows");
  return std::make_unique<MappedComplexColumn>(source, std::move(type_name), std::move(values));
}

}  // namespace sarsen::storage
