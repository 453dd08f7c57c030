#pragma once
// `sarsen merge`: several segments to one, or one to another format.

#include <string>
#include <vector>

namespace sarsen::server {

struct MergeCommand {
  std::vector<std::string> segments;  // folders or index.zip files
  std::string out;                    // the new segment's folder
  bool rollup = false;                // neither: as the segments' metadata say
  bool no_rollup = false;
  std::string index_spec;         // JSON, or a preset's name; empty: Druid's defaults
  std::string metrics;            // a file with a metricsSpec; - for standard input; empty: the segments' own
  std::string interval;           // empty: all rows
  std::string query_granularity;  // a name or JSON; empty: times as they are
  bool force = false;             // replace the segment at `out`
};

/// Returns the exit status.
int merge(const MergeCommand& command);

}  // namespace sarsen::server
