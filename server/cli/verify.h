#pragma once
// `sarsen verify`: proves segments whole.

#include <cstddef>
#include <string>
#include <vector>

namespace sarsen::server {

struct VerifyOptions {
  std::vector<std::string> paths;  // segments, or folders of them
  std::size_t threads = 0;         // 0: one per processor
  bool json = false;
  bool quiet = false;  // damaged segments only
};

/// Returns the exit status: kFailure where a segment is damaged.
int verify(const VerifyOptions& options);

}  // namespace sarsen::server
