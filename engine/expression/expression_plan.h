#pragma once
// What can be said of an expression over certain columns before a row is read: its type, whether it must be applied to
// each of several values, and whether it is a function of one dictionary. Druid's rules decide, as its answers show
// them (row signatures, and how columns are grouped and filtered).

#include <optional>
#include <string>
#include <vector>

#include "engine/expression/expr.h"
#include "engine/vector/column_sources.h"

namespace sarsen::engine::expression {

/// The types of columns, as an expression sees them.
class ColumnTypes final : public InputTypes {
 public:
  explicit ColumnTypes(const ColumnSources& columns) : columns_(columns) {}
  MaybeType type(std::string_view name) const override;

 private:
  const ColumnSources& columns_;
};

struct Plan {
  BindingAnalysis analysis;
  std::vector<std::string> unapplied;        // columns of several values that are used as scalars
  MaybeType output;                          // where it can be told
  std::optional<std::string> single_string;  // the only input, a string column that is mapped entry by entry
  bool array_output = false;

  bool constant() const noexcept { return analysis.free.empty(); }
  bool needs_applied() const noexcept { return !unapplied.empty(); }
};

/// Throws kInvalidInput where a column is used as a scalar and as an array.
Plan make_plan(const Expr& expr, const ColumnSources& columns);

/// The kind of a virtual column with this plan; `hint` is the output type that the query gives. nullopt: it cannot be
/// told.
std::optional<ColumnKind> planned_kind(const Plan& plan, const ColumnSources& columns,
                                       const std::optional<ColumnKind>& hint);

/// "STRING", "ARRAY<LONG>", "COMPLEX<json>" and so on, in any case; nullopt for other words.
std::optional<ColumnKind> parse_column_type(std::string_view text);
/// As a column of that type.
ColumnKind column_kind(const Type& type);

}  // namespace sarsen::engine::expression
