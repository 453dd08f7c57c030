// Casts, conditions, nulls, and extremes of any number of values.

#include <algorithm>

#include "engine/expression/function.h"
#include "engine/expression/operator.h"
#include "engine/result/value_order.h"
#include "storage/base/java_order.h"

namespace sarsen::engine::expression {
namespace {

/// Expressions know no FLOAT, and cast() reads its type in capitals: nothing can be cast to COMPLEX<JSON>.
MaybeType type_named(std::optional<std::string> name) {
  if (!name) return std::nullopt;
  std::transform(name->begin(), name->end(), name->begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  if (name->ends_with("FLOAT>") || *name == "FLOAT") return std::nullopt;
  const MaybeType type = Type::parse(*name);
  return type && type->is_json() ? Type::complex("JSON") : type;
}

Eval cast(const Arguments& arguments) {
  const Eval value = arguments[0];
  if (value.is_null()) return {};
  const std::optional<std::string> name = arguments[1].as_string();
  const MaybeType type = type_named(name);
  if (!type) fail_function("cast", "Invalid type [" + name.value_or("null") + "]");
  return value.cast_to(*type);
}

MaybeType cast_output(const ArgumentTypes& types) {
  const Eval* literal = literal_of(types.expr(1));
  return literal != nullptr ? type_named(literal->as_string()) : std::nullopt;
}

Eval condition(const Arguments& arguments) { return arguments[arguments[0].as_bool() ? 1 : 2]; }

MaybeType condition_output(const ArgumentTypes& types) { return function_type(types[1], types[2]); }

Eval case_searched(const Arguments& arguments) {
  for (std::size_t i = 0; i + 1 < arguments.size(); i += 2)
    if (arguments[i].as_bool()) return arguments[i + 1];
  return arguments.size() % 2 == 1 ? arguments[arguments.size() - 1] : Eval();
}

MaybeType case_searched_output(const ArgumentTypes& types) {
  MaybeType type;
  for (std::size_t i = 1; i < types.size(); i += 2) type = function_type(type, types[i]);
  return function_type(type, types[types.size() - 1]);
}

Eval case_simple(const Arguments& arguments) {
  const Eval value = arguments[0];
  for (std::size_t i = 1; i + 1 < arguments.size(); i += 2)
    if (compared(BinaryOperator::kEqual, value, arguments[i]).as_bool()) return arguments[i + 1];
  return arguments.size() % 2 == 0 ? arguments[arguments.size() - 1] : Eval();
}

MaybeType case_simple_output(const ArgumentTypes& types) {
  MaybeType type;
  for (std::size_t i = 2; i < types.size(); i += 2) type = function_type(type, types[i]);
  return function_type(type, types[types.size() - 1]);
}

Eval coalesce(const Arguments& arguments) {
  Eval value;
  for (std::size_t i = 0; i < arguments.size(); ++i)
    if (value = arguments[i]; !value.is_null()) break;
  return value;
}

Eval is_null(const Eval& value) { return Eval::of(value.is_null()); }
Eval not_null(const Eval& value) { return Eval::of(!value.is_null()); }
Eval is_true(const Eval& value) { return Eval::of(!value.is_null() && value.as_bool()); }
Eval is_false(const Eval& value) { return Eval::of(!value.is_null() && !value.as_bool()); }
Eval not_true(const Eval& value) { return Eval::of(value.is_null() || !value.as_bool()); }
Eval not_false(const Eval& value) { return Eval::of(value.is_null() || value.as_bool()); }

bool same(const Eval& left, const Eval& right) {
  if (left.is_null() || right.is_null()) return left.is_null() == right.is_null();
  const Eval equal = compared(BinaryOperator::kEqual, left, right);
  return equal.is_null() ? left.is_numeric_null() == right.is_numeric_null() : equal.as_bool();
}

Eval not_distinct(const Eval& left, const Eval& right) { return Eval::of(same(left, right)); }
Eval distinct(const Eval& left, const Eval& right) { return Eval::of(!same(left, right)); }

/// Java's Math.max and Math.min, or the order of strings.
template <bool kGreatest>
Eval better(const Type& type, const Eval& left, const Eval& right) {
  int order = 0;
  if (type.is_long()) {
    order = left.as_long() < right.as_long() ? -1 : 1;
  } else if (type.is_double()) {
    if (left.as_double() != left.as_double()) return left;
    if (right.as_double() != right.as_double()) return right;
    order = compare_doubles(left.as_double(), right.as_double());
  } else {
    const auto text_order = java_compare(*left.as_string(), *right.as_string());
    order = text_order < 0 ? -1 : 1;
  }
  return (order > 0) == kGreatest ? left : right;
}

/// Nulls do not count, neither as values nor for the type.
template <bool kGreatest>
Eval extreme(const Arguments& arguments) {
  std::vector<Eval> values;
  MaybeType type = Type::long_();
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    Eval value = arguments[i];
    if (value.is_null()) continue;
    if (!value.type.is_primitive())
      fail_function(kGreatest ? "greatest" : "least", "does not accept " + value.type.name() + " types");
    type = function_type(type, value.type);
    values.push_back(std::move(value));
  }
  if (values.empty()) return {};
  Eval best = values[0];
  for (std::size_t i = 1; i < values.size(); ++i) best = better<kGreatest>(*type, best, values[i]);
  return best.cast_to(*type);
}

MaybeType extreme_output(const ArgumentTypes& types) { return function_type(Type::long_(), joined_output(types)); }

}  // namespace

void add_general_functions(FunctionRegistry& registry) {
  registry.add({.name = "cast",
                .arguments_min = 2,
                .arguments_max = 2,
                .bind = plain<cast>,
                .output = cast_output,
                .vector_rule = VectorRule::kAlways,
                .use = ArgumentUse::kCast});
  registry.add({.name = "if",
                .arguments_min = 3,
                .arguments_max = 3,
                .bind = plain<condition>,
                .output = condition_output,
                .may_fail = false});
  registry.add({.name = "case_searched",
                .arguments_min = 2,
                .arguments_max = kAnyNumber,
                .bind = plain<case_searched>,
                .output = case_searched_output,
                .may_fail = false});
  registry.add({.name = "case_simple",
                .arguments_min = 3,
                .arguments_max = kAnyNumber,
                .bind = plain<case_simple>,
                .output = case_simple_output,
                .may_fail = false});
  registry.add({.name = "nvl",
                .arguments_min = 2,
                .arguments_max = 2,
                .bind = plain<coalesce>,
                .output = joined_output,
                .vector_rule = VectorRule::kAlways,
                .may_fail = false});
  registry.add({.name = "coalesce",
                .arguments_min = 1,
                .arguments_max = kAnyNumber,
                .bind = plain<coalesce>,
                .output = joined_output,
                .may_fail = false});
  const auto add_test = [&](std::string_view name, Apply (*bind)(const Exprs&), VectorRule rule) {
    registry.add({.name = name,
                  .arguments_min = 1,
                  .arguments_max = 1,
                  .bind = bind,
                  .output = long_output,
                  .vector_rule = rule,
                  .may_fail = false});
  };
  add_test("isnull", of_one<is_null>, VectorRule::kAlways);
  add_test("notnull", of_one<not_null>, VectorRule::kAlways);
  add_test("istrue", of_one<is_true>, VectorRule::kKnownTypes);
  add_test("isfalse", of_one<is_false>, VectorRule::kKnownTypes);
  add_test("nottrue", of_one<not_true>, VectorRule::kKnownTypes);
  add_test("notfalse", of_one<not_false>, VectorRule::kKnownTypes);
  registry.add({.name = "notdistinctfrom",
                .arguments_min = 2,
                .arguments_max = 2,
                .bind = of_two<not_distinct>,
                .output = long_output,
                .may_fail = false});
  registry.add({.name = "isdistinctfrom",
                .arguments_min = 2,
                .arguments_max = 2,
                .bind = of_two<distinct>,
                .output = long_output,
                .may_fail = false});
  registry.add({.name = "greatest",
                .arguments_min = 0,
                .arguments_max = kAnyNumber,
                .bind = plain<extreme<true>>,
                .output = extreme_output});
  registry.add({.name = "least",
                .arguments_min = 0,
                .arguments_max = kAnyNumber,
                .bind = plain<extreme<false>>,
                .output = extreme_output});
}

}  // namespace sarsen::engine::expression
