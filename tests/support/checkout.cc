#include "tests/support/checkout.h"

#include <cstdlib>

namespace sarsen {

std::filesystem::path source_folder() { return SARSEN_SOURCE_DIR; }

std::filesystem::path shared_folder() {
  const char* named = std::getenv("SARSEN_SHARED");
  return named != nullptr ? std::filesystem::path(named) : source_folder().parent_path() / "shared";
}

}  // namespace sarsen
