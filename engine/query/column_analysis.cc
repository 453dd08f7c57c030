#include "engine/query/column_analysis.h"

#include <algorithm>
#include <vector>

#include "engine/exec/poll.h"
#include "engine/vector/selection.h"
#include "storage/base/java_order.h"

namespace sarsen::engine {
namespace {

// Druid counts what the values would take as text.
constexpr std::int64_t kTimeBytes = 10;
constexpr std::int64_t kNumberBytes = 8;
constexpr std::uint32_t kRowsPerBitmap = 32;  // rows that are read in the time of a small bitmap's

ColumnAnalysis failed(std::string reason) {
  ColumnAnalysis analysis;
  analysis.type_signature = analysis.type = "STRING";
  analysis.size = -1;
  analysis.error = "error:" + std::move(reason);
  return analysis;
}

/// How often each id occurs, by reading the rows: for columns without an index.
std::vector<std::uint64_t> count_ids(const storage::Column& column) {
  std::vector<std::uint64_t> counts(column.dictionary()->size());
  const auto reader = column.string_reader();
  std::vector<std::uint32_t> scratch(kVectorRows);
  for (std::uint32_t begin = 0; begin < column.row_count(); begin += kVectorRows) {
    poll();
    const std::uint32_t size = std::min(kVectorRows, column.row_count() - begin);
    if (column.multiple_values()) {
      const auto lists = reader->read_lists(begin, size);
      for (std::uint32_t i = lists.offsets[0]; i < lists.offsets[size]; ++i) ++counts[lists.ids[i]];
    } else {
      const std::uint32_t* ids = reader->read_ids(begin, size, scratch.data());
      for (std::uint32_t i = 0; i < size; ++i) ++counts[ids[i]];
    }
  }
  return counts;
}

/// As its bitmaps count. Where most of these are of few rows, reading rows that have one value each tells it sooner.
std::int64_t text_size(const storage::Column& column) {
  const storage::Dictionary& dictionary = *column.dictionary();
  const bool is_read = !column.multiple_values() && dictionary.size() > column.row_count() / kRowsPerBitmap;
  const storage::BitmapIndex* index = is_read ? nullptr : column.bitmap_index();
  const std::vector<std::uint64_t> counts = index == nullptr ? count_ids(column) : std::vector<std::uint64_t>();
  std::int64_t size = 0;
  for (std::uint32_t id = 0; id < dictionary.size(); ++id) {
    poll();
    if (const auto value = dictionary.value(id))
      size += static_cast<std::int64_t>(value->size() * (index == nullptr ? counts[id] : index->cardinality(id)));
  }
  return size;
}

void analyse_bounds(const storage::Dictionary& dictionary, ColumnAnalysis& analysis) {
  if (dictionary.size() == 0) return;
  std::uint32_t min = 0;
  std::uint32_t max = dictionary.size() - 1;
  if (!dictionary.sorted()) {
    const auto before = [&](std::uint32_t left, std::uint32_t right) {
      const auto left_value = dictionary.value(left);
      const auto right_value = dictionary.value(right);
      if (!left_value || !right_value) return !left_value && right_value;
      return java_compare(*left_value, *right_value) < 0;
    };
    for (std::uint32_t id = min = max = 0; id < dictionary.size(); ++id) {
      poll();
      if (before(id, min)) min = id;
      if (before(max, id)) max = id;
    }
  }
  if (const auto value = dictionary.value(min)) analysis.min_value = *value;
  if (const auto value = dictionary.value(max)) analysis.max_value = *value;
}

void analyse_strings(const storage::Column& column, const AnalysisTypes& types, ColumnAnalysis& analysis) {
  const storage::Dictionary& dictionary = *column.dictionary();
  analysis.cardinality = types.cardinality ? dictionary.size() : 0;
  if (types.min_max) analyse_bounds(dictionary, analysis);
  if (types.size) analysis.size = text_size(column);
}

std::int64_t complex_size(const storage::Column& column) {
  const auto reader = column.complex_reader();
  if (reader == nullptr) return 0;
  std::int64_t size = 0;
  for (std::uint32_t row = 0; row < column.row_count(); ++row) {
    poll();
    if (const auto bytes = reader->read(row)) size += static_cast<std::int64_t>(bytes->size());
  }
  return size;
}

std::string_view plain_type(const storage::Column& column, const std::string& logical_type) {
  if (column.type() == storage::ValueType::kComplex) return column.complex_type();
  if (logical_type.starts_with("ARRAY<")) return "ARRAY";
  if (column.type() == storage::ValueType::kVariant) return logical_type;
  return storage::name_of(column.type());
}

/// The smaller one, or the greater one; for the smaller one null is the smallest.
std::optional<std::string> choose(const std::optional<std::string>& left, const std::optional<std::string>& right,
                                  bool greatest) {
  if (!left || !right) return greatest ? (left ? left : right) : std::nullopt;
  return (java_compare(*left, *right) < 0) == greatest ? right : left;
}

void write_optional(JsonWriter& json, std::string_view key, const std::optional<std::string>& value) {
  json.key(key);
  if (value) {
    json.string(*value);
  } else {
    json.null();
  }
}

}  // namespace

ColumnAnalysis analyse_column(const storage::Segment& segment, const std::string& name, const AnalysisTypes& types) {
  const storage::Column* column = segment.column(name);
  if (column == nullptr) return failed("unknown_type_null");
  ColumnAnalysis analysis;
  analysis.type_signature = column->logical_type();
  analysis.type = plain_type(*column, analysis.type_signature);
  analysis.multiple_values = column->multiple_values();
  analysis.has_nulls = name != storage::kTimeColumn && column->may_have_nulls();
  switch (column->type()) {
    case storage::ValueType::kString:
      analyse_strings(*column, types, analysis);
      break;
    case storage::ValueType::kLong:
    case storage::ValueType::kFloat:
    case storage::ValueType::kDouble:
      if (types.size) analysis.size = column->row_count() * (name == storage::kTimeColumn ? kTimeBytes : kNumberBytes);
      break;
    case storage::ValueType::kComplex:
      if (types.size) analysis.size = complex_size(*column);
      break;
    case storage::ValueType::kVariant:  // Druid has no dictionary of strings for mixed values, and counts none
      if (analysis.type == storage::name_of(storage::ValueType::kString)) analysis.cardinality = 0;
      break;
  }
  return analysis;
}

ColumnAnalysis merge(const ColumnAnalysis& left, const ColumnAnalysis& right) {
  if (left.error && right.error) return left.error == right.error ? left : failed("multiple_errors");
  if (left.error || right.error) return left.error ? left : right;
  if (left.type_signature != right.type_signature)
    return failed("cannot_merge_diff_types: [" + left.type + "] and [" + right.type + "]");
  ColumnAnalysis merged = left;
  merged.multiple_values |= right.multiple_values;
  merged.has_nulls |= right.has_nulls;
  merged.size += right.size;
  if (right.cardinality) merged.cardinality = std::max(left.cardinality.value_or(0), *right.cardinality);
  merged.min_value = choose(left.min_value, right.min_value, false);
  merged.max_value = choose(left.max_value, right.max_value, true);
  return merged;
}

void write_json(JsonWriter& json, const ColumnAnalysis& analysis) {
  json.begin_object().key("typeSignature").string(analysis.type_signature).key("type").string(analysis.type);
  json.key("hasMultipleValues").boolean(analysis.multiple_values).key("hasNulls").boolean(analysis.has_nulls);
  json.key("size").integer(analysis.size).key("cardinality");
  if (analysis.cardinality) {
    json.integer(*analysis.cardinality);
  } else {
    json.null();
  }
  write_optional(json, "minValue", analysis.min_value);
  write_optional(json, "maxValue", analysis.max_value);
  write_optional(json, "errorMessage", analysis.error);
  json.end_object();
}

}  // namespace sarsen::engine
