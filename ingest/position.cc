#include "ingest/position.h"

#include <charconv>

#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

JsonField either(const JsonField& json, std::string_view name, std::string_view old_name) {
  const JsonField field = json[name];
  return field.present() ? field : json[old_name];
}

}  // namespace

std::string StreamPartition::text() const {
  return topic.empty() ? std::to_string(number) : topic + ":" + std::to_string(number);
}

/// A topic's name has no colon.
StreamPartition StreamPartition::parse(std::string_view text) {
  StreamPartition partition;
  const std::size_t colon = text.rfind(':');
  const std::string_view digits = colon == std::string_view::npos ? text : text.substr(colon + 1);
  if (colon != std::string_view::npos) partition.topic = text.substr(0, colon);
  const char* end = digits.data() + digits.size();
  const auto parsed = std::from_chars(digits.data(), end, partition.number);
  if (parsed.ec != std::errc() || parsed.ptr != end || partition.number < 0)
    throw Error(ErrorCategory::kInvalidInput,
                "a partition is wanted, such as 3 or clicks:3, not: " + std::string(text));
  return partition;
}

Json offsets_json(const StreamOffsets& offsets) {
  Json::Object json;
  for (const auto& [partition, offset] : offsets) json.emplace_back(partition.text(), Json(offset));
  return Json(std::move(json));
}

Json Position::to_json() const {
  const Json offsets = offsets_json(next_offsets);
  return Json::Object{{"type", "kafka"},
                      {"partitions", Json::Object{{"type", "end"},
                                                  {"stream", stream},
                                                  {"topic", stream},
                                                  {"partitionSequenceNumberMap", offsets},
                                                  {"partitionOffsetMap", offsets}}}};
}

Position Position::parse(const JsonField& json) {
  Position position;
  if (!json.present()) return position;
  const JsonField partitions = json["partitions"];
  position.stream = either(partitions, "stream", "topic").string();
  for (const auto& [name, offset] : either(partitions, "partitionSequenceNumberMap", "partitionOffsetMap").members()) {
    try {
      position.next_offsets[StreamPartition::parse(name)] = offset.integer();
    } catch (const Error& error) {
      offset.fail(error.what());
    }
  }
  return position;
}

}  // namespace sarsen::ingest
