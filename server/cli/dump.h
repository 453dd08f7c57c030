#pragma once
// `sarsen dump`: what a segment holds. A table of its columns, its metadata, or its rows.

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace sarsen::server {

enum class DumpKind { kColumns, kMetadata, kRows };

struct DumpOptions {
  std::string segment;  // a folder or an index.zip
  DumpKind kind = DumpKind::kColumns;
  bool json = false;                 // columns as JSON instead of a table
  std::vector<std::string> columns;  // empty: all
  std::uint64_t limit = std::numeric_limits<std::uint64_t>::max();
};

/// Returns the exit status.
int dump(const DumpOptions& options);

}  // namespace sarsen::server
