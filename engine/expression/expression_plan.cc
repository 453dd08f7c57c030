#include "engine/expression/expression_plan.h"

#include <algorithm>

#include "storage/base/text_scanner.h"

namespace sarsen::engine::expression {
namespace {

bool is_string(const ColumnKind& kind) noexcept { return kind.type == storage::ValueType::kString; }

bool is_numeric(const ColumnKind& kind) noexcept {
  return kind.type == storage::ValueType::kLong || kind.type == storage::ValueType::kFloat ||
         kind.type == storage::ValueType::kDouble;
}

void note_single_string(Plan& plan, const ColumnSources& columns) {
  if (plan.analysis.free.size() != 1 || plan.analysis.array_inputs || plan.analysis.array_output) return;
  const std::optional<ColumnKind> kind = columns.kind(plan.analysis.free[0]);
  if (kind && is_string(*kind)) plan.single_string = plan.analysis.free[0];
}

/// Whether something stands for a column of which nothing is known.
bool note_columns(Plan& plan, const ColumnSources& columns) {
  bool unknown = false;
  for (const std::string& name : plan.analysis.free) {
    const std::optional<ColumnKind> kind = columns.kind(name);
    unknown |= !kind;
    if (kind && kind->multiple_values && !plan.analysis.arrays.contains(name)) plan.unapplied.push_back(name);
  }
  return unknown;
}

}  // namespace

MaybeType ColumnTypes::type(std::string_view name) const {
  const std::optional<ColumnKind> kind = columns_.kind(name);
  return kind ? MaybeType(Type::of_column(*kind)) : std::nullopt;
}

Plan make_plan(const Expr& expr, const ColumnSources& columns) {
  Plan plan;
  plan.analysis = expr.analyze();
  plan.analysis.check(expr.text());
  note_single_string(plan, columns);
  const bool unknown = note_columns(plan, columns);
  const ColumnTypes types(columns);
  const bool vectorized =
      plan.unapplied.empty() && !plan.analysis.array_inputs && !plan.analysis.array_output && expr.vectorized(types);
  if (!unknown || vectorized) plan.output = expr.output_type(types);
  plan.array_output = plan.analysis.array_output || (plan.output && plan.output->is_array());
  if (plan.array_output) plan.single_string.reset();
  return plan;
}

std::optional<ColumnKind> planned_kind(const Plan& plan, const ColumnSources& columns,
                                       const std::optional<ColumnKind>& hint) {
  if (!plan.output) return std::nullopt;
  const Type& type = *plan.output;
  if (type.is_complex()) return column_kind(type);
  if (type.is_numeric() && hint && hint->type == storage::ValueType::kFloat) return hint;
  if (type.is_numeric()) return column_kind(type);
  if (hint && is_numeric(*hint)) return hint;
  if (type.is_string() && plan.single_string)
    return ColumnKind{storage::ValueType::kString, "", columns.kind(*plan.single_string)->multiple_values, "STRING"};
  const bool several = plan.array_output || plan.needs_applied();
  if (!several || type.is_string() || (hint && is_string(*hint)))
    return ColumnKind{storage::ValueType::kString, "", several, "STRING"};
  return column_kind(type);
}

ColumnKind column_kind(const Type& type) {
  const std::string name = type.name();
  switch (type.kind()) {
    case Type::Kind::kLong:
      return {storage::ValueType::kLong, "", false, name};
    case Type::Kind::kDouble:
      return {storage::ValueType::kDouble, "", false, name};
    case Type::Kind::kArray:
      return {storage::ValueType::kVariant, "", false, name};
    case Type::Kind::kComplex:
      return {storage::ValueType::kComplex, type.complex_name(), false, name};
    case Type::Kind::kString:
      break;
  }
  return {storage::ValueType::kString, "", false, name};
}

std::optional<ColumnKind> parse_column_type(std::string_view text) {
  std::string upper(text);
  std::transform(upper.begin(), upper.end(), upper.begin(), ascii_upper);
  if (upper == "FLOAT") return ColumnKind{storage::ValueType::kFloat, "", false, upper};
  const bool complex = upper.starts_with("COMPLEX<");  // whose names keep their case
  const MaybeType type = Type::parse(complex ? "COMPLEX<" + std::string(text.substr(8)) : upper);
  return type ? std::optional(column_kind(*type)) : std::nullopt;
}

}  // namespace sarsen::engine::expression
