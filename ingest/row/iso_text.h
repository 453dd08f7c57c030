#pragma once
// Reads ISO-8601 timestamps of input rows as Joda's parsers do, without exceptions: a bad timestamp is an everyday
// thing here.

#include <cstdint>
#include <optional>
#include <string_view>

namespace sarsen::ingest {

enum class IsoForm : std::uint8_t {
  kStrict,     // a date, then perhaps T, time and offset; or T and a time alone
  kBlankForT,  // as timestamp format "auto": a blank may stand for the T; no time alone
};

/// Milliseconds UTC; text without an offset is in UTC. nullopt where the whole text is not a timestamp.
std::optional<std::int64_t> parse_iso_text(std::string_view text, IsoForm form);

/// The same of what most streams have, read straight: yyyy-MM-dd alone or with HH:mm:ss, then perhaps .SSS and Z.
/// nullopt for all else, which may be good too.
std::optional<std::int64_t> parse_plain_iso_text(std::string_view text, IsoForm form) noexcept;

}  // namespace sarsen::ingest
