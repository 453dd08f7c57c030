#pragma once
// map, fold, filter and their like: functions whose first argument is a lambda, applied to the elements of arrays. The
// lambda's body is the first child, the arrays (and the initial value of a fold) follow.

#include <string>
#include <string_view>
#include <vector>

#include "engine/expression/expr.h"

namespace sarsen::engine::expression {

enum class ApplyKind : std::uint8_t { kMap, kCartesianMap, kFold, kCartesianFold, kFilter, kAny, kAll };

constexpr bool is_fold(ApplyKind kind) noexcept {
  return kind == ApplyKind::kFold || kind == ApplyKind::kCartesianFold;
}
constexpr bool is_map(ApplyKind kind) noexcept { return kind == ApplyKind::kMap || kind == ApplyKind::kCartesianMap; }

/// nullopt where there is none of that name, in any case.
std::optional<ApplyKind> find_apply_function(std::string_view name);
std::string_view name_of(ApplyKind kind) noexcept;

class ApplyCall final : public Expr {
 public:
  /// Throws kInvalidInput where the lambda's parameters do not fit the arguments.
  ApplyCall(ApplyKind kind, std::vector<std::string> parameters, Exprs body_and_arguments);

  ApplyKind kind() const noexcept { return kind_; }
  const std::vector<std::string>& parameters() const noexcept { return parameters_; }
  const ExprPtr& body() const noexcept { return children()[0]; }
  Exprs arguments() const { return {children().begin() + 1, children().end()}; }

  Eval eval(const Bindings& bindings) const override;
  MaybeType output_type(const InputTypes& inputs) const override;
  bool vectorized(const InputTypes& inputs) const override;
  BindingAnalysis analyze() const override;
  std::string text() const override;
  ExprPtr with_children(Exprs children) const override;

  /// What the body uses besides its parameters.
  BindingAnalysis body_analysis() const;

 private:
  class Scope;
  class Product;

  std::size_t array_count() const noexcept { return children().size() - (is_fold(kind_) ? 2 : 1); }
  /// The arrays; `absent` is the result where one is null or empty.
  bool arrays(const Bindings& bindings, std::vector<Eval>& values, Eval& absent) const;
  Eval mapped(const Bindings& bindings) const;
  Eval folded_up(const Bindings& bindings) const;
  Eval filtered(const Bindings& bindings) const;
  Eval matched(const Bindings& bindings) const;

  ApplyKind kind_;
  std::vector<std::string> parameters_;
};

/// Folded where the arguments are constant and the body uses its parameters only.
ExprPtr make_apply(ApplyKind kind, std::vector<std::string> parameters, Exprs body_and_arguments);

}  // namespace sarsen::engine::expression
