#include "engine/expression/row_forms.h"

#include <algorithm>
#include <utility>

#include "engine/expression/multi_value.h"

namespace sarsen::engine::expression {
namespace {

/// Rows may have several values in many combinations of fields.
constexpr std::size_t kFormsMax = 256;

}  // namespace

RowForms::RowForms(ExprPtr expr) : expr_(std::move(expr)) {
  const BindingAnalysis analysis = expr_->analyze();
  for (const std::string& name : analysis.free)
    if (!analysis.arrays.contains(name)) scalars_.push_back(name);
}

bool RowForms::wants_scalar(std::string_view name) const noexcept {
  return std::find(scalars_.begin(), scalars_.end(), name) != scalars_.end();
}

const Expr& RowForms::over(const std::vector<std::string>& lists) {
  if (lists.empty() || name_of(*expr_) != nullptr) return *expr_;
  if (applied_.size() == kFormsMax) applied_.clear();
  ExprPtr& applied = applied_[lists];
  if (!applied) applied = applied_to_each(expr_, lists);
  return *applied;
}

Value only_value(Value value) {
  const auto* list = std::get_if<List>(&value);
  if (list == nullptr || list->elements().size() != 1) return value;
  Value only = list->elements().front();
  return only;
}

bool has_several(const Value& value) noexcept {
  const auto* list = std::get_if<List>(&value);
  return list != nullptr && list->elements().size() > 1;
}

}  // namespace sarsen::engine::expression
