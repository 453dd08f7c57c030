#pragma once
// Which parts of an expression are vectors of numbers, and the nodes for them. A part is one where every value that is
// not null has its static type, so that the vector holds exactly what evaluation row by row would give: numeric columns
// and literals, operators and functions on them, and anything numeric over one string column, which is evaluated once
// per dictionary entry. Conditions evaluate all their branches, and so are parts only where no branch can fail.

#include <optional>
#include <unordered_map>

#include "engine/expression/function.h"
#include "engine/expression/operator.h"
#include "engine/expression/vector_node.h"

namespace sarsen::engine::expression {

class VectorCompiler {
 public:
  /// `columns` must outlive the nodes.
  explicit VectorCompiler(ColumnSources& columns) : columns_(columns) {}

  struct Form {
    bool is_long;
    bool may_fail;
  };
  /// nullopt: no part. `expr` must live as long as this.
  std::optional<Form> form(const Expr& expr);

  /// REQUIRES: form(expr).
  NumberNode build(const ExprPtr& expr);

 private:
  std::optional<Form> find_form(const Expr& expr);
  std::optional<Form> dictionary_form(const Expr& expr);
  std::optional<Form> unary_form(const Unary& unary);
  std::optional<Form> binary_form(const Binary& binary);
  std::optional<Form> call_form(const Call& call);
  std::optional<Form> branches_form(const Exprs& conditions, const Exprs& branches);
  bool all_numbers(const Exprs& exprs, bool* all_long, bool* may_fail);

  NumberNode build_dictionary(const ExprPtr& expr, bool is_long);
  NumberNode build_unary(const Unary& unary);
  NumberNode build_binary(const Binary& binary);
  NumberNode build_call(const Call& call);
  NumberNode build_kept(const Call& call);
  template <class T>
  NumberNode build_branches(const Exprs& conditions, const Exprs& branches);

  ColumnSources& columns_;
  std::unordered_map<const Expr*, std::optional<Form>> forms_;
};

/// Whether evaluating `expr` can throw for some row, whatever the columns hold.
bool may_fail(const Expr& expr);

}  // namespace sarsen::engine::expression
