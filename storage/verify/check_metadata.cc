// metadata.drd names what there is: aggregators their metrics, the ordering its columns, projections their files.
#include <fmt/format.h>

#include <algorithm>

#include "storage/verify/checks.h"

namespace sarsen::storage {
namespace {

constexpr std::string_view kMetadata = "metadata.drd";

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

bool has_column(const Segment& segment, const std::string& name) {
  return name == kTimeColumn || has(segment.dimensions(), name) || has(segment.metrics(), name);
}

void check_files_of(const JsonField& projection, const SegmentMap& map, Findings& findings) {
  const std::string name = projection["schema"]["name"].string_or("");
  const bool has_files =
      std::ranges::any_of(map.parts, [&](const MappedPart& part) { return part.group == "projection " + name; });
  if (!has_files) findings.damage(kMetadata, "projections", "there are no columns of the projection " + name);
}

}  // namespace

void check_metadata(const Segment& segment, const SegmentMap& map, Findings& findings) {
  const bool stored =
      std::ranges::any_of(map.parts, [](const MappedPart& part) { return part.part.name == kMetadata; });
  if (!stored) return;
  if (!segment.metadata().is_object()) return findings.damage(kMetadata, "", "it is no JSON object");
  const JsonField metadata(segment.metadata());
  for (const JsonField& aggregator : metadata["aggregators"].elements())
    if (const std::string name = aggregator["name"].string_or(""); !has(segment.metrics(), name))
      findings.damage(kMetadata, "aggregators", "there is no metric of the name " + name);
  const auto ordering = metadata["ordering"].elements();
  bool has_time = ordering.empty();
  for (const JsonField& column : ordering) {
    const std::string name = column["columnName"].string_or("");
    has_time = has_time || name == kTimeColumn;
    if (!has_column(segment, name))
      findings.note(kMetadata, "ordering", "there is no column of the name " + name + ", or no row has a value of it");
  }
  if (!has_time) findings.damage(kMetadata, "ordering", "__time is missing; Druid refuses such an order");
  for (const JsonField& projection : metadata["projections"].elements()) check_files_of(projection, map, findings);
}

}  // namespace sarsen::storage
