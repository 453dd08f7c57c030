#pragma once
// What Druid divides rows by, as it writes it: the values of dimensions as text, and the key of a group of equal rows.
// Belongs to one reader of rows: not thread-safe.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ingest/row/data_schema.h"
#include "ingest/row/field_table.h"
#include "ingest/row/raw_row.h"

namespace sarsen::ingest {

class RowKeys {
 public:
  /// REQUIRES: `fields` outlives it.
  RowKeys(std::shared_ptr<const DataSchema> schema, FieldTable& fields);

  /// The field's values: none for null, the text "null" for nulls in lists.
  static std::vector<std::string> texts(const RawValue& value);

  /// Time and all dimensions: [time, {"dimension": ["value", …], …}], dimensions and values in order.
  std::string group_key(const RawRow& row, std::int64_t time_ms);

  /// Of some dimensions: [["value", …], …].
  std::string dimension_key(const RawRow& row, const std::vector<std::uint32_t>& dimension_fields) const;

 private:
  std::vector<std::uint32_t> dimension_fields(const RawRow& row) const;

  const std::shared_ptr<const DataSchema> schema_;
  FieldTable& fields_;
  std::vector<std::uint32_t> listed_;
};

}  // namespace sarsen::ingest
