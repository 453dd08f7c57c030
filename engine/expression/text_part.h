#pragma once
// A part of an expression over texts that is evaluated for all rows of a vector, whether its value is used or not.

#include <memory>
#include <optional>
#include <string>

#include "engine/expression/expr.h"
#include "engine/vector/column_sources.h"

namespace sarsen::engine::expression {

/// One text, or null, in every row; or that of a source.
struct TextPart {
  std::optional<std::string> text = {};
  StringSource* source = nullptr;
  std::unique_ptr<StringSource> owned = nullptr;
};

/// The text of `expr`'s values. nullopt where they are no scalars or can fail, and where there is no dictionary.
std::optional<TextPart> text_part(const ExprPtr& expr, ColumnSources& columns);

/// Whether evaluating `expr` over `columns` can throw for some row.
bool can_fail(const Expr& expr, ColumnSources& columns);

}  // namespace sarsen::engine::expression
