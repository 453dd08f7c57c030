#include "server/cli/dump/dump.h"

#include <algorithm>
#include <utility>

#include "server/cli/dump/dump_views.h"
#include "server/cli/exit_status.h"
#include "server/cli/output.h"
#include "storage/base/error.h"
#include "storage/base/json.h"
#include "storage/segment/open_stored_segment.h"
#include "storage/segment/segment_files.h"
#include "storage/segment/segment_kind.h"

namespace sarsen::server {
namespace {

using storage::Segment;

/// Views of bytes work where the segment cannot be opened, too.
bool needs_columns(DumpView view) { return view != DumpView::kSizes && view != DumpView::kHex; }

void check_kind(const storage::StoredFiles& files, const DumpOptions& options) {
  if (storage::segment_kind_of(files) == storage::SegmentKind::kTombstone)
    throw Error(ErrorCategory::kInvalidInput,
                options.segment + ": a tombstone, a segment without columns and rows that hides older ones");
}

void take_projection(DumpedSegment& dumped, const std::string& name) {
  std::vector<std::string> names;
  for (const storage::Projection& projection : dumped.segment->projections()) {
    names.push_back(projection.name);
    if (projection.name == name) dumped.time_file = JsonField(projection.schema)["timeColumnName"].string_or("");
  }
  dumped.segment = dumped.segment->projection(name);
  if (dumped.segment == nullptr)
    throw Error(ErrorCategory::kInvalidInput,
                "The segment has no projection of that name: " + name + suggestion(name, names));
}

DumpedSegment open(const DumpOptions& options) {
  storage::StoredFiles files = storage::open_segment_files(options.segment);
  std::shared_ptr<const Segment> segment;
  if (needs_columns(options.view)) {
    check_kind(files, options);
    segment = storage::open_stored_segment(files, options.segment);
  }
  storage::Smoosh smoosh(files);
  DumpedSegment dumped{std::move(files), std::move(smoosh), std::move(segment), {}};
  if (dumped.segment != nullptr && !options.projection.empty()) take_projection(dumped, options.projection);
  return dumped;
}

}  // namespace

std::vector<std::string> dumped_names(const Segment& segment, const std::vector<std::string>& wanted) {
  std::vector<std::string> names{std::string(storage::kTimeColumn)};
  names.insert(names.end(), segment.dimensions().begin(), segment.dimensions().end());
  names.insert(names.end(), segment.metrics().begin(), segment.metrics().end());
  if (wanted.empty()) return names;
  for (const std::string& name : wanted)
    if (std::ranges::find(names, name) == names.end())
      throw Error(ErrorCategory::kInvalidInput,
                  "The segment has no column of that name: " + name + suggestion(name, names));
  return wanted;
}

std::unique_ptr<RecordWriter> dump_writer(const DumpOptions& options, std::vector<std::string> names,
                                          DumpFormat otherwise) {
  DumpFormat format = options.format;
  if (format == DumpFormat::kAutomatic) format = is_terminal() ? DumpFormat::kTable : otherwise;
  return make_record_writer(format, std::move(names), write_out, is_terminal() ? terminal_width() : 0);
}

int dump(const DumpOptions& options) {
  end_quietly_on_signals();
  const DumpedSegment dumped = open(options);
  switch (options.view) {
    case DumpView::kColumns:
      show_columns(dumped, options);
      break;
    case DumpView::kRows:
      show_rows(dumped, options);
      break;
    case DumpView::kBitmaps:
      show_bitmaps(dumped, options);
      break;
    case DumpView::kSizes:
      show_sizes(dumped, options);
      break;
    case DumpView::kHex:
      show_bytes(dumped, options);
      break;
    case DumpView::kMetadata:
      show_metadata(dumped, options);
      break;
  }
  return kSuccess;
}

}  // namespace sarsen::server
