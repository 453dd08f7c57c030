#pragma once
// `sarsen query`: asks a server, or runs a query on segments without one.

#include <string>
#include <vector>

namespace sarsen::server {

enum class OutputFormat { kAutomatic, kTable, kJson, kPretty };

struct QueryOptions {
  std::string file = "-";
  std::string url;                                 // empty, and no segments: the server at its default address
  std::vector<std::string> segments;               // [NAME=]DIR
  OutputFormat format = OutputFormat::kAutomatic;  // a table on a terminal, else JSON
};

/// Returns the exit status.
int query(const QueryOptions& options);

}  // namespace sarsen::server
