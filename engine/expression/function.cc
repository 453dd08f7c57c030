#include "engine/expression/function.h"

#include <algorithm>

#include "storage/base/error.h"

namespace sarsen::engine::expression {
namespace {

std::string count_text(const Function& function) {
  const std::string min = std::to_string(function.arguments_min);
  if (function.arguments_max == kAnyNumber) return "at least " + min + " arguments";
  if (function.arguments_max == function.arguments_min)
    return min + (function.arguments_min == 1 ? " argument" : " arguments");
  return min + " to " + std::to_string(function.arguments_max) + " arguments";
}

void check_count(const Function& function, std::size_t count) {
  if (count < function.arguments_min || count > function.arguments_max)
    fail_function(function.name, "requires " + count_text(function));
}

/// cast takes its operand as what it casts to.
bool casts_to_array(const Expr& type) {
  const Eval* literal = literal_of(type);
  if (literal == nullptr) return false;
  std::string name = literal->as_string().value_or("");
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  const MaybeType parsed = Type::parse(name);
  return parsed && !parsed->is_primitive();
}

bool all(const ArgumentTypes& types, bool unknown, bool (Type::*test)() const noexcept) {
  for (std::size_t i = 0; i < types.size(); ++i) {
    const MaybeType type = types[i];
    if (type ? !((*type).*test)() : !unknown) return false;
  }
  return true;
}

}  // namespace

Call::Call(const Function& function, Exprs arguments) : Expr(std::move(arguments)), function_(function) {
  check_count(function, children().size());
  apply_ = function.bind(children());
}

MaybeType Call::output_type(const InputTypes& inputs) const {
  return function_.output(ArgumentTypes(children(), inputs));
}

bool Call::vectorized(const InputTypes& inputs) const {
  const ArgumentTypes types(children(), inputs);
  for (const ExprPtr& child : children())
    if (!child->vectorized(inputs)) return false;
  switch (function_.vector_rule) {
    case VectorRule::kAlways:
      return true;
    case VectorRule::kNumbers:
      return all(types, true, &Type::is_numeric);
    case VectorRule::kScalars:
      return all(types, true, &Type::is_primitive);
    case VectorRule::kKnownTypes:
      break;
  }
  return function_.output(types).has_value() && all(types, false, &Type::is_primitive);
}

bool Call::wants_array(std::size_t i) const {
  switch (function_.use) {
    case ArgumentUse::kScalars:
      return false;
    case ArgumentUse::kArrays:
      return true;
    case ArgumentUse::kFirstArray:
      return i == 0;
    case ArgumentUse::kSecondArray:
      return i == 1;
    case ArgumentUse::kCast:
      return i == 0 && casts_to_array(*children()[1]);
  }
  return false;
}

bool Call::wants_scalar(std::size_t i) const {
  if (function_.use == ArgumentUse::kCast) return i == 0 && !wants_array(0) && literal_of(*children()[1]) != nullptr;
  return !wants_array(i);
}

BindingAnalysis Call::analyze() const {
  BindingAnalysis analysis = BindingAnalysis::all_of(analyses(children()));
  for (std::size_t i = 0; i < children().size(); ++i) {
    const std::string* name = name_of(*children()[i]);
    if (name != nullptr && wants_array(i)) analysis.arrays.insert(*name);
    if (name != nullptr && wants_scalar(i)) analysis.scalars.insert(*name);
    analysis.array_inputs |= wants_array(i);
  }
  analysis.array_output |= function_.array_output;
  return analysis;
}

std::string Call::text() const {
  std::string list;
  for (const ExprPtr& argument : children()) list += (list.empty() ? "" : ", ") + argument->text();
  return std::string(function_.name) + "(" + list + ")";
}

ExprPtr Call::with_children(Exprs children) const { return make_call(function_, std::move(children)); }

ExprPtr make_call(const Function& function, Exprs arguments) {
  return folded(std::make_shared<Call>(function, std::move(arguments)));
}

MaybeType long_output(const ArgumentTypes&) { return Type::long_(); }
MaybeType double_output(const ArgumentTypes&) { return Type::double_(); }
MaybeType string_output(const ArgumentTypes&) { return Type::string(); }
MaybeType string_array_output(const ArgumentTypes&) { return Type::string_array(); }
MaybeType json_output(const ArgumentTypes&) { return Type::json(); }
MaybeType unknown_output(const ArgumentTypes&) { return std::nullopt; }
MaybeType first_output(const ArgumentTypes& types) { return types[0]; }

MaybeType joined_output(const ArgumentTypes& types) {
  MaybeType type;
  for (std::size_t i = 0; i < types.size(); ++i) type = function_type(type, types[i]);
  return type;
}

void fail_function(std::string_view name, const std::string& problem) {
  throw Error(ErrorCategory::kInvalidInput, "Function[" + std::string(name) + "] " + problem);
}

std::optional<std::string> literal_text(std::string_view function, const Exprs& arguments, std::size_t i) {
  if (i >= arguments.size()) return std::nullopt;
  const Eval* literal = literal_of(*arguments[i]);
  if (literal == nullptr) fail_function(function, "argument " + std::to_string(i + 1) + " must be a literal");
  return literal->as_string();
}

}  // namespace sarsen::engine::expression
