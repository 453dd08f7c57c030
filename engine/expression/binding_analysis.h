#pragma once
// Which names an expression uses, and whether as scalars or as arrays: what decides how rows of several values are
// treated. Names inside other calls belong to those calls. Values.

#include <set>
#include <span>
#include <string>
#include <vector>

namespace sarsen::engine::expression {

struct BindingAnalysis {
  using Names = std::set<std::string, std::less<>>;

  std::vector<std::string> free;  // distinct, in the order of their first use
  Names scalars;                  // used directly where a scalar is wanted
  Names arrays;                   // used directly where an array is wanted
  bool array_inputs = false;      // some function wants an array
  bool array_output = false;      // some function gives an array

  static BindingAnalysis of_name(const std::string& name);
  static BindingAnalysis all_of(std::span<const BindingAnalysis> parts);

  bool uses(std::string_view name) const noexcept;
  void add(const BindingAnalysis& other);
  void remove(const std::vector<std::string>& names);
  /// Throws kInvalidInput where a name is used as a scalar and as an array; `text` is the expression.
  void check(const std::string& text) const;
};

}  // namespace sarsen::engine::expression
