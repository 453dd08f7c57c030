#pragma once
// Applies a transformSpec to rows. Belongs to one writer of rows: not thread-safe.

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/expression/row_forms.h"
#include "ingest/incremental_index/input_batch.h"
#include "ingest/row/data_schema.h"
#include "ingest/row/field_table.h"
#include "ingest/row/raw_row.h"
#include "ingest/row/row_arena.h"

namespace sarsen::ingest {

class Transformer {
 public:
  /// Takes numbers for the fields that it reads and makes. REQUIRES: both outlive it.
  Transformer(const DataSchema& schema, FieldTable& fields);

  /// Sets the transforms' fields in `row`, which lists what it listed before, and the row's time where a transform
  /// makes __time. Values are good until the next call. Throws where __time becomes null: the row is unparseable.
  void transform(RawRow& row, std::int64_t& time_ms);

  /// Whether the row, which has been transformed, is wanted. Throws where an expression failed whose value the filter
  /// reads, or which is to be stored with the row. As in Druid, which evaluates what is asked for, others may fail.
  bool passes(const RawRow& row, std::int64_t time_ms);

 private:
  class Bindings;
  struct Output {
    std::uint32_t field = 0;  // unused for __time
    bool filtered = false;    // the filter reads it
    bool stored = false;
  };

  void bind_filter();
  const TransformSpec& spec() const noexcept { return schema_.transform_spec; }
  std::set<std::string> filtered_fields() const;
  RawValue output_of(std::size_t number, const RawRow& row, const Bindings& bindings);
  bool filter_matches(const RawRow& row, std::int64_t time_ms);

  const DataSchema& schema_;
  FieldTable& fields_;
  std::vector<Output> outputs_;  // by transform
  std::vector<RawValue> values_;
  std::optional<std::string> failure_;  // of the row's first value that is filtered, else of the first that is stored
  bool filter_failed_ = false;
  RowArena arena_;
  InputBatch batch_;
  std::unique_ptr<engine::FilterMatcher> matcher_;
  std::unique_ptr<engine::expression::RowForms> filter_forms_;  // of a filter that is an expression
};

}  // namespace sarsen::ingest
