#pragma once
// Input rows as columns, so that ingestion aggregates with the same aggregators as queries: up to kVectorRows rows, of
// which only the fields are kept that an aggregator asked for when it was bound, in the types it asked for. Numbers are
// converted by the rules of ingestion, when a row is added: what cannot be read is null here and a problem of that row.
//
// Raw values have no column type: kind() says kString for every field (kLong for __time), and strings() gives no
// dictionary. Rows are numbered on from batch to batch, as those who read vectors may keep what they have read by the
// number of its first row. Not thread-safe.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/vector/column_sources.h"
#include "engine/vector/raw_columns.h"
#include "engine/vector/selection.h"
#include "ingest/incremental_index/text_columns.h"
#include "ingest/row/field_table.h"
#include "ingest/row/raw_row.h"

namespace sarsen::ingest {

class InputBatch final : public engine::ColumnSources, public engine::RawColumns {
 public:
  /// Numbers of fields that aggregators ask for are taken from `fields`, which must outlive the batch.
  explicit InputBatch(FieldTable& fields);
  ~InputBatch() override;
  InputBatch(const InputBatch&) = delete;
  InputBatch& operator=(const InputBatch&) = delete;

  /// The number of its first row, a multiple of 64.
  std::uint32_t begin() const noexcept { return begin_; }
  std::uint32_t size() const noexcept { return size_; }
  bool full() const noexcept { return size_ == engine::kVectorRows; }
  /// begin() is another one then, unless it was empty.
  void clear();

  /// REQUIRES: !full(). Adds a sentence to `problems` for each field that could not be read; it is null then.
  void add(const RawRow& row, std::int64_t time_ms, std::vector<std::string>& problems);

  std::optional<engine::ColumnKind> kind(std::string_view column) const override;
  engine::NumericSource<std::int64_t>& longs(std::string_view column) override;
  engine::NumericSource<float>& floats(std::string_view column) override;
  engine::NumericSource<double>& doubles(std::string_view column) override;
  engine::StringSource* strings(std::string_view) override { return nullptr; }
  engine::ValueSource& values(std::string_view column) override;
  TextColumns& text_columns() override { return *text_columns_; }
  /// Begins text_columns() anew. REQUIRES: nothing is bound to them.
  void forget_texts() { text_columns_.emplace(*this); }

 private:
  class Input;
  template <class T>
  class NumericInput;
  class ValueInput;
  template <class Wanted>
  Wanted& input(std::string_view column, char type);

  FieldTable& fields_;
  std::optional<TextColumns> text_columns_{std::in_place, *this};
  std::uint32_t begin_ = 0;
  std::uint32_t size_ = 0;
  std::map<std::pair<std::string, char>, std::unique_ptr<Input>, std::less<>> inputs_;  // by field and type
  std::vector<Input*> inputs_in_turn_;  // the same, for what every row does
};

}  // namespace sarsen::ingest
