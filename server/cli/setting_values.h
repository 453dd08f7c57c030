#pragma once
// How the texts of settings are read. Each throws kInvalidInput that names the setting and what it takes.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "storage/base/json.h"

namespace sarsen::server {

/// "NAME must be WANTED, but is: VALUE".
[[noreturn]] void refuse(const std::string& name, std::string_view wanted, const std::string& value);

std::uint64_t number(const std::string& name, const std::string& value, std::uint64_t min, std::uint64_t max);
std::int64_t whole_number(const std::string& name, const std::string& value, std::int64_t min, std::int64_t max);
bool boolean(const std::string& name, const std::string& value);

/// A size in Druid's words: "1073741824" or "1GiB".
std::uint64_t bytes(const std::string& name, const std::string& value, std::uint64_t min);

/// Joda's standard length: no years or months.
std::chrono::milliseconds duration(const std::string& name, const std::string& value);
std::int64_t period_ms(const std::string& name, const std::string& value);

/// Before now: years and months have the lengths that they have here.
std::int64_t age_ms(const std::string& name, const std::string& value);

/// A text, or one of Druid's password providers. What is no JSON is a text, as to Druid, and no error shows it.
std::string password(const std::string& name, const std::string& value);

Json json(const std::string& name, std::string_view wanted, const std::string& value);
std::vector<std::string> words(const std::string& name, const std::string& value,
                               std::string_view wanted = "a JSON array of strings");

}  // namespace sarsen::server
