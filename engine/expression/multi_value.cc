#include "engine/expression/multi_value.h"

#include <algorithm>
#include <functional>

#include "engine/expression/apply_function.h"
#include "engine/expression/function.h"

namespace sarsen::engine::expression {
namespace {

using Names = std::vector<std::string>;
using Applied = std::function<ExprPtr(const ExprPtr&, const Names&)>;

bool has(const Names& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Those of `free` that are among `names`.
Names among(const Names& free, const Names& names) {
  Names found;
  for (const std::string& name : free)
    if (has(names, name)) found.push_back(name);
  return found;
}

Exprs identifiers(const Names& names) {
  Exprs exprs;
  for (const std::string& name : names) exprs.push_back(std::make_shared<Identifier>(name));
  return exprs;
}

Exprs with_body(ExprPtr body, const Exprs& arguments) {
  Exprs children = {std::move(body)};
  children.insert(children.end(), arguments.begin(), arguments.end());
  return children;
}

/// filter(x -> x > y, xs) becomes filter(x -> x, cartesian_map((x, y) -> x > y, xs, ys)).
ExprPtr match_over_map(const ApplyCall& call, Names parameters, const Exprs& arguments) {
  ExprPtr inner = make_apply(ApplyKind::kCartesianMap, std::move(parameters), with_body(call.body(), arguments));
  return make_apply(call.kind(), {"_"}, {std::make_shared<Identifier>("_"), std::move(inner)});
}

/// Columns that a lambda uses become parameters and arguments of their own.
ExprPtr lifted(const ApplyCall& call, const Names& names, const Applied& apply) {
  const BindingAnalysis analysis = call.analyze();
  Names in_arguments;
  for (const std::string& name : among(analysis.free, names))
    if (!analysis.arrays.contains(name)) in_arguments.push_back(name);
  Exprs arguments;
  for (const ExprPtr& argument : call.arguments()) arguments.push_back(apply(argument, in_arguments));
  const Names used = among(call.body_analysis().free, names);
  if (used.empty()) return make_apply(call.kind(), call.parameters(), with_body(call.body(), arguments));
  const Exprs more = identifiers(used);
  const std::ptrdiff_t accumulator = is_fold(call.kind()) ? 1 : 0;
  Names parameters = call.parameters();
  parameters.insert(parameters.end() - accumulator, used.begin(), used.end());
  arguments.insert(arguments.end() - accumulator, more.begin(), more.end());
  if (is_fold(call.kind()))
    return make_apply(ApplyKind::kCartesianFold, std::move(parameters), with_body(call.body(), arguments));
  if (is_map(call.kind()))
    return make_apply(ApplyKind::kCartesianMap, std::move(parameters), with_body(call.body(), arguments));
  return match_over_map(call, std::move(parameters), arguments);
}

/// Lambdas are lifted, and what goes into array functions is applied there.
ExprPtr inner_applied(const ExprPtr& expr, const Names& names, const Applied& apply) {
  return rewritten(expr, [&](const ExprPtr& node) -> ExprPtr {
    if (const auto* call = dynamic_cast<const ApplyCall*>(node.get())) return lifted(*call, names, apply);
    const auto* call = dynamic_cast<const Call*>(node.get());
    if (call == nullptr) return node;
    Exprs arguments = call->arguments();
    bool changed = false;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      if (!call->wants_array(i) || name_of(*arguments[i]) != nullptr) continue;
      ExprPtr argument = apply(arguments[i], names);
      changed |= argument != arguments[i];
      arguments[i] = std::move(argument);
    }
    return changed ? make_call(call->function(), std::move(arguments)) : node;
  });
}

/// The names that are still used as scalars.
Names remaining(const ExprPtr& expr, const Names& names) {
  const BindingAnalysis analysis = expr->analyze();
  Names left;
  for (const std::string& name : among(analysis.free, names))
    if (!analysis.arrays.contains(name)) left.push_back(name);
  return left;
}

}  // namespace

ExprPtr applied_to_each(const ExprPtr& expr, const Names& names) {
  if (among(expr->analyze().free, names).empty()) return expr;
  ExprPtr inner = inner_applied(expr, names, applied_to_each);
  const Names left = remaining(inner, names);
  if (left.empty()) return inner;
  const ApplyKind kind = left.size() == 1 ? ApplyKind::kMap : ApplyKind::kCartesianMap;
  return make_apply(kind, left, with_body(std::move(inner), identifiers(left)));
}

ExprPtr folded_over_each(const ExprPtr& expr, const Names& names, const std::string& accumulator) {
  if (among(expr->analyze().free, names).empty()) return expr;
  const Applied again = [&](const ExprPtr& part, const Names& some) {
    return folded_over_each(part, some, accumulator);
  };
  ExprPtr inner = inner_applied(expr, names, again);
  Names left = remaining(inner, names);
  if (left.empty()) return inner;
  const ApplyKind kind = left.size() == 1 ? ApplyKind::kFold : ApplyKind::kCartesianFold;
  left.push_back(accumulator);
  return make_apply(kind, left, with_body(std::move(inner), identifiers(left)));
}

}  // namespace sarsen::engine::expression
