// What the bitmap of each value of a column holds and weighs.
#include <fmt/format.h>

#include <algorithm>

#include "server/cli/dump/cells.h"
#include "server/cli/dump/dump_views.h"
#include "storage/base/error.h"
#include "storage/bitmap/bitmap_index.h"
#include "storage/bitmap/bitmap_layout.h"

namespace sarsen::server {
namespace {

using storage::BitmapLayout;
using storage::Column;

/// The value of `id` as a whole cell.
void add_value(const Column& column, std::uint32_t id, Record& record, CellStyle style) {
  if (column.dictionary() != nullptr) {
    const auto value = column.dictionary()->value(id);
    return value ? record.add_string(*value) : record.add_null();
  }
  const Json value = column.value_dictionary()->value(id);
  if (value.is_null()) return record.add_null();
  if (value.is_string() && style == CellStyle::kText) return record.add_string(value.string());
  record.add_raw(value.dump());
}

std::string containers_text(const BitmapLayout& layout) {
  std::string text;
  const auto add = [&](std::uint32_t count, const char* kind) {
    if (count > 0) text += fmt::format("{}{} {}{}", text.empty() ? "" : ", ", count, kind, count == 1 ? "" : "s");
  };
  add(layout.lists, "list");
  add(layout.bit_sets, "bit set");
  add(layout.runs, "run");
  add(layout.literals, "literal");
  add(layout.fills, "fill");
  return text;
}

const Column& column_with_bitmaps(const DumpedSegment& dumped, const DumpOptions& options) {
  const std::string name = dumped_names(*dumped.segment, {options.column}).front();
  const Column& column = *dumped.segment->column(name);
  if (column.bitmap_index() == nullptr)
    throw Error(ErrorCategory::kInvalidInput,
                "The column has no bitmaps: " + name + ", " + column.logical_type() + ", " + column.encoding());
  return column;
}

}  // namespace

void show_bitmaps(const DumpedSegment& dumped, const DumpOptions& options) {
  const Column& column = column_with_bitmaps(dumped, options);
  const storage::BitmapIndex& bitmaps = *column.bitmap_index();
  const auto writer = dump_writer(options, {"id", "value", "rows", "encoding", "bytes", "containers"});
  Record record(writer->style());
  const auto count = static_cast<std::uint32_t>(std::min<std::uint64_t>(options.limit, bitmaps.size()));
  for (std::uint32_t id = 0; id < count; ++id) {
    record.clear();
    record.add_number(id);
    add_value(column, id, record, writer->style());
    record.add_number(bitmaps.cardinality(id));
    if (const auto stored = storage::stored_bitmap(bitmaps, id)) {
      record.add_string(name_of(stored->encoding));
      record.add_number(stored->bytes.size());
      record.add_string(containers_text(storage::bitmap_layout(stored->encoding, stored->bytes)));
    } else {
      record.add_string("none");
      record.add_number(0);
      record.add_string("");
    }
    writer->write(record);
  }
  writer->finish();
}

}  // namespace sarsen::server
