#include "storage/segment/segment_descriptor.h"

#include <utility>

#include "storage/base/error.h"

namespace sarsen::storage {

namespace {

// One string with commas between the names; an empty one has none.
std::vector<std::string> split_names(const JsonField& field) {
  std::vector<std::string> names;
  if (!field.present()) return names;
  if (field.json().is_array()) {
    for (const JsonField& name : field.elements()) names.push_back(name.string());
    return names;
  }
  const std::string text = field.string();
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    if (end > begin) names.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return names;
}

std::string join_names(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ",") + name;
  return text;
}

std::uint32_t read_count(const JsonField& field, std::int64_t otherwise) {
  const std::int64_t count = field.integer_or(otherwise);
  if (count < 0 || count > INT32_MAX) field.fail("must be a number from 0 to 2147483647");
  return static_cast<std::uint32_t>(count);
}

void read_shard_spec(const JsonField& field, SegmentDescriptor& descriptor) {
  if (!field.present()) {
    descriptor.shard_spec = numbered_shard_spec(0, 1);
    descriptor.core_partitions = 1;
    return;
  }
  descriptor.shard_spec = field.json();
  const std::string type = field["type"].string();
  if (type == "none") return;
  if (type != "linear" && type != "numbered" && type != "hashed" && type != "tombstone" && type != "single" &&
      type != "range") {
    throw Error(ErrorCategory::kUnsupported, field.path() + ": shard spec of a type not understood: " + type);
  }
  descriptor.id.partition = read_count(field["partitionNum"], 0);
  if (type == "linear") return;
  const bool by_range = type == "single" || type == "range";
  descriptor.core_partitions = read_count(field[by_range ? "numCorePartitions" : "partitions"], by_range ? 0 : 1);
}

}  // namespace

Json numbered_shard_spec(std::uint32_t partition, std::uint32_t core_partitions) {
  return Json::Object{{"type", "numbered"},
                      {"partitionNum", static_cast<std::int64_t>(partition)},
                      {"partitions", static_cast<std::int64_t>(core_partitions)}};
}

SegmentDescriptor SegmentDescriptor::parse(const Json& json) {
  const JsonField field(json);
  SegmentDescriptor descriptor;
  descriptor.id.data_source = field["dataSource"].string();
  descriptor.id.interval = parse_interval(field["interval"].string());
  descriptor.id.version = field["version"].string();
  if (field["loadSpec"].present()) descriptor.load_spec = field["loadSpec"].json();
  descriptor.dimensions = split_names(field["dimensions"]);
  descriptor.metrics = split_names(field["metrics"]);
  read_shard_spec(field["shardSpec"], descriptor);
  descriptor.binary_version = read_count(field["binaryVersion"], 9);
  const std::int64_t size = field["size"].integer_or(0);
  if (size < 0) field["size"].fail("must not be negative");
  descriptor.size_bytes = static_cast<std::uint64_t>(size);
  if (field["lastCompactionState"].present()) descriptor.last_compaction_state = field["lastCompactionState"].json();
  return descriptor;
}

Json SegmentDescriptor::to_json() const {
  Json::Object object{
      {"dataSource", id.data_source},
      {"interval", format_iso(id.interval)},
      {"version", id.version},
      {"loadSpec", load_spec},
      {"dimensions", join_names(dimensions)},
      {"metrics", join_names(metrics)},
      {"shardSpec", shard_spec.is_null() ? numbered_shard_spec(id.partition, core_partitions) : shard_spec},
  };
  if (!last_compaction_state.is_null()) object.emplace_back("lastCompactionState", last_compaction_state);
  object.emplace_back("binaryVersion", static_cast<std::int64_t>(binary_version));
  object.emplace_back("size", static_cast<std::int64_t>(size_bytes));
  object.emplace_back("identifier", id.text());
  return object;
}

}  // namespace sarsen::storage
