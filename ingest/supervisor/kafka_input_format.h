#pragma once
// How a Kafka record becomes rows: by the format of its value alone, or by the format "kafka", which adds its key,
// headers, time and topic as columns. Immutable.

#include <cstdint>
#include <optional>
#include <string>

#include "ingest/row/input_format.h"
#include "storage/base/json.h"

namespace sarsen::ingest {

enum class HeaderEncoding : std::uint8_t { kUtf8, kAscii, kLatin1 };

struct KafkaInputFormat {
  InputFormat value = {};
  /// Set: the format is "kafka", and what follows counts.
  bool with_metadata = false;
  std::optional<InputFormat> key = {};
  std::optional<HeaderEncoding> header_encoding = {};  // unset: headers become no columns
  std::string header_prefix = "kafka.header.";
  std::string key_column = "kafka.key";
  std::string timestamp_column = "kafka.timestamp";
  std::string topic_column = "kafka.topic";

  /// Throws kInvalidInput naming the field, kUnsupported for what is not built.
  static KafkaInputFormat parse(const JsonField& json);
};

}  // namespace sarsen::ingest
