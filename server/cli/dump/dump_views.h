#pragma once
// The views of `sarsen dump`, one file each. All write to standard output. Not thread-safe.

#include <memory>

#include "server/cli/dump/dump.h"
#include "storage/segment/segment.h"
#include "storage/segment/smoosh.h"
#include "storage/segment/stored_files.h"

namespace sarsen::server {

/// What is to be shown. The files are kept by `smoosh` and `segment`.
struct DumpedSegment {
  storage::StoredFiles files;
  storage::Smoosh smoosh;
  std::shared_ptr<const storage::Segment> segment;  // or its projection; null for the views that look at bytes
  std::string time_file;                            // of a projection, in place of __time
};

void show_columns(const DumpedSegment& dumped, const DumpOptions& options);
void show_rows(const DumpedSegment& dumped, const DumpOptions& options);
void show_bitmaps(const DumpedSegment& dumped, const DumpOptions& options);
void show_sizes(const DumpedSegment& dumped, const DumpOptions& options);
void show_bytes(const DumpedSegment& dumped, const DumpOptions& options);
void show_metadata(const DumpedSegment& dumped, const DumpOptions& options);

/// The names of the segment's columns, __time first; those wanted in the order wanted. Throws kInvalidInput for one
/// that the segment has not.
std::vector<std::string> dumped_names(const storage::Segment& segment, const std::vector<std::string>& wanted);

/// A writer of records to standard output; the format where none was wanted is `otherwise` off a terminal, else a
/// table.
std::unique_ptr<RecordWriter> dump_writer(const DumpOptions& options, std::vector<std::string> names,
                                          DumpFormat otherwise = DumpFormat::kTable);

}  // namespace sarsen::server
