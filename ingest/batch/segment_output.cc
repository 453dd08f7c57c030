#include "ingest/batch/segment_output.h"

#include <algorithm>

#include "storage/base/error.h"
#include "storage/base/json.h"
#include "storage/base/mapped_file.h"
#include "storage/segment/segment_descriptor.h"
#include "storage/segment/segment_finder.h"

namespace sarsen::ingest {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDescriptorFile = "descriptor.json";
constexpr std::string_view kTombstoneFactory = R"({"type":"tombstoneSegmentFactory"})";
constexpr std::int64_t kDayMs = 86'400'000;

std::string interval_name(const Interval& interval) {
  return format_iso(interval.start_ms) + "_" + format_iso(interval.end_ms);
}

std::string plain_name(const Interval& interval) {
  const bool day = interval.start_ms % kDayMs == 0 && interval.end_ms - interval.start_ms == kDayMs;
  const std::string start = format_iso(interval.start_ms);
  return day ? start.substr(0, start.find('T')) : interval_name(interval);
}

/// Whether a directory of the plain layout is `name`, or a further partition of it.
bool is_partition_of(const std::string& directory, const std::string& name) {
  if (!directory.starts_with(name)) return false;
  const std::string rest = directory.substr(name.size());
  return rest.empty() ||
         (rest.size() > 1 && rest[0] == '_' && rest.find_first_not_of("0123456789", 1) == std::string::npos);
}

storage::SegmentDescriptor read_descriptor(const fs::path& directory) {
  const MappedFile file(directory / kDescriptorFile);
  return storage::SegmentDescriptor::parse(Json::parse(file.text()));
}

bool is_tombstone(const storage::SegmentDescriptor& descriptor) {
  return descriptor.shard_spec.is_object() && JsonField(descriptor.shard_spec)["type"].string_or("") == "tombstone";
}

/// Appended partitions are of the numbered kind, and join only chunks of that kind, and tombstones.
void check_appendable(const storage::SegmentDescriptor& descriptor) {
  const Json* type = descriptor.shard_spec.find("type");
  if (type == nullptr || (type->is_string() && (type->string() == "numbered" || type->string() == "linear"))) return;
  if (is_tombstone(descriptor)) return;
  throw Error(ErrorCategory::kUnsupported,
              "Rows cannot be appended to segments with this shard spec: " + descriptor.shard_spec.dump());
}

Json local_load_spec(const std::string& path) { return Json::Object{{"type", "local"}, {"path", path}}; }

}  // namespace

SegmentOutput::SegmentOutput(OutputLayout layout, std::string data_source, std::string version, bool append)
    : layout_(std::move(layout)),
      data_source_(std::move(data_source)),
      version_(std::move(version)),
      append_(append),
      staging_(root() / "ingest") {}

fs::path SegmentOutput::staging_path() { return staging_.path() / std::to_string(staged_count_); }

void SegmentOutput::add(const Interval& interval, std::uint32_t row_count, std::uint64_t size_bytes,
                        std::vector<std::string> dimensions, std::vector<std::string> metrics, ShardSpec shard_spec) {
  staged_[interval].push_back(
      {staging_path(), row_count, size_bytes, std::move(dimensions), std::move(metrics), std::move(shard_spec)});
  ++staged_count_;
}

/// Directories of segments that are there for the interval; in deep storage those of the greatest version.
std::vector<fs::path> SegmentOutput::existing(const Interval& interval) const {
  std::vector<fs::path> found;
  const auto directories = [](const fs::path& parent) {
    std::vector<fs::path> all;
    if (fs::is_directory(parent))
      for (const fs::directory_entry& entry : fs::directory_iterator(parent))
        if (entry.is_directory()) all.push_back(entry.path());
    std::sort(all.begin(), all.end());
    return all;
  };
  if (layout_.kind == OutputLayout::Kind::kPlain) {
    for (const fs::path& path : directories(layout_.root / data_source_))
      if (is_partition_of(path.filename().string(), plain_name(interval))) found.push_back(path);
    return found;
  }
  const std::vector<fs::path> versions = directories(layout_.root / data_source_ / interval_name(interval));
  if (versions.empty()) return found;
  for (const fs::path& partition : directories(versions.back()))
    if (fs::exists(partition / "index" / kDescriptorFile)) found.push_back(partition / "index");
  return found;
}

void SegmentOutput::join(Chunk& chunk, const storage::SegmentDescriptor& descriptor) const {
  check_appendable(descriptor);
  if (chunk.version != descriptor.id.version) chunk.next_partition = 0;
  chunk.version = descriptor.id.version;
  chunk.next_partition = std::max(chunk.next_partition, descriptor.id.partition + 1);
  chunk.core_partitions = descriptor.core_partitions;
}

/// Segments of the interval that are in the metadata store, of the greatest version.
void SegmentOutput::join_published(Chunk& chunk, const Interval& interval) const {
  if (layout_.metadata == nullptr) return;
  std::vector<storage::SegmentDescriptor> there;
  for (storage::SegmentDescriptor& segment : layout_.metadata->used_segments())
    if (segment.id.data_source == data_source_ && segment.id.interval == interval) there.push_back(std::move(segment));
  std::sort(there.begin(), there.end(), [](const auto& left, const auto& right) { return left.id < right.id; });
  for (const storage::SegmentDescriptor& segment : there)
    if (segment.id.version == there.back().id.version) join(chunk, segment);
}

SegmentOutput::Chunk SegmentOutput::chunk_of(const Interval& interval, std::size_t staged_count) const {
  const std::string version = layout_.publication == nullptr ? version_ : layout_.publication->version(interval);
  Chunk chunk{version, 0, static_cast<std::uint32_t>(staged_count)};
  if (!append_) return chunk;
  chunk.core_partitions = 0;  // appended partitions never make a core set
  if (layout_.publication != nullptr && layout_.publication->allocates()) return chunk;
  for (const fs::path& directory : existing(interval)) join(chunk, read_descriptor(directory));
  join_published(chunk, interval);
  return chunk;
}

fs::path SegmentOutput::target(const storage::SegmentId& id) const {
  const fs::path directory = layout_.root / id.data_source;
  if (layout_.kind == OutputLayout::Kind::kDeepStorage)
    return directory / interval_name(id.interval) / id.version / std::to_string(id.partition) / "index";
  return directory / (plain_name(id.interval) + (id.partition == 0 ? "" : "_" + std::to_string(id.partition)));
}

void SegmentOutput::replace_plain(const Interval& interval) const {
  for (const fs::path& old : existing(interval)) fs::remove_all(old);
}

bool SegmentOutput::is_staged(const Interval& interval) const {
  return std::any_of(staged_.begin(), staged_.end(), [&](const auto& chunk) { return chunk.first.overlaps(interval); });
}

/// Its only file says what it is, as Druid's does.
void SegmentOutput::add_tombstone(const Interval& interval) {
  const fs::path path = staging_path();
  fs::create_directories(path);
  write_file_atomically(path / "factory.json", kTombstoneFactory);
  add(interval, 0, 1, {}, {}, [](std::uint32_t, std::uint32_t) {
    return Json(
        Json::Object{{"type", "tombstone"}, {"partitionNum", std::int64_t{0}}, {"partitions", std::int64_t{0}}});
  });
}

std::vector<Interval> SegmentOutput::intervals_with_rows() const {
  std::vector<Interval> intervals;
  const auto take = [&](const storage::SegmentDescriptor& segment) {
    if (segment.id.data_source == data_source_ && !is_tombstone(segment)) intervals.push_back(segment.id.interval);
  };
  if (layout_.metadata != nullptr) {
    for (const storage::SegmentDescriptor& segment : layout_.metadata->used_segments()) take(segment);
    return intervals;
  }
  const fs::path folder = layout_.root / data_source_;
  if (!fs::is_directory(folder)) return intervals;
  for (const fs::path& path : storage::segment_paths(folder))
    if (fs::exists(path / kDescriptorFile)) take(read_descriptor(path));
  return intervals;
}

void SegmentOutput::bury(const std::vector<Interval>& chunks) {
  for (const Interval& chunk : chunks)
    if (!is_staged(chunk)) add_tombstone(chunk);
}

/// Moves the files of one segment to their place; the descriptor with its load spec.
storage::SegmentDescriptor SegmentOutput::store(const Staged& staged, storage::SegmentDescriptor descriptor) const {
  if (is_tombstone(descriptor)) descriptor.load_spec = Json::Object{{"type", "tombstone"}, {"path", Json()}};
  if (is_tombstone(descriptor) && layout_.metadata != nullptr) return descriptor;
  if (layout_.deep_storage != nullptr) return layout_.deep_storage->push(staged.path, std::move(descriptor));
  const fs::path path = target(descriptor.id);
  const bool plain = layout_.kind == OutputLayout::Kind::kPlain;
  if (!is_tombstone(descriptor))
    descriptor.load_spec = local_load_spec(plain ? "." : fs::absolute(path).lexically_normal().string());
  write_file_atomically(staged.path / kDescriptorFile, descriptor.to_json().dump() + "\n");
  fs::create_directories(path.parent_path());
  fs::rename(staged.path, path);
  fsync_directory(path.parent_path());
  return descriptor;
}

storage::SegmentDescriptor SegmentOutput::describe(const Staged& staged, storage::SegmentId id,
                                                   std::uint32_t core_partitions) const {
  storage::SegmentDescriptor descriptor;
  descriptor.shard_spec = staged.shard_spec ? staged.shard_spec(id.partition, core_partitions)
                                            : storage::numbered_shard_spec(id.partition, core_partitions);
  descriptor.id = std::move(id);
  descriptor.core_partitions = core_partitions;
  descriptor.dimensions = staged.dimensions;
  descriptor.metrics = staged.metrics;
  descriptor.size_bytes = staged.size_bytes;
  descriptor.last_compaction_state = layout_.last_compaction_state;
  return descriptor;
}

/// Numbers are not given twice.
storage::SegmentId SegmentOutput::free_id(storage::SegmentId id) const {
  if (append_ && layout_.publication != nullptr && !layout_.publication->allocates())
    while (layout_.publication->is_taken(id)) ++id.partition;
  return id;
}

std::vector<WrittenSegment> SegmentOutput::publish() {
  std::vector<Interval> chunks;
  for (const auto& [interval, segments] : staged_) chunks.push_back(interval);
  if (layout_.publication != nullptr) layout_.publication->begin(chunks);
  std::vector<const Staged*> staged;
  std::vector<storage::SegmentDescriptor> descriptors;
  for (const auto& [interval, segments] : staged_) {
    const Chunk chunk = chunk_of(interval, segments.size());
    if (!append_ && layout_.kind == OutputLayout::Kind::kPlain) replace_plain(interval);
    std::uint32_t partition = chunk.next_partition;
    for (const Staged& segment : segments) {
      const storage::SegmentId id = free_id({data_source_, interval, chunk.version, partition});
      partition = id.partition + 1;
      staged.push_back(&segment);
      descriptors.push_back(describe(segment, id, chunk.core_partitions));
    }
  }
  if (layout_.publication != nullptr) layout_.publication->announce(descriptors);
  std::vector<WrittenSegment> written;
  for (std::size_t i = 0; i < staged.size(); ++i) {
    const std::filesystem::path path = target(descriptors[i].id);
    descriptors[i] = store(*staged[i], std::move(descriptors[i]));
    written.push_back({descriptors[i].id, staged[i]->row_count, staged[i]->size_bytes, path});
  }
  if (layout_.publication != nullptr)
    layout_.publication->publish(descriptors);
  else if (layout_.metadata != nullptr)
    layout_.metadata->publish(descriptors);
  staged_.clear();
  return written;
}

}  // namespace sarsen::ingest
