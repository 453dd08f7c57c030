#pragma once
// The one door to the log: lines on standard error (standard output is for results), each
// "2013-08-31T12:00:00,000 INFO [chief-wikipedia] message" with the time in UTC and the name of the thread.
// Thread safety: all of it, from any thread.

#include <fmt/format.h>

#include <cstdint>
#include <string_view>
#include <utility>

namespace sarsen {

enum class LogLevel : std::uint8_t { kDebug, kInfo, kWarn, kError, kOff };

/// Messages below `level` are dropped. The level at start is kInfo.
void set_log_level(LogLevel level) noexcept;
LogLevel log_level() noexcept;

/// "debug", "info", "warn", "error" or "off", any case. Throws kInvalidInput.
LogLevel parse_log_level(std::string_view name);

/// The name that lines of the calling thread carry, and (its first 15 bytes) that debuggers show. The first thread is
/// "main".
void set_thread_name(std::string_view name);
std::string_view thread_name() noexcept;

/// Writes one line; line breaks inside `message` become "\n" so that nobody can forge a line.
void log_message(LogLevel level, std::string_view message) noexcept;

template <class... Arguments>
void log_formatted(LogLevel level, fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  if (level >= log_level()) log_message(level, fmt::format(format, std::forward<Arguments>(arguments)...));
}

template <class... Arguments>
void log_debug(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  log_formatted(LogLevel::kDebug, format, std::forward<Arguments>(arguments)...);
}

template <class... Arguments>
void log_info(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  log_formatted(LogLevel::kInfo, format, std::forward<Arguments>(arguments)...);
}

template <class... Arguments>
void log_warn(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  log_formatted(LogLevel::kWarn, format, std::forward<Arguments>(arguments)...);
}

template <class... Arguments>
void log_error(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  log_formatted(LogLevel::kError, format, std::forward<Arguments>(arguments)...);
}

}  // namespace sarsen
