#include "engine/expression/expr.h"

#include <algorithm>

#include "engine/exec/poll.h"
#include "storage/base/error.h"
#include "storage/base/json_writer.h"

namespace sarsen::engine::expression {
namespace {

/// Evaluations of lambdas for one row: apply functions inside apply functions multiply.
constexpr std::size_t kStepsMax = std::size_t{1} << 18;

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char character : text) {
    if (character == '\'' || character == '\\') out += '\\';
    out += character;
  }
  return out + "'";
}

/// The query's end and its memory are looked at so often.
constexpr std::size_t kStepsPerCheck = 64;

}  // namespace

void RootBindings::count_step() const {
  if (steps_ % kStepsPerCheck == 0) poll_now();
  if (++steps_ > kStepsMax)
    throw Error(
        ErrorCategory::kResourceLimit,
        "An expression evaluates its lambdas more often for one row than the limit: " + std::to_string(kStepsMax));
}

Expr::Expr(Exprs children) : children_(std::move(children)) {
  for (const ExprPtr& child : children_) depth_ = std::max(depth_, child->depth() + 1);
  if (depth_ > kExpressionDepthMax)
    throw Error(ErrorCategory::kInvalidInput,
                "An expression is nested deeper than the limit: " + std::to_string(kExpressionDepthMax));
}

MaybeType Literal::output_type(const InputTypes&) const {
  if (value_.is_null() && !value_.type.is_array()) return std::nullopt;
  return value_.type;
}

std::string Literal::text() const {
  if (value_.is_null()) return "null";
  if (const auto* held = std::get_if<std::string>(&value_.value)) return quoted(*held);
  return text_of(value_.value).value_or("null");
}

const Eval* literal_of(const Expr& expr) noexcept {
  const auto* literal = dynamic_cast<const Literal*>(&expr);
  return literal != nullptr ? &literal->value() : nullptr;
}

const std::string* name_of(const Expr& expr) noexcept {
  const auto* identifier = dynamic_cast<const Identifier*>(&expr);
  return identifier != nullptr ? &identifier->name() : nullptr;
}

ExprPtr folded(ExprPtr expr) {
  const Exprs& children = expr->children();
  const bool constant =
      std::all_of(children.begin(), children.end(), [](const ExprPtr& child) { return literal_of(*child) != nullptr; });
  if (!constant || literal_of(*expr) != nullptr || name_of(*expr) != nullptr) return expr;
  return std::make_shared<Literal>(expr->eval(RootBindings()));
}

ExprPtr rewritten(const ExprPtr& expr, const std::function<ExprPtr(const ExprPtr&)>& rewrite) {
  Exprs children;
  bool changed = false;
  for (const ExprPtr& child : expr->children()) {
    children.push_back(rewritten(child, rewrite));
    changed |= children.back() != child;
  }
  return rewrite(changed ? expr->with_children(std::move(children)) : expr);
}

std::vector<BindingAnalysis> analyses(const Exprs& exprs) {
  std::vector<BindingAnalysis> parts;
  for (const ExprPtr& expr : exprs) parts.push_back(expr->analyze());
  return parts;
}

}  // namespace sarsen::engine::expression
