#include "engine/data_source/join_table.h"

#include <algorithm>
#include <numeric>

#include "engine/exec/poll.h"
#include "engine/query/scan_cells.h"
#include "engine/result/value_cast.h"
#include "engine/vector/segment_sources.h"
#include "engine/vector/selection.h"
#include "storage/base/check.h"
#include "storage/base/memory_count.h"

namespace sarsen::engine {
namespace {

/// Memory is looked at so often.
constexpr std::uint32_t kRowsPerCheck = 4096;

std::uint64_t pair_of(std::uint32_t tuple, std::uint32_t number) { return (std::uint64_t{tuple} << 32) | number; }

}  // namespace

JoinTable::JoinTable(std::shared_ptr<const storage::Segment> rows, const JoinCondition& condition,
                     std::vector<std::uint64_t> kept)
    : segment_(std::move(rows)), kept_(std::move(kept)) {
  std::vector<std::vector<std::uint32_t>> numbers;  // by key, by row
  for (const JoinKey& key : condition.keys) add_key(key, numbers);
  const std::uint32_t count = segment_->row_count();
  std::vector<std::uint32_t> tuple_of_row(count, 0);
  for (std::uint32_t row = 0; row < count; ++row)
    if (!keeps(row)) tuple_of_row[row] = kNoKey;
  tuples_.resize(keys_.size());
  for (std::size_t i = 0; i < keys_.size(); ++i)
    for (std::uint32_t row = 0; row < count; ++row) {
      if (row % kRowsPerCheck == 0) check_memory();
      if (tuple_of_row[row] == kNoKey) continue;
      if (numbers[i][row] == kNoKey) {
        tuple_of_row[row] = kNoKey;
        continue;
      }
      const auto next = static_cast<std::uint32_t>(tuples_[i].size());
      tuple_of_row[row] = tuples_[i].try_emplace(pair_of(tuple_of_row[row], numbers[i][row]), next).first->second;
    }
  const std::size_t tuples = keys_.empty() ? 1 : tuples_.back().size();
  offsets_.assign(tuples + 1, 0);
  for (const std::uint32_t tuple : tuple_of_row)
    if (tuple != kNoKey) ++offsets_[tuple + 1];
  std::partial_sum(offsets_.begin(), offsets_.end(), offsets_.begin());
  rows_.resize(offsets_.back());
  std::vector<std::uint32_t> next(offsets_.begin(), offsets_.end() - 1);
  for (std::uint32_t row = 0; row < count; ++row)
    if (tuple_of_row[row] != kNoKey) rows_[next[tuple_of_row[row]]++] = row;
}

void JoinTable::add_key(const JoinKey& key, std::vector<std::vector<std::uint32_t>>& numbers) {
  const storage::Column* column = segment_->column(key.right);
  const std::vector<std::string> names = segment_->column_names();
  if (column == nullptr || std::find(names.begin(), names.end(), key.right) == names.end())
    throw Error(ErrorCategory::kInvalidInput,
                "The right side of the join has no column \"" + key.right + "\"" + suggestion(key.right, names));
  if (column->multiple_values())
    throw Error(ErrorCategory::kUnsupported,
                "Joining against a multi-value dimension is not supported: " + key.right + " of the right side");
  Key& made = keys_.emplace_back();
  made.type = column->type();
  made.null_matches_null = key.null_matches_null;
  std::vector<std::uint32_t>& of_rows = numbers.emplace_back(segment_->row_count(), kNoKey);
  SegmentSources sources(*segment_);
  const std::unique_ptr<CellReader> cells = bind_cell(sources, key.right);
  for (std::uint32_t row = 0; row < segment_->row_count(); ++row) {
    poll();
    if (row % kVectorRows == 0) cells->load(row, std::min(kVectorRows, segment_->row_count() - row));
    if (!keeps(row)) continue;
    Value value = cells->value(row);
    if (is_null(value) && !key.null_matches_null) continue;
    const auto next = static_cast<std::uint32_t>(made.numbers.size());
    of_rows[row] = made.numbers.try_emplace(std::move(value), next).first->second;
  }
}

std::optional<Json> JoinTable::key_texts(std::size_t i, std::size_t values_max) const {
  const Key& key = keys_[i];
  if (key.type != storage::ValueType::kString || key.numbers.size() > values_max) return std::nullopt;
  Json::Array texts;
  for (const auto& [value, number] : key.numbers) {
    const auto* text = std::get_if<std::string>(&value);
    if (text == nullptr && !is_null(value)) return std::nullopt;
    texts.push_back(text != nullptr ? Json(*text) : Json());
  }
  return Json(std::move(texts));
}

std::uint32_t JoinTable::key_number(std::size_t i, const Value& left) const {
  const Key& key = keys_[i];
  if (is_null(left) && !key.null_matches_null) return kNoKey;
  const bool casts = key.type != storage::ValueType::kComplex && key.type != storage::ValueType::kVariant;
  const auto found = key.numbers.find(casts ? cast_value(left, key.type) : left);
  return found == key.numbers.end() ? kNoKey : found->second;
}

std::uint32_t JoinTable::tuple_number(const std::uint32_t* numbers) const {
  std::uint32_t tuple = 0;
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    const auto found = tuples_[i].find(pair_of(tuple, numbers[i]));
    if (found == tuples_[i].end()) return kNoKey;
    tuple = found->second;
  }
  return tuple;
}

std::span<const std::uint32_t> JoinTable::rows(const std::uint32_t* numbers) const {
  const std::uint32_t tuple = tuple_number(numbers);
  if (tuple == kNoKey) return {};
  return std::span(rows_).subspan(offsets_[tuple], offsets_[tuple + 1] - offsets_[tuple]);
}

}  // namespace sarsen::engine
