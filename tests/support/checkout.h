#pragma once
// Where tests find files: the checkout itself, and the larger recordings beside it. The path is compiled into one file
// only, so that checkouts share what a compiler cache holds.

#include <filesystem>

namespace sarsen {

std::filesystem::path source_folder();

/// SARSEN_SHARED, else `shared` beside the checkout; it may not be there.
std::filesystem::path shared_folder();

}  // namespace sarsen
