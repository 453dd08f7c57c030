#pragma once
// Files given on the command line, read whole.

#include <string>

namespace sarsen::server {

/// `path` "-" is standard input. Throws where it cannot be read.
std::string read_text(const std::string& path);

}  // namespace sarsen::server
