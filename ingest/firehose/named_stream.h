#pragma once
// The name of a stream that is its specification: inputs that differ have different names, so that none goes on from
// where another was.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "storage/base/json.h"
#include "storage/base/xxhash64.h"

namespace sarsen::ingest {

/// Of a firehose's specification: its type, and a number.
inline std::string stream_of(const JsonField& firehose) {
  const std::string text = firehose.json().dump();
  std::string digits(16, '0');
  std::uint64_t hash = xxhash64(std::as_bytes(std::span(text)), 0);
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, hash >>= 4)
    *digit = "0123456789abcdef"[hash & 15];
  return firehose["type"].string() + " " + digits;
}

}  // namespace sarsen::ingest
