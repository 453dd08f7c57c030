#include "ingest/tasks/shared_files.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

namespace sarsen::ingest {
namespace {

/// The id of such a text; nullopt where it is none of this data source.
std::optional<storage::SegmentId> parse_id(const std::string& data_source, std::string_view text) {
  if (!text.starts_with(data_source + "_")) return std::nullopt;
  text.remove_prefix(data_source.size() + 1);
  const std::size_t start = text.find('_');
  const std::size_t end = start == std::string_view::npos ? start : text.find('_', start + 1);
  if (end == std::string_view::npos) return std::nullopt;
  storage::SegmentId id{
      .data_source = data_source, .interval = {}, .version = std::string(text.substr(end + 1)), .partition = 0};
  const std::size_t cut = id.version.rfind('_');
  if (cut != std::string::npos) {
    const char* last = id.version.data() + id.version.size();
    const auto [read_to, problem] = std::from_chars(id.version.data() + cut + 1, last, id.partition);
    if (problem == std::errc() && read_to == last) id.version.resize(cut);
  }
  id.interval = {parse_iso(text.substr(0, start)), parse_iso(text.substr(start + 1, end - start - 1))};
  return id;
}

}  // namespace

bool are_files_shared(const UnusedSegment& segment, const std::vector<storage::SegmentId>& leaving,
                      const MetadataStore& metadata) {
  const std::string place = segment.descriptor.load_spec.dump();
  const auto related = metadata.with_upgrades(segment.descriptor.id.data_source, segment.files_of);
  return std::any_of(related.begin(), related.end(), [&](const storage::SegmentDescriptor& other) {
    return std::find(leaving.begin(), leaving.end(), other.id) == leaving.end() && other.load_spec.dump() == place;
  });
}

storage::SegmentDescriptor owner_of_files(const UnusedSegment& segment) {
  storage::SegmentDescriptor owner = segment.descriptor;
  if (const auto id = parse_id(owner.id.data_source, segment.files_of)) owner.id = *id;
  return owner;
}

}  // namespace sarsen::ingest
