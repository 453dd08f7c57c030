// Functions that make arrays and change them. A scalar is an array of one where an array is wanted; an array that is
// null gives null.

#include <algorithm>

#include "engine/expression/function.h"
#include "engine/text/java_pattern.h"
#include "storage/base/error.h"

namespace sarsen::engine::expression {
namespace {

Eval array(const Arguments& arguments) {
  std::vector<Eval> values;
  MaybeType element;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    values.push_back(arguments[i]);
    if (!values.back().is_null()) element = least_restrictive(element, values.back().type);
  }
  const Type type = Type::array(element.value_or(Type::long_()));
  ListElements elements;
  for (const Eval& value : values) elements.push_back(value.cast_to(type.element()).value);
  return Eval::array(type, std::move(elements));
}

MaybeType array_output(const ArgumentTypes& types) {
  MaybeType element;
  for (std::size_t i = 0; i < types.size(); ++i) element = least_restrictive(element, types[i]);
  return element ? MaybeType(Type::array(*element)) : std::nullopt;
}

template <std::size_t kArray>
MaybeType same_array(const ArgumentTypes& types) {
  const MaybeType type = types[kArray];
  return type ? MaybeType(type->as_array()) : std::nullopt;
}

Eval length(const Eval& value) {
  const std::optional<List> list = value.as_array();
  return list ? Eval::of(static_cast<std::int64_t>(list->elements().size())) : Eval();
}

Eval element_at(const Eval& value, std::int64_t position) {
  const std::optional<List> list = value.as_array();
  if (!list || position < 0 || position >= static_cast<std::int64_t>(list->elements().size())) return {};
  return Eval::of_type(value.element_type(), list->elements()[static_cast<std::size_t>(position)]);
}

Eval offset(const Eval& value, const Eval& position) { return element_at(value, position.as_int()); }
Eval ordinal(const Eval& value, const Eval& position) { return element_at(value, std::int64_t{position.as_int()} - 1); }

MaybeType element_output(const ArgumentTypes& types) {
  const MaybeType type = types[0];
  return type ? MaybeType(type->element()) : std::nullopt;
}

/// nullopt where the array is null.
struct Extended {
  Type type;
  ListElements elements;
  Value added;
};

std::optional<Extended> extended(const Eval& value, const Eval& added) {
  const std::optional<List> list = value.as_array();
  if (!list) return std::nullopt;
  return Extended{value.array_type(), list->elements(), added.cast_to(value.element_type()).value};
}

Eval append(const Eval& value, const Eval& added) {
  std::optional<Extended> parts = extended(value, added);
  if (!parts) return {};
  parts->elements.push_back(std::move(parts->added));
  return Eval::array(parts->type, std::move(parts->elements));
}

Eval prepend(const Eval& added, const Eval& value) {
  std::optional<Extended> parts = extended(value, added);
  if (!parts) return {};
  parts->elements.insert(parts->elements.begin(), std::move(parts->added));
  return Eval::array(parts->type, std::move(parts->elements));
}

/// In the order of the elements, each once.
Eval as_set(const Type& type, ListElements elements) {
  std::stable_sort(elements.begin(), elements.end(),
                   [](const Value& left, const Value& right) { return compare_elements(left, right) < 0; });
  elements.erase(std::unique(elements.begin(), elements.end(),
                             [](const Value& left, const Value& right) { return compare_elements(left, right) == 0; }),
                 elements.end());
  return Eval::array(type, std::move(elements));
}

Eval set_add(const Eval& value, const Eval& added) {
  std::optional<Extended> parts = extended(value, added);
  if (!parts) return {};
  parts->elements.push_back(std::move(parts->added));
  return as_set(parts->type, std::move(parts->elements));
}

/// Both, the second not cast to the first one's type: Druid casts it and then takes the uncast one. nullopt where one
/// is null.
std::optional<ListElements> joined(const Eval& left, const Eval& right) {
  const std::optional<List> first = left.as_array();
  const std::optional<List> second = right.as_array();
  if (!first || !second) return std::nullopt;
  ListElements elements = first->elements();
  elements.insert(elements.end(), second->elements().begin(), second->elements().end());
  return elements;
}

Eval concat(const Eval& left, const Eval& right) {
  std::optional<ListElements> elements = joined(left, right);
  return elements ? Eval::array(left.array_type(), *std::move(elements)) : Eval();
}

/// The elements are compared as those of the first array are: as strings, longs or doubles.
Eval set_add_all(const Eval& left, const Eval& right) {
  std::optional<ListElements> elements = joined(left, right);
  if (!elements) return {};
  const Type element = left.element_type();
  const auto there = [](const Value& value) { return !is_null(value); };
  const auto alien = [&](const Value& value) {
    return there(value) && std::holds_alternative<std::string>(value) != element.is_string();
  };
  if (element.is_primitive() && std::count_if(elements->begin(), elements->end(), there) > 1 &&
      std::any_of(elements->begin(), elements->end(), alien))
    fail_function("array_set_add_all", "cannot compare its elements as " + element.name());
  return as_set(left.array_type(), *std::move(elements));
}

/// An end past the array fills up with nulls.
Eval slice(const Arguments& arguments) {
  const Eval value = arguments[0];
  const std::optional<List> list = value.as_array();
  if (!list) return {};
  const auto size = static_cast<std::int64_t>(list->elements().size());
  const std::int64_t start = arguments[1].as_int();
  const std::int64_t end = arguments.size() > 2 ? arguments[2].as_int() : size;
  if (start < 0 || start > size || start > end) return {};
  if (end - start > static_cast<std::int64_t>(kArraySizeMax))
    return Eval::array(value.type, ListElements(kArraySizeMax + 1));
  ListElements elements(list->elements().begin() + start, list->elements().begin() + std::min(end, size));
  elements.resize(static_cast<std::size_t>(end - start));
  return Eval::array(value.array_type(), std::move(elements));
}

Eval to_string(const Eval& value, const Eval& separator) {
  const std::optional<List> list = value.as_array();
  if (!list || (list->elements().size() == 1 && is_null(list->elements()[0]))) return {};
  const std::string between = separator.as_string().value_or("");
  std::string text;
  for (std::size_t i = 0; i < list->elements().size(); ++i) {
    if (i > 0) text += between;
    text += text_of(list->elements()[i]).value_or("null");
    if (text.size() > kTextBytesMax) break;  // Eval::of refuses it
  }
  return Eval::of(std::move(text));
}

Eval split(const JavaPattern& pattern, const std::string& text) {
  ListElements elements;
  for (std::string& piece : pattern.split(text)) elements.emplace_back(std::move(piece));
  return Eval::array(Type::string_array(), std::move(elements));
}

/// A null separator is an empty one: every character for itself.
Apply bind_split(const Exprs& arguments) {
  std::shared_ptr<const JavaPattern> literal;
  if (const Eval* pattern = literal_of(*arguments[1]))
    literal = std::make_shared<const JavaPattern>(pattern->as_string().value_or(""));
  return [literal](const Arguments& given) -> Eval {
    const std::optional<std::string> text = given[0].as_string();
    if (!text) return {};
    return literal ? split(*literal, *text) : split(JavaPattern(given[1].as_string().value_or("")), *text);
  };
}

Eval as_strings(const Eval& value) { return value.cast_to(Type::string_array()); }

Apply bind_mv_to_array(const Exprs& arguments) {
  if (name_of(*arguments[0]) == nullptr)
    fail_function("mv_to_array",
                  "argument " + arguments[0]->text() + " should be an identifier expression. Use array() instead");
  return of_one<as_strings>(arguments);
}

Eval harmonize(const Eval& value) {
  Eval strings = as_strings(value);
  if (const auto* list = std::get_if<List>(&strings.value); list != nullptr && !list->elements().empty())
    return strings;
  return Eval::array(Type::string_array(), {Value()});
}

}  // namespace

void add_array_functions(FunctionRegistry& registry) {
  const auto add = [&](std::string_view name, std::size_t min, std::size_t max, Apply (*bind)(const Exprs&),
                       MaybeType (*output)(const ArgumentTypes&), ArgumentUse use, bool array_result) {
    registry.add({.name = name,
                  .arguments_min = min,
                  .arguments_max = max,
                  .bind = bind,
                  .output = output,
                  .use = use,
                  .array_output = array_result});
  };
  add("array", 1, kAnyNumber, plain<array>, array_output, ArgumentUse::kScalars, true);
  add("array_length", 1, 1, of_one<length>, long_output, ArgumentUse::kArrays, false);
  add("array_offset", 2, 2, of_two<offset>, element_output, ArgumentUse::kFirstArray, false);
  add("array_ordinal", 2, 2, of_two<ordinal>, element_output, ArgumentUse::kFirstArray, false);
  add("array_append", 2, 2, of_two<append>, same_array<0>, ArgumentUse::kFirstArray, true);
  add("array_prepend", 2, 2, of_two<prepend>, same_array<1>, ArgumentUse::kSecondArray, true);
  add("array_concat", 2, 2, of_two<concat>, same_array<0>, ArgumentUse::kArrays, true);
  add("array_set_add", 2, 2, of_two<set_add>, same_array<0>, ArgumentUse::kFirstArray, true);
  add("array_set_add_all", 2, 2, of_two<set_add_all>, same_array<0>, ArgumentUse::kArrays, true);
  add("array_slice", 2, 3, plain<slice>, same_array<0>, ArgumentUse::kFirstArray, true);
  add("array_to_string", 2, 2, of_two<to_string>, string_output, ArgumentUse::kFirstArray, false);
  add("string_to_array", 2, 2, bind_split, string_array_output, ArgumentUse::kScalars, true);
  add("array_to_mv", 1, 1, of_one<as_strings>, string_array_output, ArgumentUse::kArrays, true);
  add("mv_to_array", 1, 1, bind_mv_to_array, string_array_output, ArgumentUse::kArrays, true);
  add("mv_harmonize_nulls", 1, 1, of_one<harmonize>, string_array_output, ArgumentUse::kArrays, true);
}

}  // namespace sarsen::engine::expression
