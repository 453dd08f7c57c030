#pragma once
// A column of JSON: the values as they came, one SMILE document a row, and beside them a column for each path that
// leads to a scalar or an array of scalars. A column may be stored without its documents; then they are put together
// from the fields, as Druid does. Thread safety: as Column.

#include <memory>
#include <string>

#include "storage/bitmap/null_rows.h"
#include "storage/column/blob_column.h"
#include "storage/column/column.h"
#include "storage/nested/json_fields.h"

namespace sarsen::storage {

class JsonColumn final : public Column {
 public:
  /// `head_bytes`: of the column's own file. Throws where the files that the column needs are missing or corrupt.
  JsonColumn(std::shared_ptr<const StoredFields> fields, std::shared_ptr<const GlobalDictionary> dictionary,
             const CommonFormat& format, std::size_t head_bytes, const Place& place);

  const std::shared_ptr<const GlobalDictionary>& global_dictionary() const noexcept { return fields_.dictionary(); }
  const std::shared_ptr<const StoredFields>& stored_fields() const noexcept { return fields_.stored(); }

  ValueType type() const noexcept override { return ValueType::kComplex; }
  std::uint32_t row_count() const noexcept override { return row_count_; }
  bool may_have_nulls() const noexcept override { return nulls_.any(); }
  std::string_view complex_type() const noexcept override { return "json"; }
  std::size_t size_bytes() const noexcept override { return size_bytes_; }
  std::string encoding() const override;

  std::unique_ptr<ComplexReader> complex_reader() const override;
  std::unique_ptr<StructuredReader> structured_reader() const override;
  const NestedFields* nested_fields() const override { return &fields_; }

 private:
  JsonFields fields_;
  std::unique_ptr<const BlobColumn> documents_;  // null: none are stored
  NullRows nulls_;
  Place place_;
  std::uint32_t row_count_;
  std::size_t size_bytes_;
};

}  // namespace sarsen::storage
