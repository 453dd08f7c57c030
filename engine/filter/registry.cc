// The list of all filters, in one screen. Nothing registers itself: static constructors run in no order and vanish from
// static libraries.

#include <algorithm>
#include <array>

#include "engine/filter/filter.h"
#include "storage/base/check.h"

namespace sarsen::engine {

void register_selector(FilterRegistry& registry);
void register_in(FilterRegistry& registry);
void register_bound(FilterRegistry& registry);
void register_null(FilterRegistry& registry);
void register_logical(FilterRegistry& registry);
void register_constant(FilterRegistry& registry);
void register_expression(FilterRegistry& registry);

namespace {

/// Druid's other filters: known, so that the answer is "not built" and not "unknown".
constexpr std::array kNotBuilt = {"equals",
                                  "inType",
                                  "range",
                                  "like",
                                  "regex",
                                  "search",
                                  "extraction",
                                  "interval",
                                  "columnComparison",
                                  "spatial",
                                  "arrayContainsElement",
                                  "javascript",
                                  "bloom",
                                  "istrue",
                                  "isfalse"};

FilterRegistry build() {
  FilterRegistry registry;
  register_selector(registry);
  register_in(registry);
  register_bound(registry);
  register_null(registry);
  register_logical(registry);
  register_constant(registry);
  register_expression(registry);
  return registry;
}

std::vector<std::string> names() {
  std::vector<std::string> all(kNotBuilt.begin(), kNotBuilt.end());
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
  if (std::find(kNotBuilt.begin(), kNotBuilt.end(), type) != kNotBuilt.end())
    throw Error(ErrorCategory::kUnsupported,
                type_field.path() + ": the filter \"" + type + "\" is not part of this version");
  type_field.fail("unknown filter type \"" + type + "\"" + suggestion(type, names()));
}

FilterPtr parse_optional_filter(const JsonField& json) { return json.present() ? parse_filter(json) : nullptr; }

void FilterMatcher::index_rows(bool /*include_unknown*/, std::span<std::uint64_t> /*rows*/) const {
  throw Error(ErrorCategory::kDefensive, "index_rows of a filter without an index");
}

}  // namespace sarsen::engine
