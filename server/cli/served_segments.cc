#include "server/cli/served_segments.h"

#include <map>
#include <memory>
#include <system_error>
#include <utility>

#include "storage/base/error.h"
#include "storage/base/log.h"
#include "storage/segment/segment_finder.h"

namespace sarsen::server {
namespace {

using Entries = std::vector<storage::TimelineEntry>;

storage::TimelineEntry entry_of(const storage::FoundSegment& found) {
  return {found.descriptor.id, found.descriptor.core_partitions, found.descriptor.shard_spec,
          std::make_shared<storage::ImmutableServedSegment>(found.segment)};
}

}  // namespace

SegmentFolder parse_segment_folder(const std::string& text) {
  const std::size_t equals = text.find('=');
  std::error_code ignored;
  if (equals == std::string::npos || std::filesystem::exists(text, ignored)) return {"", text};
  return {text.substr(0, equals), text.substr(equals + 1)};
}

std::size_t serve_segment_folder(const SegmentFolder& folder, storage::Catalog& catalog,
                                 const std::set<std::string>& others) {
  storage::FoundSegments found = storage::find_segments(folder.path, folder.name);
  std::erase_if(found.segments, [&](const auto& segment) { return others.contains(segment.descriptor.id.text()); });
  for (const std::string& problem : found.problems) log_warn("A segment is left out: {}", problem);
  std::map<std::string, Entries> by_source;
  for (const storage::FoundSegment& segment : found.segments)
    by_source[segment.descriptor.id.data_source].push_back(entry_of(segment));
  for (auto& [source, entries] : by_source)
    catalog.update(source, [&entries](storage::Timeline& timeline) {
      for (storage::TimelineEntry& entry : entries) timeline.add(std::move(entry));
    });
  return found.segments.size();
}

void serve_segments(const std::vector<std::string>& folders, storage::Catalog& catalog) {
  std::size_t count = 0;
  for (const std::string& folder : folders) count += serve_segment_folder(parse_segment_folder(folder), catalog);
  if (count == 0 && !folders.empty())
    throw Error(ErrorCategory::kInvalidInput, "No segment was found below: " + folders.front());
}

}  // namespace sarsen::server
