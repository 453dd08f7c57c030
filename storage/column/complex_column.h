#pragma once
// What the layouts of complex columns share; each has a file: complex_column.cc (the default, and the choice),
// compressed_complex_column.cc, pair_column.cc. Thread safety: const methods from any thread.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "storage/column/column_source.h"

namespace sarsen::storage {

class ComplexColumn : public Column {
 public:
  ValueType type() const noexcept override { return ValueType::kComplex; }
  std::uint32_t row_count() const noexcept override { return row_count_; }
  std::string_view complex_type() const noexcept override { return type_name_; }
  std::size_t size_bytes() const noexcept override { return size_bytes_; }

 protected:
  ComplexColumn(const ColumnSource& source, std::string type_name)
      : type_name_(std::move(type_name)),
        place_(source.place.with_part("values")),
        row_count_(source.row_count),
        size_bytes_(source.size_bytes) {}

  std::string type_name_;
  Place place_;
  std::uint32_t row_count_;
  std::size_t size_bytes_;  // of all logical files
};

/// The layout that begins with 7F: the objects lie in logical files of their own, in compressed blocks.
std::unique_ptr<Column> parse_compressed_complex_column(const ColumnSource& source, std::string type_name);

/// True for the types of pairs of a time and a value, "serializablePairLongString" and so on.
bool is_pair_type(std::string_view type_name) noexcept;
/// The layout of pairs that begins with 03: cells in compressed blocks. REQUIRES: is_pair_type(type_name).
std::unique_ptr<Column> parse_pair_column(const ColumnSource& source, std::string type_name);

}  // namespace sarsen::storage
