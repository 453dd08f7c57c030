#include "ingest/batch/segment_output.h"

#include <algorithm>

#include "storage/base/error.h"
#include "storage/base/json.h"
#include "storage/base/json_writer.h"
#include "storage/base/mapped_file.h"

namespace sarsen::ingest {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDescriptorFile = "descriptor.json";
constexpr std::int64_t kDayMs = 86'400'000;

std::string interval_name(const Interval& interval) {
  return format_iso(interval.start_ms) + "_" + format_iso(interval.end_ms);
}

std::string plain_name(const Interval& interval) {
  const bool day = interval.start_ms % kDayMs == 0 && interval.end_ms - interval.start_ms == kDayMs;
  const std::string start = format_iso(interval.start_ms);
  return day ? start.substr(0, start.find('T')) : interval_name(interval);
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ",") + name;
  return text;
}

/// Whether a directory of the plain layout is `name`, or a further partition of it.
bool is_partition_of(const std::string& directory, const std::string& name) {
  if (!directory.starts_with(name)) return false;
  const std::string rest = directory.substr(name.size());
  return rest.empty() ||
         (rest.size() > 1 && rest[0] == '_' && rest.find_first_not_of("0123456789", 1) == std::string::npos);
}

struct Described {
  std::string version;
  std::uint32_t partition;
  std::uint32_t core_partitions;
};

Described describe(const fs::path& directory) {
  const MappedFile file(directory / kDescriptorFile);
  const Json json = Json::parse(file.text());
  const JsonField root(json);
  const JsonField shard = root["shardSpec"];
  const std::string type = shard["type"].string_or("numbered");
  if (type != "numbered" && type != "linear" && type != "none")
    throw Error(ErrorCategory::kUnsupported, "Rows cannot be appended to segments with a shard spec of this type: " +
                                                 type + ", " + directory.string());
  return {root["version"].string(), static_cast<std::uint32_t>(shard["partitionNum"].integer_or(0)),
          static_cast<std::uint32_t>(shard["partitions"].integer_or(type == "none" ? 1 : 0))};
}

void write_descriptor(const fs::path& directory, const storage::SegmentId& id, std::uint32_t core_partitions,
                      const std::string& path_named, std::uint64_t size_bytes, const std::string& dimensions,
                      const std::string& metrics) {
  JsonWriter json(JsonStyle::kPretty);
  json.begin_object();
  json.key("dataSource").string(id.data_source);
  json.key("interval").string(format_iso(id.interval));
  json.key("version").string(id.version);
  json.key("loadSpec").begin_object().key("type").string("local").key("path").string(path_named).end_object();
  json.key("dimensions").string(dimensions);
  json.key("metrics").string(metrics);
  json.key("shardSpec").begin_object().key("type").string("numbered").key("partitionNum").integer(id.partition);
  json.key("partitions").integer(core_partitions).end_object();
  json.key("binaryVersion").integer(9);
  json.key("size").integer(static_cast<std::int64_t>(size_bytes));
  json.key("identifier").string(id.text());
  json.end_object();
  write_file_atomically(directory / kDescriptorFile, json.take() + "\n");
}

}  // namespace

SegmentOutput::SegmentOutput(OutputLayout layout, std::string data_source, std::string version, bool append)
    : layout_(std::move(layout)),
      data_source_(std::move(data_source)),
      version_(std::move(version)),
      append_(append),
      staging_(layout_.root / "ingest") {}

fs::path SegmentOutput::staging_path() { return staging_.path() / std::to_string(staged_count_); }

void SegmentOutput::add(const Interval& interval, std::uint32_t row_count, std::uint64_t size_bytes,
                        std::vector<std::string> dimensions, std::vector<std::string> metrics) {
  staged_[interval].push_back({staging_path(), row_count, size_bytes, std::move(dimensions), std::move(metrics)});
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

SegmentOutput::Chunk SegmentOutput::chunk_of(const Interval& interval, std::size_t staged_count) const {
  Chunk chunk{version_, 0, static_cast<std::uint32_t>(staged_count)};
  if (!append_) return chunk;
  chunk.core_partitions = 0;  // appended partitions never make a core set
  for (const fs::path& directory : existing(interval)) {
    const Described described = describe(directory);
    chunk.version = described.version;
    chunk.next_partition = std::max(chunk.next_partition, described.partition + 1);
    chunk.core_partitions = described.core_partitions;
  }
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

std::vector<WrittenSegment> SegmentOutput::publish() {
  std::vector<WrittenSegment> written;
  for (const auto& [interval, segments] : staged_) {
    const Chunk chunk = chunk_of(interval, segments.size());
    if (!append_ && layout_.kind == OutputLayout::Kind::kPlain) replace_plain(interval);
    std::uint32_t partition = chunk.next_partition;
    for (const Staged& staged : segments) {
      const storage::SegmentId id{data_source_, interval, chunk.version, partition++};
      const fs::path path = target(id);
      const std::string named =
          layout_.kind == OutputLayout::Kind::kPlain ? "." : fs::absolute(path).lexically_normal().string();
      write_descriptor(staged.path, id, chunk.core_partitions, named, staged.size_bytes, joined(staged.dimensions),
                       joined(staged.metrics));
      fs::create_directories(path.parent_path());
      fs::rename(staged.path, path);
      fsync_directory(path.parent_path());
      written.push_back({id, staged.row_count, staged.size_bytes, path});
    }
  }
  staged_.clear();
  return written;
}

}  // namespace sarsen::ingest
