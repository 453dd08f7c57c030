#pragma once
// The offset that ends a timestamp: "Z", "+01", "+0100", "+01:00" and so on to seconds.

#include <cstdint>
#include <optional>

#include "storage/base/text_scanner.h"

namespace sarsen::ingest {

/// Milliseconds east of UTC; nullopt where the text ahead is no offset.
std::optional<std::int64_t> scan_zone_offset(TextScanner& scanner) noexcept;

}  // namespace sarsen::ingest
