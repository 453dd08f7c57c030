#pragma once
// `sarsen ingest`: runs a batch task (index, index_parallel) and leaves V9 segments.

#include <string>

namespace sarsen::server {

struct IngestOptions {
  std::string task;      // file, or - for standard input
  std::string base_dir;  // relative paths of the task begin here; empty: the working directory
  std::string data;      // a data folder: segments go into its segments/, in Druid's deep-storage layout
  std::string config;    // settings in a .properties file, for where deep storage and the metadata store are
  std::string report;    // file for the task report as JSON; empty: none
  std::string out;       // or a plain folder: OUT/<dataSource>/<day>
};

/// Returns the exit status.
int ingest(const IngestOptions& options);

}  // namespace sarsen::server
