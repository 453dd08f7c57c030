// The list of all functions, by family. Nothing registers itself.

#include <boost/unordered/unordered_flat_map.hpp>

#include "engine/expression/function.h"

namespace sarsen::engine::expression {

void add_general_functions(FunctionRegistry& registry);
void add_math_functions(FunctionRegistry& registry);
void add_two_number_functions(FunctionRegistry& registry);
void add_string_functions(FunctionRegistry& registry);
void add_padding_functions(FunctionRegistry& registry);
void add_pattern_functions(FunctionRegistry& registry);
void add_array_functions(FunctionRegistry& registry);
void add_array_search_functions(FunctionRegistry& registry);
void add_json_functions(FunctionRegistry& registry);
void add_time_functions(FunctionRegistry& registry);
void add_time_text_functions(FunctionRegistry& registry);
void add_address_functions(FunctionRegistry& registry);
void add_readable_number_functions(FunctionRegistry& registry);
void add_sketch_functions(FunctionRegistry& registry);
void add_lookup_function(FunctionRegistry& registry);

namespace {

FunctionRegistry build() {
  FunctionRegistry registry;
  add_general_functions(registry);
  add_math_functions(registry);
  add_two_number_functions(registry);
  add_string_functions(registry);
  add_padding_functions(registry);
  add_pattern_functions(registry);
  add_array_functions(registry);
  add_array_search_functions(registry);
  add_json_functions(registry);
  add_time_functions(registry);
  add_time_text_functions(registry);
  add_address_functions(registry);
  add_readable_number_functions(registry);
  add_sketch_functions(registry);
  add_lookup_function(registry);
  return registry;
}

const FunctionRegistry& registry() {
  static const FunctionRegistry built = build();
  return built;
}

std::string lower(std::string_view name) {
  std::string text(name);
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return text;
}

using ByName = boost::unordered_flat_map<std::string, const Function*>;

ByName index() {
  ByName by_name;
  for (const Function& function : registry().functions()) by_name.emplace(lower(function.name), &function);
  return by_name;
}

}  // namespace

const Function* find_function(std::string_view name) {
  static const ByName by_name = index();
  const auto found = by_name.find(lower(name));
  return found == by_name.end() ? nullptr : found->second;
}

std::vector<std::string> function_names() {
  std::vector<std::string> names;
  for (const Function& function : registry().functions()) names.emplace_back(function.name);
  return names;
}

}  // namespace sarsen::engine::expression
