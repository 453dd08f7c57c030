#include "engine/expression/binding_analysis.h"

#include <algorithm>

#include "storage/base/error.h"

namespace sarsen::engine::expression {

BindingAnalysis BindingAnalysis::of_name(const std::string& name) {
  BindingAnalysis analysis;
  analysis.free.push_back(name);
  return analysis;
}

BindingAnalysis BindingAnalysis::all_of(std::span<const BindingAnalysis> parts) {
  BindingAnalysis all;
  for (const BindingAnalysis& part : parts) all.add(part);
  return all;
}

bool BindingAnalysis::uses(std::string_view name) const noexcept {
  return std::find(free.begin(), free.end(), name) != free.end();
}

void BindingAnalysis::add(const BindingAnalysis& other) {
  for (const std::string& name : other.free)
    if (!uses(name)) free.push_back(name);
  scalars.insert(other.scalars.begin(), other.scalars.end());
  arrays.insert(other.arrays.begin(), other.arrays.end());
  array_inputs |= other.array_inputs;
  array_output |= other.array_output;
}

void BindingAnalysis::remove(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    std::erase(free, name);
    scalars.erase(name);
    arrays.erase(name);
  }
}

void BindingAnalysis::check(const std::string& text) const {
  for (const std::string& name : scalars)
    if (arrays.contains(name))
      throw Error(ErrorCategory::kInvalidInput,
                  "Invalid expression: " + text + "; [" + name + "] used as both scalar and array variables");
}

}  // namespace sarsen::engine::expression
