// The files: known factory, logical files that do not overlap, and no byte that nobody explains.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "storage/base/json.h"
#include "storage/verify/checks.h"

namespace sarsen::storage {
namespace {

constexpr std::array<std::string_view, 3> kFactories = {"mMapSegmentFactory", "broadcastJoinableMMapSegmentFactory",
                                                        "tombstoneSegmentFactory"};

void check_factory(const MappedPart& mapped, Findings& findings) {
  try {
    const Json json = Json::parse({reinterpret_cast<const char*>(mapped.bytes.data()), mapped.bytes.size()});
    const std::string type = JsonField(json)["type"].string_or(kFactories.front());
    if (std::ranges::find(kFactories, type) == kFactories.end())
      findings.damage(mapped.file, "", "Druid knows no factory of the type " + type);
  } catch (const Error& error) {
    findings.damage(mapped.file, "", error.what());
  }
}

// The innermost part that is not understood says most.
void check_part(const MappedPart& mapped, const Part& part, const std::string& path, Findings& findings) {
  if (part.understood) return;
  bool inside = false;
  for (const Part& piece : part.parts) {
    if (piece.understood) continue;
    inside = true;
    check_part(mapped, piece, path.empty() ? piece.name : path + "/" + piece.name, findings);
  }
  if (!inside)
    findings.damage(mapped.part.name, path, fmt::format("{} bytes are not understood: {}", part.size, part.detail));
}

void check_overlap(const SegmentMap& map, Findings& findings) {
  for (std::size_t i = 1; i < map.parts.size(); ++i) {
    const MappedPart& before = map.parts[i - 1];
    const MappedPart& part = map.parts[i];
    if (before.file == part.file && part.begin < before.begin + before.bytes.size() && !part.bytes.empty())
      findings.damage(part.part.name, "", "it overlaps the logical file " + before.part.name);
  }
}

}  // namespace

void check_files(const SegmentMap& map, Findings& findings) {
  for (const MappedPart& mapped : map.parts) {
    if (mapped.file == "factory.json") check_factory(mapped, findings);
    if (mapped.file == "version.bin" && mapped.bytes.size() != 4)
      findings.damage(mapped.file, "", fmt::format("it has {} bytes, not 4", mapped.bytes.size()));
    check_part(mapped, mapped.part, "", findings);
  }
  check_overlap(map, findings);
}

}  // namespace sarsen::storage
