// descriptor.json, which Druid to version 14 left beside a segment, says what the segment holds.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "storage/base/mapped_file.h"
#include "storage/segment/segment_descriptor.h"
#include "storage/verify/checks.h"

namespace sarsen::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFile = "descriptor.json";

void compare_names(const char* what, const std::vector<std::string>& stated, const std::vector<std::string>& stored,
                   Findings& findings) {
  const std::set<std::string> names(stored.begin(), stored.end());
  const std::set<std::string> others(stated.begin(), stated.end());
  for (const std::string& name : others)
    if (!names.contains(name)) findings.damage(kFile, what, "the segment has not: " + name);
  for (const std::string& name : names)
    if (!others.contains(name)) findings.damage(kFile, what, "not named: " + name);
}

void compare(const SegmentDescriptor& descriptor, const Segment& segment, Findings& findings) {
  compare_names("dimensions", descriptor.dimensions, segment.dimensions(), findings);
  compare_names("metrics", descriptor.metrics, segment.metrics(), findings);
  // Some writers counted whole disk blocks, and nobody reads by it.
  if (descriptor.size_bytes != segment.size_bytes())
    findings.note(kFile, "size",
                  fmt::format("it says {} bytes, the files have {}", descriptor.size_bytes, segment.size_bytes()));
  const auto times = segment.time_bounds();
  if (times && !(descriptor.id.interval.contains(times->start_ms) && descriptor.id.interval.contains(times->end_ms)))
    findings.damage(kFile, "interval", "there are rows outside " + format_iso(descriptor.id.interval));
}

}  // namespace

void check_descriptor(const Segment& segment, const fs::path& path, Findings& findings) {
  const fs::path file = (fs::is_directory(path) ? path : path.parent_path()) / kFile;
  if (!fs::is_regular_file(file)) return;
  try {
    compare(SegmentDescriptor::parse(Json::parse(MappedFile(file).text())), segment, findings);
  } catch (const Error& error) {
    findings.damage(kFile, "", error.what());
  }
}

}  // namespace sarsen::storage
