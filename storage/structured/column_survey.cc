#include "storage/structured/column_survey.h"

#include <algorithm>
#include <map>

#include "storage/base/error.h"
#include "storage/base/java_order.h"

namespace sarsen::storage {
namespace {

/// Two places may have one path; the values of the first stay where a row has both.
void merge(SurveyedField& into, const SurveyedField& from) {
  into.types.merge(from.types);
  std::vector<SurveyedField::Entry> merged;
  const auto before = [](const auto& left, const auto& right) { return left.row < right.row; };
  std::merge(into.entries.begin(), into.entries.end(), from.entries.begin(), from.entries.end(),
             std::back_inserter(merged), before);
  const auto same_row = [](const auto& left, const auto& right) { return left.row == right.row; };
  merged.erase(std::unique(merged.begin(), merged.end(), same_row), merged.end());
  into.entries = std::move(merged);
}

}  // namespace

ColumnSurvey::ColumnSurvey(const StructuredColumnData& column, std::uint32_t row_count)
    : row_count_(row_count), by_place_(1), nulls_(row_count) {
  for (std::uint32_t row = 0; row < row_count; ++row) {
    const Json value = column.value(row);
    nulls_[row] = value.is_null();
    visit(value, PathTree::kRoot, row);
  }
  choose(column);
  values_.sort();
  collect_fields();
}

void ColumnSurvey::visit(const Json& json, std::uint32_t place, std::uint32_t row) {
  const SimpleValue value = simple_value(json);
  if (const auto* scalar = std::get_if<Scalar>(&value)) {
    if (!std::holds_alternative<std::monostate>(*scalar)) add(place, row, *scalar);
  } else if (const auto* array = std::get_if<SimpleArray>(&value)) {
    add(place, row, *array);
  } else {
    visit_parts(json, place, row);
  }
}

void ColumnSurvey::visit_parts(const Json& json, std::uint32_t place, std::uint32_t row) {
  any_compound_ = true;
  if (json.is_array()) {
    for (std::size_t i = 0; i < json.array().size(); ++i) visit(json.array()[i], places_.element(place, i), row);
    return;
  }
  for (const auto& [key, member] : json.object()) visit(member, places_.member(place, key), row);
}

template <class Value>
void ColumnSurvey::add(std::uint32_t place, std::uint32_t row, const Value& value) {
  if (by_place_.size() <= place) by_place_.resize(places_.size());
  SurveyedField& field = by_place_[place];
  field.types.add(value);
  const std::uint32_t code = values_.add(value);
  // A key that an object holds twice is one field.
  if (!field.entries.empty() && field.entries.back().row == row)
    field.entries.back().code = code;
  else
    field.entries.push_back({row, code});
}

void ColumnSurvey::collect_fields() {
  std::map<std::string_view, SurveyedField*, JavaLess> by_path;
  for (std::uint32_t place = 0; place < by_place_.size(); ++place) {
    SurveyedField& field = by_place_[place];
    if (field.entries.empty()) continue;
    const auto [entry, added] = by_path.emplace(places_.text(place), &field);
    if (!added) merge(*entry->second, field);
  }
  for (const auto& [path, field] : by_path) fields_.push_back({std::string(path), field});
}

void ColumnSurvey::choose(const StructuredColumnData& column) {
  kind_ = ColumnKind::of(root().types, any_compound_ || column.json);
  if (column.cast_to.empty()) return;
  const auto shape = parse_column_shape(column.cast_to);
  if (!shape || any_compound_ || !root().types.only(*shape))
    throw Error(ErrorCategory::kDefensive, "values are not of the type that the column is cast to");
  kind_ = ColumnKind::of(*shape);
  if (shape->array || std::find(nulls_.begin(), nulls_.end(), true) == nulls_.end()) return;
  // Druid takes a null that it has cast for a 0 when it fills the dictionary.
  if (shape->type == ScalarType::kLong) values_.add(Scalar(std::int64_t{0}));
  if (shape->type == ScalarType::kDouble) values_.add(Scalar(0.0));
}

std::vector<std::uint32_t> ColumnSurvey::null_rows() const {
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = 0; row < row_count_; ++row)
    if (nulls_[row]) rows.push_back(row);
  return rows;
}

const SurveyedField& ColumnSurvey::root() const noexcept { return by_place_.front(); }

}  // namespace sarsen::storage
