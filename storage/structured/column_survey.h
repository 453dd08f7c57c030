#pragma once
// The first look at a column of any shape: all rows once, which gives its fields, their types and values, and from
// these the column's type as Druid chooses it. Not thread-safe.

#include <cstdint>
#include <string>
#include <vector>

#include "storage/column/column_data.h"
#include "storage/structured/column_kind.h"
#include "storage/structured/path_tree.h"
#include "storage/structured/value_ids.h"

namespace sarsen::storage {

/// What one path of the values holds.
struct SurveyedField {
  struct Entry {
    std::uint32_t row;
    std::uint32_t code;  // in the column's ValueIds
  };

  FieldTypes types;
  std::vector<Entry> entries;  // rows ascending; null and absent rows have none
};

class ColumnSurvey {
 public:
  /// Looks at rows [0, row_count). Throws kInvalidInput where the column must have one type and a row has another;
  /// kUnsupported where there are more values or fields than the format can number.
  ColumnSurvey(const StructuredColumnData& column, std::uint32_t row_count);

  const ColumnKind& kind() const noexcept { return kind_; }

  std::uint32_t row_count() const noexcept { return row_count_; }
  std::vector<std::uint32_t> null_rows() const;
  const ValueIds& values() const noexcept { return values_; }
  /// Of kScalar and kVariant.
  const SurveyedField& root() const noexcept;

  struct Field {
    std::string path;
    const SurveyedField* field;
  };
  /// Those that hold a value, by path, ascending.
  const std::vector<Field>& fields() const noexcept { return fields_; }

 private:
  void visit(const Json& value, std::uint32_t place, std::uint32_t row);
  void visit_parts(const Json& value, std::uint32_t place, std::uint32_t row);
  template <class Value>
  void add(std::uint32_t place, std::uint32_t row, const Value& value);
  void collect_fields();
  void choose(const StructuredColumnData& column);

  std::uint32_t row_count_;
  PathTree places_;
  ValueIds values_;
  std::vector<SurveyedField> by_place_;
  std::vector<Field> fields_;
  std::vector<bool> nulls_;  // by row
  bool any_compound_ = false;
  ColumnKind kind_;
};

}  // namespace sarsen::storage
