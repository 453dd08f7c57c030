#include "ingest/sampler/sampler_config.h"

#include <string>

#include "storage/base/readable_bytes.h"

namespace sarsen::ingest {
namespace {

constexpr std::int64_t kRowsMax = 5000;  // Druid's

/// 1000, "1000" or "1KiB".
std::int64_t bytes_or(const JsonField& json, std::int64_t otherwise) {
  if (!json.present()) return otherwise;
  if (json.json().is_integer()) return json.integer();
  const auto bytes = parse_readable_bytes(json.string());
  if (!bytes) json.fail("a size is wanted, such as 1000 or \"1MiB\": " + json.string());
  return static_cast<std::int64_t>(*bytes);
}

}  // namespace

SamplerConfig SamplerConfig::parse(const JsonField& json) {
  SamplerConfig config;
  if (!json.present()) return config;
  config.rows_max = json["numRows"].integer_or(config.rows_max);
  if (config.rows_max > kRowsMax) json["numRows"].fail("numRows must be <= " + std::to_string(kRowsMax));
  if (config.rows_max < 0) json["numRows"].fail("numRows must not be negative");
  config.timeout_ms = json["timeoutMs"].integer_or(config.timeout_ms);
  config.bytes_in_memory_max = bytes_or(json["maxBytesInMemory"], config.bytes_in_memory_max);
  config.response_bytes_max = bytes_or(json["maxClientResponseBytes"], config.response_bytes_max);
  return config;
}

}  // namespace sarsen::ingest
