#pragma once
// How much is sampled: Druid's samplerConfig. A value.

#include <cstdint>

#include "storage/base/json.h"

namespace sarsen::ingest {

struct SamplerConfig {
  std::int64_t rows_max = 200;
  std::int64_t timeout_ms = 10'000;              // 0 or less: none
  std::int64_t bytes_in_memory_max = INT64_MAX;  // of the index
  std::int64_t response_bytes_max = 0;           // of the rows that are told; 0: any

  /// Throws kInvalidInput naming the field.
  static SamplerConfig parse(const JsonField& json);
};

}  // namespace sarsen::ingest
