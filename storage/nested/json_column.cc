#include "storage/nested/json_column.h"

#include <utility>

#include "storage/base/byte_writer.h"
#include "storage/base/check.h"
#include "storage/base/smile_reader.h"
#include "storage/base/smile_writer.h"
#include "storage/nested/json_rebuild.h"

namespace sarsen::storage {

namespace {

const std::string kDocuments = ".__raw";
const std::string kNullIndex = ".__nullIndex";

class DocumentReader final : public ComplexReader {
 public:
  DocumentReader(const BlobColumn& documents, const NullRows& nulls) : documents_(documents), nulls_(&nulls) {}

  std::optional<std::span<const std::byte>> read(std::uint32_t row) override {
    if (nulls_->contains(row)) return std::nullopt;
    const std::span<const std::byte> bytes = documents_.read(row);
    if (bytes.empty()) return std::nullopt;
    return bytes;
  }

 private:
  BlobReader documents_;
  const NullRows* nulls_;
};

class DocumentValues final : public StructuredReader {
 public:
  DocumentValues(const BlobColumn& documents, const NullRows& nulls, const Place& place)
      : documents_(documents, nulls), place_(&place) {}

  Json read(std::uint32_t row) override {
    const auto bytes = documents_.read(row);
    if (!bytes) return {};
    return at_place(*place_, [&] { return parse_smile(*bytes); });
  }

 private:
  DocumentReader documents_;
  const Place* place_;
};

/// Documents of the values that were put together from the fields.
class RebuiltDocuments final : public ComplexReader {
 public:
  explicit RebuiltDocuments(std::unique_ptr<StructuredReader> values) : values_(std::move(values)) {}

  std::optional<std::span<const std::byte>> read(std::uint32_t row) override {
    const Json value = values_->read(row);
    if (value.is_null()) return std::nullopt;
    bytes_.clear();
    smile_.write(value, bytes_);
    return bytes_.view();
  }

 private:
  std::unique_ptr<StructuredReader> values_;
  SmileWriter smile_;
  ByteWriter bytes_;
};

NullRows read_null_index(const CommonFormat& format) {
  if (!format.has_nulls) return {};
  return format.files.read(kNullIndex, [&](ByteReader& reader, const Place&) {
    return NullRows(format.bitmaps, reader.bytes(reader.read_be<std::uint32_t>()), format.row_count);
  });
}

}  // namespace

JsonColumn::JsonColumn(std::shared_ptr<const StoredFields> fields, std::shared_ptr<const GlobalDictionary> dictionary,
                       const CommonFormat& format, std::size_t head_bytes, const Place& place)
    : fields_(std::move(fields), std::move(dictionary), format),
      nulls_(read_null_index(format)),
      place_(place.with_part(format.files.name(kDocuments))),
      row_count_(format.row_count),
      size_bytes_(head_bytes + fields_.size_bytes() + format.files.size_bytes(kNullIndex)) {
  for (const char* suffix : {".__stringDictionary", ".__longDictionary", ".__doubleDictionary", ".__arrayDictionary"})
    size_bytes_ += format.files.size_bytes(suffix);
  if (!format.files.find(kDocuments)) return;
  documents_ = std::make_unique<const BlobColumn>(format.files.all(), format.files.name(kDocuments), place);
  check_format(documents_->size() == row_count_, "wrong number of JSON documents");
  size_bytes_ += documents_->size_bytes();
}

std::string JsonColumn::encoding() const {
  const std::string fields = std::to_string(fields_.size()) + (fields_.size() == 1 ? " field" : " fields");
  return documents_ ? "smile, " + documents_->encoding() + ", " + fields : fields + ", no documents";
}

std::unique_ptr<ComplexReader> JsonColumn::complex_reader() const {
  if (!documents_) return std::make_unique<RebuiltDocuments>(structured_reader());
  return std::make_unique<DocumentReader>(*documents_, nulls_);
}

std::unique_ptr<StructuredReader> JsonColumn::structured_reader() const {
  if (!documents_) return std::make_unique<RebuiltValues>(fields_, nulls_, row_count_, place_);
  return std::make_unique<DocumentValues>(*documents_, nulls_, place_);
}

std::unique_ptr<Column> parse_json_column(const ColumnSource& source, CommonFormat format) {
  if (source.parent != nullptr) {
    const auto* parent = dynamic_cast<const JsonColumn*>(source.parent);
    check_format(parent != nullptr, "column of a projection whose base column has no fields to share");
    return std::make_unique<JsonColumn>(parent->stored_fields(), parent->global_dictionary(), format, source.size_bytes,
                                        source.place);
  }
  std::shared_ptr<const StoredFields> fields = read_stored_fields(source.reader, format, source.place, false);
  constexpr DictionaryKinds kAll{.strings = true, .longs = true, .doubles = true, .arrays = true};
  std::shared_ptr<const GlobalDictionary> dictionary = read_global_dictionary(format, kAll, source.place);
  return std::make_unique<JsonColumn>(std::move(fields), std::move(dictionary), format, source.size_bytes,
                                      source.place);
}

}  // namespace sarsen::storage
