#include "tests/support/golden_cases.h"

#include <fstream>
#include <memory>
#include <sstream>

#include "storage/base/error.h"
#include "storage/segment/segment_finder.h"
#include "tests/support/gzip_lines.h"

namespace sarsen {
namespace {

namespace fs = std::filesystem;

std::string read_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

GoldenCase parse_case(const std::string& line) {
  const Json json = Json::parse(line);
  const JsonField field(json);
  const Json* response = json.find("response");
  return {field["name"].string(), field["query"].json(), static_cast<int>(field["status"].integer()),
          response == nullptr ? Json() : *response};
}

}  // namespace

std::vector<GoldenCase> read_golden_cases(const fs::path& path) {
  std::vector<GoldenCase> cases;
  for (const std::string& line : read_gzip_lines(path)) cases.push_back(parse_case(line));
  return cases;
}

std::size_t load_golden_segments(const fs::path& directory, storage::Catalog& catalog) {
  const storage::FoundSegments found = storage::find_segments(directory);
  for (const std::string& problem : found.problems) throw Error(ErrorCategory::kRuntimeFailure, problem);
  for (const storage::FoundSegment& one : found.segments) {
    const storage::SegmentDescriptor& descriptor = one.descriptor;
    auto served = std::make_shared<const storage::ImmutableServedSegment>(one.segment);
    catalog.update(descriptor.id.data_source, [&](storage::Timeline& timeline) {
      timeline.add({descriptor.id, descriptor.core_partitions, descriptor.shard_spec, std::move(served)});
    });
  }
  return found.segments.size();
}

std::map<std::string, GoldenBounds> read_golden_bounds(const fs::path& path) {
  std::map<std::string, GoldenBounds> bounds;
  std::istringstream lines(read_text(path));
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    std::istringstream words(line);
    GoldenBounds one;
    std::string name;
    if (!(words >> one.passed_min >> one.different_max >> name))
      throw Error(ErrorCategory::kInvalidInput, "Not two counts and a file: " + line);
    bounds[name] = one;
  }
  return bounds;
}

}  // namespace sarsen
