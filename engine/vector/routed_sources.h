#pragma once
// Columns that others give: who derives says, for each name, which others. Belongs to one cursor.

#include "engine/vector/column_sources.h"

namespace sarsen::engine {

class RoutedSources : public ColumnSources {
 public:
  std::optional<ColumnKind> kind(std::string_view column) const final { return of(column).kind(column); }
  NumericSource<std::int64_t>& longs(std::string_view column) final { return of(column).longs(column); }
  NumericSource<float>& floats(std::string_view column) final { return of(column).floats(column); }
  NumericSource<double>& doubles(std::string_view column) final { return of(column).doubles(column); }
  StringSource* strings(std::string_view column) final { return of(column).strings(column); }
  ValueSource& values(std::string_view column) final { return of(column).values(column); }
  const storage::Column* stored(std::string_view column) const final { return of(column).stored(column); }

 private:
  virtual ColumnSources& of(std::string_view column) const = 0;
};

}  // namespace sarsen::engine
