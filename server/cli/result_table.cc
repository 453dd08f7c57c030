#include "server/cli/result_table.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "server/cli/table.h"

namespace sarsen::server {
namespace {

using Row = std::vector<std::pair<std::string, const Json*>>;

std::string cell_of(const Json& value) {
  if (value.is_null()) return "null";
  return value.is_string() ? value.string() : value.dump();
}

void add_members(Row& row, const Json& object) {
  for (const auto& [name, value] : object.object()) row.emplace_back(name, &value);
}

/// A row of `values`, led by the element's timestamp.
Row row_of(const Json& element, const Json& values) {
  Row row;
  if (const Json* timestamp = element.find("timestamp")) row.emplace_back("timestamp", timestamp);
  add_members(row, values);
  return row;
}

bool add_scan_rows(const Json& element, std::vector<Row>& rows) {
  const Json* columns = element.find("columns");
  for (const Json& event : element.find("events")->array()) {
    Row row;
    if (event.is_object()) {
      add_members(row, event);
    } else {
      if (!event.is_array() || columns == nullptr || !columns->is_array()) return false;
      const std::size_t count = std::min(columns->array().size(), event.array().size());
      for (std::size_t at = 0; at < count; ++at) row.emplace_back(cell_of(columns->array()[at]), &event.array()[at]);
    }
    rows.push_back(std::move(row));
  }
  return true;
}

/// False where `element` is none that has rows.
bool add_rows(const Json& element, std::vector<Row>& rows) {
  if (const Json* event = element.find("event"); event != nullptr && event->is_object()) {
    rows.push_back(row_of(element, *event));
    return true;
  }
  if (const Json* events = element.find("events"); events != nullptr && events->is_array())
    return add_scan_rows(element, rows);
  const Json* result = element.find("result");
  if (result == nullptr) return false;
  if (result->is_object()) {
    rows.push_back(row_of(element, *result));
    return true;
  }
  if (!result->is_array()) return false;
  for (const Json& entry : result->array()) {
    if (!entry.is_object()) return false;
    rows.push_back(row_of(element, entry));
  }
  return true;
}

std::vector<std::string> names_of(const std::vector<Row>& rows) {
  std::vector<std::string> names;
  for (const Row& row : rows)
    for (const auto& [name, value] : row)
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  return names;
}

std::vector<std::string> cells_of(const Row& row, const std::vector<std::string>& names) {
  std::vector<std::string> cells(names.size());
  for (const auto& [name, value] : row)
    cells[static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin())] = cell_of(*value);
  return cells;
}

}  // namespace

std::optional<std::string> result_table(const Json& answer) {
  if (!answer.is_array()) return std::nullopt;
  std::vector<Row> rows;
  for (const Json& element : answer.array())
    if (!add_rows(element, rows)) return std::nullopt;
  const std::vector<std::string> names = names_of(rows);
  const std::string count = std::to_string(rows.size()) + (rows.size() == 1 ? " row\n" : " rows\n");
  if (names.empty()) return count;
  Table table(names);
  for (const Row& row : rows) table.add_row(cells_of(row, names));
  return table.text() + count;
}

}  // namespace sarsen::server
