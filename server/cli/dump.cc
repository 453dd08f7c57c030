#include "server/cli/dump.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string_view>

#include "server/cli/exit_status.h"
#include "server/cli/row_printer.h"
#include "server/cli/table.h"
#include "storage/base/interval.h"
#include "storage/base/json_writer.h"
#include "storage/segment/mapped_segment.h"

namespace sarsen::server {
namespace {

using storage::Column;
using storage::Segment;

/// A stored column and what part it has in the segment.
struct DumpedColumn {
  std::string name;
  std::string_view kind;  // "time", "dimension", "metric"
  const Column* column;
};

void print(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

std::vector<DumpedColumn> columns_of(const Segment& segment, const std::vector<std::string>& wanted) {
  std::vector<DumpedColumn> columns;
  const auto add = [&](const std::string& name, std::string_view kind) {
    const bool is_wanted = wanted.empty() || std::find(wanted.begin(), wanted.end(), name) != wanted.end();
    const Column* column = is_wanted ? segment.column(name) : nullptr;
    if (column != nullptr) columns.push_back({name, kind, column});
  };
  add(std::string(storage::kTimeColumn), "time");
  for (const std::string& name : segment.dimensions()) add(name, "dimension");
  for (const std::string& name : segment.metrics()) add(name, "metric");
  return columns;
}

std::string type_of(const Column& column) {
  std::string text(storage::name_of(column.type()));
  if (!column.complex_type().empty()) text += "<" + std::string(column.complex_type()) + ">";
  if (column.multiple_values()) text += ", multi-value";
  return text;
}

void put_columns_json(const std::vector<DumpedColumn>& columns, JsonWriter& json) {
  json.key("columns").begin_array();
  for (const auto& [name, kind, column] : columns) {
    json.begin_object().key("name").string(name).key("kind").string(kind);
    json.key("type").string(storage::name_of(column->type()));
    if (!column->complex_type().empty()) json.key("complexType").string(column->complex_type());
    json.key("multipleValues").boolean(column->multiple_values());
    json.key("mayHaveNulls").boolean(column->may_have_nulls());
    json.key("cardinality");
    if (column->dictionary() != nullptr)
      json.integer(column->dictionary()->size());
    else
      json.null();
    json.key("bitmapIndex").boolean(column->bitmap_index() != nullptr);
    json.key("encoding").string(column->encoding());
    json.key("sizeBytes").integer(static_cast<std::int64_t>(column->size_bytes())).end_object();
  }
  json.end_array();
}

void print_json(const Segment& segment, const std::vector<DumpedColumn>& columns) {
  JsonWriter json(JsonStyle::kPretty);
  json.begin_object().key("rows").integer(segment.row_count());
  json.key("interval").string(format_iso(segment.data_interval()));
  json.key("sortedByTime").boolean(segment.sorted_by_time());
  json.key("sizeBytes").integer(static_cast<std::int64_t>(segment.size_bytes()));
  put_columns_json(columns, json);
  json.end_object();
  print(json.text() + "\n");
}

std::string time_text(const Segment& segment) {
  const auto bounds = segment.time_bounds();
  return bounds ? format_iso(bounds->start_ms) + " to " + format_iso(bounds->end_ms) : "no rows";
}

void print_table(const Segment& segment, const std::vector<DumpedColumn>& columns) {
  fmt::print("rows      {}\ninterval  {}\ntimes     {}{}\nsize      {} bytes\n\n", segment.row_count(),
             format_iso(segment.data_interval()), time_text(segment),
             segment.sorted_by_time() ? "" : " (not sorted by time)", segment.size_bytes());
  Table table({"column", "kind", "type", "values", "nulls", "bytes", "bytes/row", "index", "encoding"});
  const double rows = std::max<double>(1, segment.row_count());
  for (const auto& [name, kind, column] : columns)
    table.add_row({name, std::string(kind), type_of(*column),
                   column->dictionary() == nullptr ? "" : std::to_string(column->dictionary()->size()),
                   column->may_have_nulls() ? "maybe" : "no", std::to_string(column->size_bytes()),
                   fmt::format("{:.2f}", static_cast<double>(column->size_bytes()) / rows),
                   column->bitmap_index() == nullptr ? "" : "bitmap", column->encoding()});
  print(table.text());
}

void print_metadata(const Segment& segment) { print(segment.metadata().dump() + "\n"); }

void print_rows(const std::shared_ptr<const Segment>& segment, const DumpOptions& options) {
  std::vector<std::string> names = options.columns;
  if (names.empty())
    for (const DumpedColumn& column : columns_of(*segment, {})) names.push_back(column.name);
  RowPrinter(segment, names).print(options.limit, print);
}

}  // namespace

int dump(const DumpOptions& options) {
  const std::shared_ptr<const Segment> segment = storage::open_segment(options.segment);
  switch (options.kind) {
    case DumpKind::kRows:
      print_rows(segment, options);
      break;
    case DumpKind::kMetadata:
      print_metadata(*segment);
      break;
    case DumpKind::kColumns:
      if (options.json)
        print_json(*segment, columns_of(*segment, options.columns));
      else
        print_table(*segment, columns_of(*segment, options.columns));
      break;
  }
  return kSuccess;
}

}  // namespace sarsen::server
