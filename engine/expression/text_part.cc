#include "engine/expression/text_part.h"

#include <utility>

#include "engine/expression/expression_plan.h"
#include "engine/expression/expression_sources.h"
#include "engine/expression/vector_compiler.h"

namespace sarsen::engine::expression {
namespace {

TextPart owning(std::unique_ptr<StringSource> source) {
  TextPart part{.owned = std::move(source)};
  part.source = part.owned.get();
  return part;
}

}  // namespace

bool can_fail(const Expr& expr, ColumnSources& columns) {
  VectorCompiler compiler(columns);
  const std::optional<VectorCompiler::Form> form = compiler.form(expr);
  return form ? form->may_fail : may_fail(expr);
}

std::optional<TextPart> text_part(const ExprPtr& expr, ColumnSources& columns) {
  if (const Eval* literal = literal_of(*expr)) {
    if (!literal->type.is_primitive()) return std::nullopt;
    return TextPart{.text = literal->as_string()};
  }
  const std::string* name = name_of(*expr);
  if (name != nullptr && !columns.kind(*name)) return TextPart{};  // no such column: null
  const Plan plan = make_plan(*expr, columns);
  if (plan.needs_applied() || plan.array_output || plan.analysis.array_inputs) return std::nullopt;
  if (!plan.output || !plan.output->is_primitive() || can_fail(*expr, columns)) return std::nullopt;
  if (name == nullptr) return owning(string_source(expr, columns, false));
  if (!plan.output->is_string()) return owning(string_source(expr, columns, false));
  StringSource* const column = columns.strings(*name);
  if (column == nullptr || column->multiple_values()) return std::nullopt;
  return TextPart{.source = column};
}

}  // namespace sarsen::engine::expression
