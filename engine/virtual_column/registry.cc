// The list of all virtual columns, and what they share.

#include <algorithm>
#include <cstdint>
#include <set>

#include "engine/text/utf16_text.h"
#include "engine/virtual_column/virtual_column.h"
#include "storage/base/error.h"

namespace sarsen::engine {

void register_expression_column(VirtualColumnRegistry& registry);
void register_fallback_column(VirtualColumnRegistry& registry);
void register_nested_field_column(VirtualColumnRegistry& registry);
void register_mv_filtered(VirtualColumnRegistry& registry);

namespace {

VirtualColumnRegistry build() {
  VirtualColumnRegistry registry;
  register_expression_column(registry);
  register_fallback_column(registry);
  register_mv_filtered(registry);
  register_nested_field_column(registry);
  return registry;
}

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const VirtualColumnType& type : virtual_columns().types()) all.emplace_back(type.type);
  return all;
}

/// The place of a name in a Java HashSet of few names, which is the order in which Druid goes through them.
std::uint32_t java_place(std::string_view name, std::size_t names) {
  const std::uint32_t hash = java_hash(name);
  std::uint32_t capacity = 16;
  while (names * 4 > capacity * 3) capacity *= 2;
  return (hash ^ (hash >> 16)) & (capacity - 1);
}

/// Refuses a column that reads what was read on the way to it. As in Druid that is more than a circle: of what one
/// column reads directly, the earlier are on the way to the later, so that "b - a" is refused where b reads a and is
/// the later of the two in a HashSet, but not where it is the earlier.
void refuse_circles(const VirtualColumns& columns, const VirtualColumn& from, std::set<std::string> on_the_way,
                    const JsonField& list) {
  std::vector<std::string> names = from.required_columns();
  std::stable_sort(names.begin(), names.end(), [&](const std::string& left, const std::string& right) {
    return java_place(left, names.size()) < java_place(right, names.size());
  });
  for (const std::string& name : names) {
    if (!on_the_way.insert(name).second) list.fail("Self-referential column[" + name + "]");
    if (const VirtualColumn* next = columns.find(name)) refuse_circles(columns, *next, on_the_way, list);
  }
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
  for (const VirtualColumnPtr& column : columns_) refuse_circles(*this, *column, {column->name()}, list);
}

const VirtualColumn* VirtualColumns::find(std::string_view name) const noexcept {
  const auto found =
      std::find_if(columns_.begin(), columns_.end(), [&](const auto& column) { return column->name() == name; });
  return found == columns_.end() ? nullptr : found->get();
}

}  // namespace sarsen::engine
