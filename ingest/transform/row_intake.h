#pragma once
// The way of a row from its reader to the index: its time is found, transforms are applied, and the filter asked.
// Belongs to one writer of rows: not thread-safe.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "ingest/row/data_schema.h"
#include "ingest/row/field_table.h"
#include "ingest/row/raw_row.h"
#include "ingest/transform/transformer.h"

namespace sarsen::ingest {

class RowIntake {
 public:
  enum class Verdict : std::uint8_t {
    kTaken,
    kUnparseable,  // `problem` says why
    kFiltered,
  };
  struct Result {
    Verdict verdict;
    std::int64_t time_ms = 0;
    std::string problem = {};
  };

  /// Takes numbers for all fields that rows of this schema are asked for, so that the reader keeps them.
  /// REQUIRES: `fields` outlives it.
  RowIntake(std::shared_ptr<const DataSchema> schema, FieldTable& fields);

  /// Changes the row as the transforms say; good until the next call.
  Result take(RawRow& row);

 private:
  const std::shared_ptr<const DataSchema> schema_;
  const std::uint32_t time_field_;
  Transformer transformer_;
};

}  // namespace sarsen::ingest
