#pragma once
// "+05:30", "-0800", "+01": the distance of a clock from UTC, as Joda reads and prints it.

#include <cstdint>
#include <optional>
#include <string>

#include "storage/base/text_scanner.h"

namespace sarsen {

/// Reads a sign and hh, hhmm, hh:mm and so on to milliseconds, with colons everywhere or nowhere. nullopt, and the
/// position as it was, where there is none.
std::optional<std::int64_t> scan_utc_offset(TextScanner& scanner) noexcept;

/// "+05:30"; seconds and milliseconds only where they are not zero.
std::string utc_offset_text(std::int64_t offset_ms);

}  // namespace sarsen
