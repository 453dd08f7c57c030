#pragma once
// Applies a transformSpec to rows. Belongs to one writer of rows: not thread-safe.

#include <cstdint>
#include <memory>
#include <vector>

#include "ingest/incremental_index/input_batch.h"
#include "ingest/row/field_table.h"
#include "ingest/row/raw_row.h"
#include "ingest/row/row_arena.h"
#include "ingest/transform/transform_spec.h"

namespace sarsen::ingest {

class Transformer {
 public:
  /// Takes numbers for the fields that it reads and makes. REQUIRES: both outlive it.
  Transformer(const TransformSpec& spec, FieldTable& fields);

  /// Sets the transforms' fields in `row`, and the row's time where a transform makes __time. Values are good until the
  /// next call. Throws where an expression fails, and where __time becomes null: the row is unparseable.
  void transform(RawRow& row, std::int64_t& time_ms);

  /// Whether the row, which has been transformed, is wanted.
  bool passes(const RawRow& row, std::int64_t time_ms);

 private:
  class Bindings;
  void bind_filter();

  const TransformSpec& spec_;
  FieldTable& fields_;
  std::vector<std::uint32_t> output_fields_;  // by transform; unused for __time
  std::vector<RawValue> outputs_;
  RowArena arena_;
  std::unique_ptr<InputBatch> batch_;
  std::unique_ptr<engine::FilterMatcher> matcher_;
  std::uint32_t place_ = 0;  // of the row in batch_
};

}  // namespace sarsen::ingest
