#pragma once
// Data of nodes as Curator compresses it.

#include <string>
#include <string_view>

namespace sarsen::ingest {

/// Throws kRuntimeFailure where there is no memory.
std::string gzipped(std::string_view bytes);

}  // namespace sarsen::ingest
