#pragma once
// The rows of one sample, and the index that they make. Input rows are numbered as they come; each is told with what
// was read, what it became, and what was wrong. Not thread-safe.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ingest/incremental_index/incremental_index.h"
#include "ingest/row/field_table.h"
#include "ingest/row/raw_row.h"
#include "ingest/sampler/sampler_spec.h"
#include "ingest/transform/row_intake.h"
#include "storage/base/json.h"

namespace sarsen::ingest {

struct SampledRow {
  Json input;   // what was read; null where nothing could be
  Json parsed;  // the index's row whose first input it is; null where that is another
  std::optional<std::string> error = {};
  Json::Object booleans = {};  // of dimensions of any shape: the index has them as numbers, and Druid's shows them

  /// Druid's form: the fields that there are.
  Json to_json() const;
};

class SampledRows {
 public:
  explicit SampledRows(const SamplerSpec& spec);

  FieldTable& fields() noexcept { return fields_; }
  /// As the specification limits rows and memory.
  bool wants_more() const;

  /// `where`: what is said of its place where something is wrong with it, as " (Line: 3)".
  void add(RawRow& row, Json input, const std::string& where);
  void add_unreadable(Json input, std::string error);

  /// No more rows come. To be called once.
  void end();

  // After end(): at most as many rows as are wanted.
  const std::vector<SampledRow>& rows() const noexcept { return rows_; }
  std::int64_t rows_indexed() const noexcept { return rows_indexed_; }
  const IncrementalIndex& index() const noexcept { return index_; }

 private:
  Json event_of(const RawRow& row) const;
  Json::Object booleans_of(const RawRow& row) const;
  void give_parsed();

  const SamplerSpec& spec_;
  FieldTable fields_;
  RowIntake intake_;
  IncrementalIndex index_;
  const std::uint32_t order_field_;
  const std::size_t empty_bytes_;  // of the index without rows
  std::vector<SampledRow> rows_;
  std::int64_t rows_indexed_ = 0;
  std::vector<std::string> problems_;  // scratch
};

}  // namespace sarsen::ingest
