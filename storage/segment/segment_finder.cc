#include "storage/segment/segment_finder.h"

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "storage/base/atomic_file.h"
#include "storage/base/error.h"
#include "storage/base/walk_folder.h"
#include "storage/base/whole_file.h"
#include "storage/segment/deep_storage_path.h"
#include "storage/segment/mapped_segment.h"

namespace sarsen::storage {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDescriptorFile = "descriptor.json";
constexpr std::string_view kUnfinishedPushes = "intermediate_pushes";  // where Druid works before it renames

/// What is written there is not whole, or never will be.
bool is_unfinished(const fs::path& folder) {
  const std::string name = folder.filename().string();
  return name == kUnfinishedPushes || name.starts_with(kTemporaryPrefix);
}

// Of every version, and tombstones: what cannot be read is a problem to tell.
bool is_segment_folder(const fs::path& folder) {
  for (const char* name : {"version.bin", "meta.smoosh", "druid.segment", "index.drd", "factory.json"}) {
    if (fs::is_regular_file(folder / name)) return true;
  }
  return false;
}

// "index.zip"; on HDFS "3_index.zip", "3_<uuid>_index.zip"
bool is_segment_archive(const fs::path& file) {
  const std::string name = file.filename().string();
  return name == "index.zip" || name.ends_with("_index.zip");
}

// Beside the files or one folder above; on HDFS "3_descriptor.json" beside "3_index.zip".
std::vector<fs::path> descriptor_files(const fs::path& path) {
  if (fs::is_directory(path)) return {path / kDescriptorFile, path.parent_path() / kDescriptorFile};
  const std::string name = path.filename().string();
  constexpr std::string_view kArchive = "index.zip";
  if (!name.ends_with(kArchive)) return {};
  const fs::path folder = path.parent_path();
  const std::string prefix = name.substr(0, name.size() - kArchive.size());
  if (!prefix.empty()) return {folder / (prefix + std::string(kDescriptorFile))};
  return {folder / kDescriptorFile, folder.parent_path() / kDescriptorFile};
}

std::optional<SegmentDescriptor> stored_descriptor(const fs::path& path) {
  for (const fs::path& file : descriptor_files(path)) {
    if (!fs::is_regular_file(file)) continue;
    try {
      return SegmentDescriptor::parse(Json::parse(read_whole_file(file)));
    } catch (const Error& error) {
      throw Error(error.category(), file.string() + ": " + error.what());
    }
  }
  return std::nullopt;
}

SegmentDescriptor unknown_descriptor(const std::string& name, const Segment& segment) {
  SegmentDescriptor descriptor;
  descriptor.id = {name, segment.data_interval(), std::string(kUnknownVersion), 0};
  return descriptor;
}

// What the segment itself can tell.
void complete(SegmentDescriptor& descriptor, const Segment& segment) {
  if (descriptor.dimensions.empty()) descriptor.dimensions = segment.dimensions();
  if (descriptor.metrics.empty()) descriptor.metrics = segment.metrics();
  if (descriptor.size_bytes == 0) descriptor.size_bytes = segment.size_bytes();
}

// Overlapping segments become partitions of the interval that covers them.
void share_intervals(std::vector<FoundSegment*> unknown) {
  std::sort(unknown.begin(), unknown.end(), [](const FoundSegment* left, const FoundSegment* right) {
    return std::tie(left->descriptor.id.interval, left->path) < std::tie(right->descriptor.id.interval, right->path);
  });
  for (std::size_t begin = 0; begin < unknown.size();) {
    Interval covering = unknown[begin]->descriptor.id.interval;
    std::size_t end = begin + 1;
    for (; end < unknown.size(); ++end) {
      const Interval& next = unknown[end]->descriptor.id.interval;
      if (!next.overlaps(covering) && next != covering) break;
      covering.end_ms = std::max(covering.end_ms, next.end_ms);
    }
    for (std::size_t i = begin; i < end; ++i) {
      SegmentDescriptor& descriptor = unknown[i]->descriptor;
      descriptor.id.interval = covering;
      descriptor.id.partition = static_cast<std::uint32_t>(i - begin);
      descriptor.shard_spec = numbered_shard_spec(descriptor.id.partition, 0);
    }
    begin = end;
  }
}

void drop_repeated(FoundSegments& found) {
  std::set<SegmentId> seen;
  std::erase_if(found.segments, [&](const FoundSegment& segment) {
    if (seen.insert(segment.descriptor.id).second) return false;
    found.problems.push_back(segment.path.string() +
                             ": left out, another folder has the segment already: " + segment.descriptor.id.text());
    return true;
  });
}

}  // namespace

std::vector<fs::path> segment_paths(const fs::path& root) {
  std::vector<fs::path> paths;
  if (!fs::is_directory(root) || is_segment_folder(root)) return {root};
  walk_folder(root, fs::directory_options::skip_permission_denied, [&](const fs::directory_entry& entry) {
    const fs::path& path = entry.path();
    std::error_code gone;
    const bool folder = entry.is_directory(gone);
    if (folder && is_unfinished(path)) return false;
    const bool segment = folder ? is_segment_folder(path) : is_segment_archive(path);
    if (segment) paths.push_back(path);
    return !segment;
  });
  std::sort(paths.begin(), paths.end());
  return paths;
}

FoundSegments find_segments(const fs::path& root, const std::string& name) {
  if (!fs::exists(root)) throw Error(ErrorCategory::kNotFound, "no such folder of segments: " + root.string());
  FoundSegments found;
  std::vector<std::size_t> unknown;
  for (const fs::path& path : segment_paths(root)) {
    try {
      std::optional<SegmentDescriptor> descriptor = stored_descriptor(path);
      if (!descriptor) descriptor = descriptor_of_path(path);
      if (!descriptor && name.empty()) {
        found.problems.push_back(path.string() +
                                 ": neither a descriptor.json nor Druid's layout of folders says whose "
                                 "segment it is: give the data source as NAME=FOLDER");
        continue;
      }
      std::shared_ptr<const Segment> segment = open_segment(path);
      if (!descriptor && segment->row_count() == 0 && segment->data_interval().empty()) {
        found.problems.push_back(path.string() + ": a tombstone, of which nothing says where in time it lies");
        continue;
      }
      if (!descriptor) {
        descriptor = unknown_descriptor(name, *segment);
        unknown.push_back(found.segments.size());
      }
      complete(*descriptor, *segment);
      found.segments.push_back({path, std::move(*descriptor), std::move(segment)});
    } catch (const Error& error) {
      found.problems.emplace_back(error.what());
    }
  }
  std::vector<FoundSegment*> unknown_segments;
  for (const std::size_t index : unknown) unknown_segments.push_back(&found.segments[index]);
  share_intervals(std::move(unknown_segments));
  drop_repeated(found);
  return found;
}

}  // namespace sarsen::storage
