#pragma once
// The tree of an expression: literals, names, operators, calls of functions, and apply functions with their lambdas.
// Immutable and shared by threads; made by parse_expression (parser.h) and rewritten by making new nodes. Every node
// can evaluate itself over bindings: that is what an expression means. How whole columns are evaluated is
// bound_expression.h's business.

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/expression/binding_analysis.h"
#include "engine/expression/eval.h"

namespace sarsen::engine::expression {

/// What types names have; nullopt for a name of which nothing is known.
class InputTypes {
 public:
  virtual ~InputTypes() = default;
  virtual MaybeType type(std::string_view name) const = 0;
};

/// What names stand for while an expression is evaluated.
class Bindings : public InputTypes {
 public:
  /// Null for an unknown name.
  virtual Eval value(std::string_view name) const = 0;
  /// Called for each evaluation of a lambda. Throws kResourceLimit when one row needs too many.
  virtual void count_step() const = 0;
};

/// The bindings of a constant expression, and the outermost of all others.
class RootBindings : public Bindings {
 public:
  MaybeType type(std::string_view) const override { return std::nullopt; }
  Eval value(std::string_view) const override { return {}; }
  void count_step() const override;

 protected:
  void start_row() const noexcept { steps_ = 0; }

 private:
  mutable std::size_t steps_ = 0;
};

class Expr;
using ExprPtr = std::shared_ptr<const Expr>;
using Exprs = std::vector<ExprPtr>;

/// Trees deeper than this are refused: evaluation is recursive.
inline constexpr std::size_t kExpressionDepthMax = 1000;

class Expr {
 public:
  virtual ~Expr() = default;

  virtual Eval eval(const Bindings& bindings) const = 0;
  /// The type of its values, as far as it can be told.
  virtual MaybeType output_type(const InputTypes& inputs) const = 0;
  /// Whether Druid has a vectorised form for such inputs; only then does it tell the type of an expression over columns
  /// that do not exist.
  virtual bool vectorized(const InputTypes& inputs) const = 0;
  virtual BindingAnalysis analyze() const = 0;
  /// As in a message: (qty + 1).
  virtual std::string text() const = 0;

  const Exprs& children() const noexcept { return children_; }
  /// The same with other children, folded where they are constant.
  virtual ExprPtr with_children(Exprs children) const = 0;

  std::size_t depth() const noexcept { return depth_; }

 protected:
  /// Throws kInvalidInput for a tree that is too deep.
  explicit Expr(Exprs children);

 private:
  Exprs children_;
  std::size_t depth_ = 1;
};

class Literal final : public Expr {
 public:
  explicit Literal(Eval value) : Expr({}), value_(std::move(value)) {}
  const Eval& value() const noexcept { return value_; }

  Eval eval(const Bindings&) const override { return value_; }
  /// A null of no use has no type, as in Druid.
  MaybeType output_type(const InputTypes& inputs) const override;
  bool vectorized(const InputTypes&) const override { return true; }
  BindingAnalysis analyze() const override { return {}; }
  std::string text() const override;
  ExprPtr with_children(Exprs) const override { return std::make_shared<Literal>(value_); }

 private:
  Eval value_;
};

class Identifier final : public Expr {
 public:
  explicit Identifier(std::string name) : Expr({}), name_(std::move(name)) {}
  const std::string& name() const noexcept { return name_; }

  Eval eval(const Bindings& bindings) const override { return bindings.value(name_); }
  MaybeType output_type(const InputTypes& inputs) const override { return inputs.type(name_); }
  bool vectorized(const InputTypes&) const override { return true; }
  BindingAnalysis analyze() const override { return BindingAnalysis::of_name(name_); }
  std::string text() const override { return name_; }
  ExprPtr with_children(Exprs) const override { return std::make_shared<Identifier>(name_); }

 private:
  std::string name_;
};

/// The value of a literal; nullptr where `expr` is none.
const Eval* literal_of(const Expr& expr) noexcept;
/// The name of an identifier; nullptr where `expr` is none.
const std::string* name_of(const Expr& expr) noexcept;

/// Where all children are literals, the literal that `expr` evaluates to: errors of constant parts are errors of the
/// expression.
ExprPtr folded(ExprPtr expr);

/// The tree with every node replaced by what `rewrite` makes of it, from the leaves up.
ExprPtr rewritten(const ExprPtr& expr, const std::function<ExprPtr(const ExprPtr&)>& rewrite);

std::vector<BindingAnalysis> analyses(const Exprs& exprs);

}  // namespace sarsen::engine::expression
