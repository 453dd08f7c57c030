#pragma once
// Recorded queries with the answers of stock Druid: see tests/golden/README.md.

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "storage/base/json.h"
#include "storage/segment/catalog.h"

namespace sarsen {

struct GoldenCase {
  std::string name;  // "events-topN-0002"
  Json query;
  int status = 0;  // of Druid's HTTP answer
  Json response;
};

/// REQUIRES: one case a line, gzip or plain. Throws where a line is none.
std::vector<GoldenCase> read_golden_cases(const std::filesystem::path& path);

/// Enters every segment below `directory` into `catalog` and returns how many there were. Throws where one cannot be
/// opened.
std::size_t load_golden_segments(const std::filesystem::path& directory, storage::Catalog& catalog);

/// How many cases of a file must pass, and how many may be answered otherwise than Druid does.
struct GoldenBounds {
  std::size_t passed_min = 0;
  std::size_t different_max = 0;
};

/// The list tests/golden/expected_passes, by file name.
std::map<std::string, GoldenBounds> read_golden_bounds(const std::filesystem::path& path);

}  // namespace sarsen
