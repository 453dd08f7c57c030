#pragma once
// Data of nodes as Curator compresses it.

#include <string>
#include <string_view>

namespace sarsen::ingest {

/// Throws kRuntimeFailure where there is no memory.
std::string gzipped(std::string_view bytes);

/// What was compressed, or the bytes as they are where they were not. Throws kRuntimeFailure where they are damaged or
/// would be longer than 64 MiB.
std::string gunzipped(std::string_view bytes);

}  // namespace sarsen::ingest
