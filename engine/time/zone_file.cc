#include "engine/time/zone_file.h"

#include <string_view>

#include "engine/time/posix_zone.h"
#include "storage/base/byte_reader.h"
#include "storage/base/civil_time.h"

namespace sarsen::engine {

namespace {

struct Header {
  std::uint8_t version;
  std::uint32_t universal_flags, standard_flags, leap_seconds, changes, types, name_bytes;
};

constexpr std::uint32_t kCountMax = 100'000;  // of changes; real files stay below 1000

Header read_header(ByteReader& reader) {
  reader.check(reader.text(4) == "TZif", "no time zone file");
  Header header{};
  header.version = reader.read_byte();
  reader.skip(15);
  for (std::uint32_t* count : {&header.universal_flags, &header.standard_flags, &header.leap_seconds, &header.changes,
                               &header.types, &header.name_bytes}) {
    *count = reader.read_be<std::uint32_t>();
    reader.check(*count <= kCountMax, "count too large");
  }
  reader.check(header.types > 0, "no types");
  return header;
}

/// The first block of the file repeats the second with times of 32 bits, for old readers.
void skip_old_block(ByteReader& reader, const Header& header) {
  reader.skip(std::size_t{header.changes} * 5 + std::size_t{header.types} * 6 + header.name_bytes +
              std::size_t{header.leap_seconds} * 8 + header.standard_flags + header.universal_flags);
}

ZoneHistory read_block(ByteReader& reader, const Header& header) {
  ByteReader times = reader.reader(std::size_t{header.changes} * 8, "zone change times");
  ByteReader types = reader.reader(header.changes, "zone change types");
  std::vector<std::int64_t> offsets_ms;
  for (std::uint32_t type = 0; type < header.types; ++type) {
    offsets_ms.push_back(reader.read_be<std::int32_t>() * kSecondMs);
    reader.skip(2);
  }
  reader.skip(header.name_bytes + std::size_t{header.leap_seconds} * 12 + header.standard_flags +
              header.universal_flags);
  ZoneHistory history;
  history.first_offset_ms = offsets_ms.front();
  for (std::uint32_t change = 0; change < header.changes; ++change) {
    const std::int64_t time_s = times.read_be<std::int64_t>();
    const std::uint8_t type = types.read_byte();
    reader.check(type < offsets_ms.size(), "type out of range");
    if (time_s < INT64_MIN / kSecondMs || time_s > INT64_MAX / kSecondMs) continue;  // "since the Big Bang"
    const std::int64_t time_ms = time_s * kSecondMs;
    reader.check(history.changes.empty() || history.changes.back().time_ms < time_ms, "changes out of order");
    history.changes.push_back({time_ms, offsets_ms[type]});
  }
  return history;
}

constexpr std::int64_t kCycleYears = 400;

void append_rule(ZoneHistory& history, const PosixZone& rule) {
  if (!rule.summer) return;
  const std::int64_t last_ms = history.changes.empty() ? 0 : history.changes.back().time_ms;
  const std::int64_t first_year = civil_from_ms(last_ms).year;
  for (std::int64_t year = first_year; year <= first_year + kCycleYears + 1; ++year)
    for (const ZoneChange& change : rule.changes(year))
      if (change.time_ms > last_ms) history.changes.push_back(change);
  history.repeats = true;
}

}  // namespace

ZoneHistory parse_zone_file(std::span<const std::byte> bytes) {
  ByteReader reader(bytes, "time zone file");
  Header header = read_header(reader);
  reader.check(header.version >= '2', "version 1 is too old");
  skip_old_block(reader, header);
  header = read_header(reader);
  ZoneHistory history = read_block(reader, header);
  const std::string_view footer = reader.text(reader.remaining());
  reader.check(footer.size() >= 2 && footer.front() == '\n' && footer.find('\n', 1) != std::string_view::npos,
               "no rule");
  const std::string_view rule = footer.substr(1, footer.find('\n', 1) - 1);
  if (!rule.empty()) append_rule(history, parse_posix_zone(rule));
  return history;
}

}  // namespace sarsen::engine
