#include "ingest/position.h"

#include <charconv>

namespace sarsen::ingest {

Json Position::to_json() const {
  Json::Object offsets;
  for (const auto& [partition, offset] : next_offsets) offsets.emplace_back(std::to_string(partition), Json(offset));
  Json::Object partitions;
  partitions.emplace_back("type", Json("end"));
  partitions.emplace_back("stream", Json(stream));
  partitions.emplace_back("partitionSequenceNumberMap", Json(std::move(offsets)));
  Json::Object position;
  position.emplace_back("type", Json("kafka"));
  position.emplace_back("partitions", Json(std::move(partitions)));
  return Json(std::move(position));
}

Position Position::parse(const JsonField& json) {
  Position position;
  if (!json.present()) return position;
  const JsonField partitions = json["partitions"];
  position.stream = partitions["stream"].string();
  for (const auto& [name, offset] : partitions["partitionSequenceNumberMap"].members()) {
    std::int32_t partition = 0;
    const char* end = name.data() + name.size();
    if (const auto parsed = std::from_chars(name.data(), end, partition); parsed.ec != std::errc() || parsed.ptr != end)
      offset.fail("a partition number is wanted as the name");
    position.next_offsets[partition] = offset.integer();
  }
  return position;
}

}  // namespace sarsen::ingest
