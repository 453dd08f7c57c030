#include "storage/segment/index_drd_writer.h"

#include <optional>

#include "storage/column/column_descriptor_writer.h"
#include "storage/column/generic_indexed_writer.h"

namespace sarsen::storage {
namespace {

/// The names of columns that are stored, or of all in this way: null stands for "the next stored one".
void write_names(const std::vector<ColumnEntry>& columns, bool all, ByteWriter& out) {
  std::vector<std::optional<std::string_view>> names;
  for (const ColumnEntry& column : columns) {
    if (all)
      names.push_back(column.only_nulls ? std::optional(column.name) : std::nullopt);
    else if (!column.only_nulls)
      names.emplace_back(column.name);
  }
  write_string_list(names, out);
}

}  // namespace

void write_index_drd(const IndexDrdContent& index, ByteWriter& out) {
  std::vector<ColumnEntry> columns = index.metrics;
  columns.insert(columns.end(), index.dimensions.begin(), index.dimensions.end());
  write_names(columns, false, out);
  write_names(index.dimensions, false, out);
  out.write_be(index.interval.start_ms);
  out.write_be(index.interval.end_ms);
  write_sized_text(bitmap_json(index.bitmap), out);
  write_names(columns, true, out);
  write_names(index.dimensions, true, out);
}

}  // namespace sarsen::storage
