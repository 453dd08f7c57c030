// The list of all virtual columns, and what they share.

#include <algorithm>
#include <array>

#include "engine/virtual_column/virtual_column.h"
#include "storage/base/error.h"

namespace sarsen::engine {

void register_expression_column(VirtualColumnRegistry& registry);
void register_fallback_column(VirtualColumnRegistry& registry);
void register_nested_field_column(VirtualColumnRegistry& registry);

namespace {

/// Druid's other virtual columns: known, so that the answer is "not built" and not "unknown".
constexpr std::array kNotBuilt = {"list-filtered",    "regex-filtered",    "prefix-filtered",
                                  "mv-list-filtered", "mv-regex-filtered", "mv-prefix-filtered"};

VirtualColumnRegistry build() {
  VirtualColumnRegistry registry;
  register_expression_column(registry);
  register_fallback_column(registry);
  register_nested_field_column(registry);
  return registry;
}

std::vector<std::string> names() {
  std::vector<std::string> all(kNotBuilt.begin(), kNotBuilt.end());
  for (const VirtualColumnType& type : virtual_columns().types()) all.emplace_back(type.type);
  return all;
}

/// Whether `from` needs `wanted`, itself or by the columns that it reads.
bool needs(const VirtualColumns& columns, const VirtualColumn& from, std::string_view wanted, std::size_t depth) {
  if (depth > columns.all().size()) return true;
  for (const std::string& name : from.required_columns()) {
    if (name == from.name()) continue;  // the stored column of that name
    if (name == wanted) return true;
    const VirtualColumn* next = columns.find(name);
    if (next != nullptr && needs(columns, *next, wanted, depth + 1)) return true;
  }
  return false;
}

}  // namespace

const VirtualColumnRegistry& virtual_columns() {
  static const VirtualColumnRegistry registry = build();
  return registry;
}

VirtualColumnPtr parse_virtual_column(const JsonField& json) {
  const JsonField type_field = json["type"];
  const std::string type = type_field.string();
  const auto& types = virtual_columns().types();
  const auto found = std::find_if(types.begin(), types.end(), [&](const auto& entry) { return entry.type == type; });
  if (found != types.end()) return found->parse(json);
  if (std::find(kNotBuilt.begin(), kNotBuilt.end(), type) != kNotBuilt.end())
    throw Error(ErrorCategory::kUnsupported,
                type_field.path() + ": the virtual column \"" + type + "\" is not part of this version");
  type_field.fail("unknown virtual column type \"" + type + "\"" + suggestion(type, names()));
}

VirtualColumns::VirtualColumns(const JsonField& list) {
  for (const JsonField& element : list.elements()) {
    if (!element.present()) continue;
    VirtualColumnPtr column = parse_virtual_column(element);
    if (column->name() == storage::kTimeColumn)
      element["name"].fail("Cannot use column name[__time] for a virtual column");
    if (find(column->name()) != nullptr)
      element["name"].fail("two virtual columns are named \"" + column->name() + "\"");
    columns_.push_back(std::move(column));
  }
  for (const VirtualColumnPtr& column : columns_)
    if (needs(*this, *column, column->name(), 0)) list.fail("Self-referential virtual column[" + column->name() + "]");
}

const VirtualColumn* VirtualColumns::find(std::string_view name) const noexcept {
  const auto found =
      std::find_if(columns_.begin(), columns_.end(), [&](const auto& column) { return column->name() == name; });
  return found == columns_.end() ? nullptr : found->get();
}

}  // namespace sarsen::engine
