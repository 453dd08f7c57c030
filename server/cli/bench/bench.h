#pragma once
// `sarsen bench`: how fast queries run on segments, without a server.

#include <cstddef>
#include <string>
#include <vector>

namespace sarsen::server {

struct BenchOptions {
  std::vector<std::string> segments;  // segments, or folders of them
  std::vector<std::string> queries;   // files with native queries; empty: the standard ones
  std::size_t threads = 0;            // 0: one per processor
  double seconds = 1;                 // for each query
  bool json = false;
};

/// Returns the exit status.
int bench(const BenchOptions& options);

}  // namespace sarsen::server
