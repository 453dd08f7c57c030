#include "engine/aggregator/shifted_sum.h"

namespace sarsen::engine {
namespace {

using expression::Binary;
using expression::BinaryOperator;
using expression::Expr;

/// The long that a literal is.
std::optional<std::uint64_t> long_of(const Expr& expr) {
  const expression::Eval* const literal = expression::literal_of(expr);
  const auto* const value = literal != nullptr ? std::get_if<std::int64_t>(&literal->value) : nullptr;
  return value != nullptr ? std::optional(static_cast<std::uint64_t>(*value)) : std::nullopt;
}

bool is_stored_long(const ColumnSources& columns, const std::string& name) {
  const storage::Column* const column = columns.stored(name);
  return column != nullptr && column->type() == storage::ValueType::kLong;
}

std::optional<ShiftedColumn> shifted(const Expr& column, std::optional<std::uint64_t> shift,
                                     const ColumnSources& columns) {
  const std::string* const name = expression::name_of(column);
  if (name == nullptr || !shift || !is_stored_long(columns, *name)) return std::nullopt;
  return ShiftedColumn{*name, *shift};
}

}  // namespace

std::optional<ShiftedColumn> ShiftedColumn::of(const Expr& expr, const ColumnSources& columns) {
  const auto* const binary = dynamic_cast<const Binary*>(&expr);
  if (binary == nullptr) return std::nullopt;
  if (binary->op() == BinaryOperator::kSubtract) {
    const std::optional<std::uint64_t> less = long_of(binary->right());
    return shifted(binary->left(), less ? std::optional(-*less) : std::nullopt, columns);
  }
  if (binary->op() != BinaryOperator::kAdd) return std::nullopt;
  if (auto found = shifted(binary->left(), long_of(binary->right()), columns)) return found;
  return shifted(binary->right(), long_of(binary->left()), columns);
}

}  // namespace sarsen::engine
