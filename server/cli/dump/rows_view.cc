// Rows, one record each: all of them, or those that a native filter lets through, decided as for a query.
#include <algorithm>
#include <array>
#include <optional>

#include "engine/filter/filter.h"
#include "engine/scan/scan_plan.h"
#include "engine/scan/vector_cursor.h"
#include "server/cli/dump/cells.h"
#include "server/cli/dump/dump_views.h"
#include "storage/base/error.h"
#include "storage/base/json.h"

namespace sarsen::server {
namespace {

using storage::Segment;

class RowRecords {
 public:
  RowRecords(const Segment& segment, const std::vector<std::string>& names, const DumpOptions& options,
             RecordWriter& writer)
      : writer_(writer), record_(writer.style()), left_(options.limit) {
    const CellOptions cells{writer.style(), options.iso_times, options.empty_is_null};
    for (const std::string& name : names)
      columns_.push_back(make_cells(segment.column(name), name == storage::kTimeColumn, cells));
  }

  bool done() const noexcept { return left_ == 0; }

  void load(std::uint32_t begin, std::uint32_t count) {
    for (const auto& column : columns_) column->load(begin, count);
  }

  void write(std::uint32_t at) {
    if (done()) return;
    --left_;
    record_.clear();
    for (const auto& column : columns_) {
      column->append(at, record_.cell());
      record_.next();
    }
    writer_.write(record_);
  }

 private:
  RecordWriter& writer_;
  Record record_;
  std::uint64_t left_;
  std::vector<std::unique_ptr<Cells>> columns_;
};

void write_all(const Segment& segment, RowRecords& rows) {
  for (std::uint32_t begin = 0; begin < segment.row_count() && !rows.done(); begin += Cells::kRows) {
    const std::uint32_t count = std::min(Cells::kRows, segment.row_count() - begin);
    rows.load(begin, count);
    for (std::uint32_t at = 0; at < count; ++at) rows.write(at);
  }
}

void write_selected(const engine::Selection& selection, RowRecords& rows) {
  for (std::uint32_t at = 0; at < selection.size; ++at)
    if (selection.mask == nullptr || (selection.mask[at / 64] >> (at % 64) & 1) != 0) rows.write(at);
}

void write_positions(const engine::Selection& selection, RowRecords& rows) {
  for (std::uint32_t i = 0; i < selection.count; ++i) rows.write(selection.positions[i]);
}

engine::FilterPtr parse(const std::string& text) {
  try {
    return engine::parse_filter(JsonField(Json::parse(text)));
  } catch (const Error& error) {
    throw Error(error.category(), std::string("--filter: ") + error.what());
  }
}

void write_filtered(const std::shared_ptr<const Segment>& segment, const engine::FilterPtr& filter, RowRecords& rows) {
  const engine::ScanPlan plan = engine::make_scan_plan(segment, kEternity, filter);
  const engine::QueryControl control;
  engine::VectorCursor cursor(plan, plan.begin_row, plan.end_row, control);
  while (!rows.done() && cursor.next()) {
    const engine::Selection& selection = cursor.selection();
    rows.load(cursor.begin(), selection.size);
    selection.positions != nullptr ? write_positions(selection, rows) : write_selected(selection, rows);
  }
}

}  // namespace

void show_rows(const DumpedSegment& dumped, const DumpOptions& options) {
  const engine::FilterPtr filter = options.filter.empty() ? nullptr : parse(options.filter);
  const std::vector<std::string> names = dumped_names(*dumped.segment, options.columns);
  const std::unique_ptr<RecordWriter> writer = dump_writer(options, names, DumpFormat::kNdjson);
  RowRecords rows(*dumped.segment, names, options, *writer);
  if (filter == nullptr)
    write_all(*dumped.segment, rows);
  else
    write_filtered(dumped.segment, filter, rows);
  writer->finish();
}

}  // namespace sarsen::server
