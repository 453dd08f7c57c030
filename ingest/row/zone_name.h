#pragma once
// Whether a word names a time zone, as Java's list of zones knows it ("Asia/Tokyo", "UTC", "PST"). Thread-safe.

#include <string_view>

namespace sarsen::ingest {

bool is_zone_name(std::string_view word) noexcept;

}  // namespace sarsen::ingest
