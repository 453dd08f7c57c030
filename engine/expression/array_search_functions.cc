// Functions that look for something in arrays, and the quantile of one.

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/expression/function.h"
#include "engine/result/value_order.h"
#include "storage/base/error.h"

namespace sarsen::engine::expression {
namespace {

bool contains(const List& list, const Value& wanted) {
  return std::any_of(list.elements().begin(), list.elements().end(),
                     [&](const Value& element) { return equal_values(element, wanted); });
}

/// The position of a value of the elements' very type: nothing is cast.
template <std::int64_t kFirst>
Eval position_of(const Eval& value, const Eval& wanted) {
  const std::optional<List> list = value.as_array();
  if (!list) return {};
  if (!wanted.type.is_primitive())
    fail_function(kFirst == 0 ? "array_offset_of" : "array_ordinal_of",
                  "second argument must be a scalar type but got " + wanted.type.name() + " instead");
  const ListElements& elements = list->elements();
  const auto found = std::find_if(elements.begin(), elements.end(),
                                  [&](const Value& element) { return equal_values(element, wanted.value); });
  return found == elements.end() ? Eval::null(Type::long_())
                                 : Eval::of(std::int64_t{found - elements.begin() + kFirst});
}

bool contains_all(const List& list, const List& wanted) {
  return std::all_of(wanted.elements().begin(), wanted.elements().end(),
                     [&](const Value& each) { return contains(list, each); });
}

/// What is looked for is cast to the elements' type first.
Eval array_contains(const Eval& value, const Eval& wanted) {
  const std::optional<List> list = value.as_array();
  if (!list) return Eval::null(Type::long_());
  if (wanted.type.is_array()) {
    const std::optional<List> all = wanted.cast_to(value.array_type()).as_array();
    return Eval::of(all && contains_all(*list, *all));
  }
  const Eval cast = wanted.cast_to(value.element_type());
  return Eval::of((!cast.is_null() || wanted.is_null()) && contains(*list, cast.value));
}

Eval array_overlap(const Eval& value, const Eval& other) {
  const std::optional<List> list = value.as_array();
  if (!list) return Eval::null(Type::long_());
  const std::optional<List> others = other.is_null() ? std::nullopt : other.cast_to(value.array_type()).as_array();
  return Eval::of(others && std::any_of(others->elements().begin(), others->elements().end(),
                                        [&](const Value& each) { return contains(*list, each); }));
}

/// The value as an element, where it is one without loss: 1.0 is 1 among longs, 1.1 is nothing.
std::optional<Value> comparable(const Eval& value, const Type& element) {
  if (value.type.is_array() && (!value.as_array() || value.as_array()->elements().size() > 1)) return std::nullopt;
  const Eval cast = value.cast_to(element);
  if (cast.is_null() != value.is_null()) return std::nullopt;
  if (element.is_long() && value.as_double() != cast.as_double()) return std::nullopt;
  return cast.value;
}

Eval scalar_in_array(const Eval& value, const Eval& list_value) {
  const std::optional<List> list = list_value.as_array();
  if (!list) return Eval::null(Type::long_());
  const std::optional<Value> wanted = comparable(value, list_value.element_type());
  if (wanted && contains(*list, *wanted)) return Eval::of(true);
  return value.is_null() ? Eval::null(Type::long_()) : Eval::of(false);
}

/// Between two neighbours the quantile is on the line that joins them.
double quantile(std::vector<double> numbers, double rank) {
  if (!(rank >= 0 && rank <= 1)) return std::numeric_limits<double>::quiet_NaN();
  std::sort(numbers.begin(), numbers.end(), [](double left, double right) { return compare_doubles(left, right) < 0; });
  const double index = rank * static_cast<double>(numbers.size() - 1);
  const auto below = static_cast<std::size_t>(std::floor(index));
  const std::size_t above = std::min(below + 1, numbers.size() - 1);
  return numbers[below] + (index - std::floor(index)) * (numbers[above] - numbers[below]);
}

Apply bind_quantile(const Exprs& arguments) {
  const Eval* literal = literal_of(*arguments[1]);
  if (literal == nullptr) fail_function("array_quantile", "rank argument must be a literal");
  if (literal->is_null() || !literal->type.is_numeric()) fail_function("array_quantile", "rank must be a number");
  return [rank = literal->as_double()](const Arguments& given) {
    const Eval value = given[0];
    if (value.is_null() || !value.type.is_array() || !value.element_type().is_numeric())
      return Eval::null(Type::double_());
    std::vector<double> numbers;
    for (const Value& element : std::get<List>(value.value).elements())
      if (!is_null(element)) numbers.push_back(Eval::of_type(Type::double_(), element).as_double());
    return numbers.empty() ? Eval::null(Type::double_()) : Eval::of(quantile(std::move(numbers), rank));
  };
}

}  // namespace

void add_array_search_functions(FunctionRegistry& registry) {
  const auto add = [&](std::string_view name, Apply (*bind)(const Exprs&), ArgumentUse use,
                       MaybeType (*output)(const ArgumentTypes&) = long_output) {
    registry.add({.name = name, .arguments_min = 2, .arguments_max = 2, .bind = bind, .output = output, .use = use});
  };
  add("array_offset_of", of_two<position_of<0>>, ArgumentUse::kFirstArray);
  add("array_ordinal_of", of_two<position_of<1>>, ArgumentUse::kFirstArray);
  add("array_contains", of_two<array_contains>, ArgumentUse::kArrays);
  add("array_overlap", of_two<array_overlap>, ArgumentUse::kArrays);
  add("scalar_in_array", of_two<scalar_in_array>, ArgumentUse::kSecondArray);
  add("array_quantile", bind_quantile, ArgumentUse::kFirstArray, double_output);
}

}  // namespace sarsen::engine::expression
