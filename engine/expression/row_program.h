#pragma once
// The general way: an expression evaluated row by row over values. Strings of several columns, arrays, JSON and
// functions that have no vector form go this way, as their results have no fixed width and their types may change from
// row to row. Still, numeric parts are cut out and computed as vectors first, an input is decoded when the row first
// asks for it, and where all inputs are dictionary ids and numbers the results are remembered by them
// (RowProgram::Key).

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/expression/expr.h"
#include "engine/expression/expression_plan.h"
#include "engine/expression/row_forms.h"
#include "engine/expression/vector_compiler.h"

namespace sarsen::engine::expression {

class RowProgram {
 public:
  /// `columns` must outlive it. Columns of several values are mapped over where the expression wants one value.
  RowProgram(const ExprPtr& expr, const Plan& plan, ColumnSources& columns);
  /// For an expression that is made for such columns already; names in `extra` are bound by set_extra().
  RowProgram(const ExprPtr& expr, bool null_rows_as_lists, const std::vector<std::string>& extra,
             ColumnSources& columns);
  ~RowProgram();
  RowProgram(RowProgram&&) noexcept;

  /// To be called for each vector before its rows are evaluated. REQUIRES: begin is a multiple of 64.
  void start(std::uint32_t begin, std::uint32_t size);
  std::uint32_t begin() const noexcept { return begin_; }
  std::uint32_t size() const noexcept { return size_; }
  /// `row` counts from the vector's begin.
  Eval eval(std::uint32_t row);
  /// Whether an input is null in the row.
  bool any_null(std::uint32_t row);
  void set_extra(std::size_t i, Eval value);

  /// The inputs of a row in a few words: equal keys, equal results.
  using Key = std::array<std::uint64_t, 4>;
  bool has_keys() const noexcept;
  Key key(std::uint32_t row) const;
  /// The only input, where it is a string of one value: its ids are keys already.
  StringSource* single_string() const noexcept;

 private:
  class Inputs;
  std::unique_ptr<Inputs> inputs_;
  ExprPtr expr_;
  std::unique_ptr<RowForms> forms_;  // of raw rows
  std::uint32_t begin_ = UINT32_MAX;
  std::uint32_t size_ = 0;
};

}  // namespace sarsen::engine::expression
