#include "ingest/merge/logical_column.h"

#include <string>
#include <utility>

#include "storage/base/java_text.h"

namespace sarsen::ingest {
namespace {

using storage::Column;

Json as_text(const Json& value) {
  if (value.is_integer()) return Json(std::to_string(value.integer()));
  return value.is_number() ? Json(java_text(value.number())) : value;
}

Json as_double(const Json& value) { return value.is_integer() ? Json(value.number()) : value; }

class LogicalColumn final : public Column {
 public:
  explicit LogicalColumn(const Column& column) : column_(column), as_(read_as(column)) {}

  storage::ValueType type() const noexcept override { return column_.type(); }
  std::uint32_t row_count() const noexcept override { return column_.row_count(); }
  bool may_have_nulls() const noexcept override { return column_.may_have_nulls(); }
  std::string logical_type() const override { return column_.logical_type(); }
  std::size_t size_bytes() const noexcept override { return column_.size_bytes(); }
  std::string encoding() const override { return column_.encoding(); }
  std::unique_ptr<storage::IdReader> id_reader() const override { return column_.id_reader(); }
  const storage::ValueDictionary* value_dictionary() const override { return column_.value_dictionary(); }
  const storage::BitmapIndex* bitmap_index() const override { return column_.bitmap_index(); }
  std::unique_ptr<storage::StructuredReader> structured_reader() const override {
    return std::make_unique<Reader>(column_.structured_reader(), as_);
  }

 private:
  class Reader final : public storage::StructuredReader {
   public:
    Reader(std::unique_ptr<storage::StructuredReader> values, ReadAs as) : values_(std::move(values)), as_(as) {}
    Json read(std::uint32_t row) override {
      const Json value = values_->read(row);
      return as_ == ReadAs::kText ? as_text(value) : as_double(value);
    }

   private:
    std::unique_ptr<storage::StructuredReader> values_;
    const ReadAs as_;
  };

  const Column& column_;
  const ReadAs as_;
};

}  // namespace

ReadAs read_as(const Column& column) {
  if (column.type() != storage::ValueType::kVariant) return ReadAs::kItself;
  const std::string type = column.logical_type();
  if (type == "STRING") return ReadAs::kText;
  return type == "DOUBLE" ? ReadAs::kDouble : ReadAs::kItself;
}

std::unique_ptr<Column> make_logical_column(const Column& column) { return std::make_unique<LogicalColumn>(column); }

}  // namespace sarsen::ingest
