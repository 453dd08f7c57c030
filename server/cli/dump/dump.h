#pragma once
// `sarsen dump`: what a segment holds. One of several views, each in every format.

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "server/cli/dump/record_writer.h"

namespace sarsen::server {

enum class DumpView { kColumns, kRows, kBitmaps, kSizes, kHex, kMetadata };

struct DumpOptions {
  std::string segment;  // a folder or an index.zip
  DumpView view = DumpView::kColumns;
  DumpFormat format = DumpFormat::kAutomatic;
  std::vector<std::string> columns;                                 // empty: all
  std::string filter;                                               // a native filter as JSON; empty: none
  std::uint64_t limit = std::numeric_limits<std::uint64_t>::max();  // rows; of --hex bytes
  bool iso_times = false;
  bool empty_is_null = false;
  std::string part;        // of --hex: "page", "page/dictionary", "meta.smoosh"
  std::string column;      // of --bitmaps
  std::string projection;  // its rows instead of the table's; empty: none
};

/// Returns the exit status.
int dump(const DumpOptions& options);

}  // namespace sarsen::server
