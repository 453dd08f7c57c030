// The list of all filters, in one screen. Nothing registers itself: static constructors run in no order and vanish from
// static libraries.

#include <algorithm>

#include "engine/filter/filter.h"
#include "storage/base/check.h"

namespace sarsen::engine {

void register_array_contains_element(FilterRegistry& registry);
void register_bloom(FilterRegistry& registry);
void register_bound(FilterRegistry& registry);
void register_column_comparison(FilterRegistry& registry);
void register_constant(FilterRegistry& registry);
void register_expression(FilterRegistry& registry);
void register_equals(FilterRegistry& registry);
void register_in(FilterRegistry& registry);
void register_in_type(FilterRegistry& registry);
void register_interval(FilterRegistry& registry);
void register_javascript(FilterRegistry& registry);
void register_like(FilterRegistry& registry);
void register_logical(FilterRegistry& registry);
void register_null(FilterRegistry& registry);
void register_range(FilterRegistry& registry);
void register_regex(FilterRegistry& registry);
void register_search(FilterRegistry& registry);
void register_selector(FilterRegistry& registry);
void register_spatial(FilterRegistry& registry);
void register_truth(FilterRegistry& registry);

namespace {

FilterRegistry build() {
  FilterRegistry registry;
  register_array_contains_element(registry);
  register_bloom(registry);
  register_bound(registry);
  register_column_comparison(registry);
  register_constant(registry);
  register_expression(registry);
  register_equals(registry);
  register_in(registry);
  register_in_type(registry);
  register_interval(registry);
  register_javascript(registry);
  register_like(registry);
  register_logical(registry);
  register_null(registry);
  register_range(registry);
  register_regex(registry);
  register_search(registry);
  register_selector(registry);
  register_spatial(registry);
  register_truth(registry);
  return registry;
}

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const FilterType& type : filters().types()) all.emplace_back(type.type);
  return all;
}

}  // namespace

const FilterRegistry& filters() {
  static const FilterRegistry registry = build();
  return registry;
}

FilterPtr parse_filter(const JsonField& json) {
  const JsonField type_field = json["type"];
  const std::string type = type_field.string();
  const auto& types = filters().types();
  const auto found =
      std::find_if(types.begin(), types.end(), [&](const FilterType& entry) { return entry.type == type; });
  if (found != types.end()) return found->parse(json);
  type_field.fail("unknown filter type \"" + type + "\"" + suggestion(type, names()));
}

FilterPtr parse_optional_filter(const JsonField& json) { return json.present() ? parse_filter(json) : nullptr; }

void FilterMatcher::index_rows(bool /*include_unknown*/, std::span<std::uint64_t> /*rows*/) const {
  throw Error(ErrorCategory::kDefensive, "index_rows of a filter without an index");
}

}  // namespace sarsen::engine
