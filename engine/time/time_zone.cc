#include "engine/time/time_zone.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "storage/base/civil_time.h"
#include "storage/base/error.h"
#include "storage/base/mapped_file.h"
#include "storage/base/text_scanner.h"
#include "storage/base/utc_offset.h"

namespace sarsen::engine {

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kCycleMs = 146'097 * kDayMs;  // 400 years
constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

// Names of java.util.TimeZone that are in no zone database, as Joda translates them.
constexpr std::array<std::pair<std::string_view, std::string_view>, 26> kJavaNames = {{
    {"ACT", "Australia/Darwin"},
    {"AET", "Australia/Sydney"},
    {"AGT", "America/Argentina/Buenos_Aires"},
    {"ART", "Africa/Cairo"},
    {"AST", "America/Anchorage"},
    {"BET", "America/Sao_Paulo"},
    {"BST", "Asia/Dhaka"},
    {"CAT", "Africa/Harare"},
    {"CNT", "America/St_Johns"},
    {"CST", "America/Chicago"},
    {"CTT", "Asia/Shanghai"},
    {"EAT", "Africa/Addis_Ababa"},
    {"ECT", "CET"},
    {"IET", "America/Indiana/Indianapolis"},
    {"IST", "Asia/Kolkata"},
    {"JST", "Asia/Tokyo"},
    {"MIT", "Pacific/Apia"},
    {"NET", "Asia/Yerevan"},
    {"NST", "Pacific/Auckland"},
    {"PLT", "Asia/Karachi"},
    {"PNT", "America/Phoenix"},
    {"PRT", "America/Puerto_Rico"},
    {"PST", "America/Los_Angeles"},
    {"SST", "Pacific/Guadalcanal"},
    {"VST", "Asia/Ho_Chi_Minh"},
    {"", "UTC"},
}};

std::string_view without_java_name(std::string_view name) {
  const auto* found =
      std::find_if(kJavaNames.begin(), kJavaNames.end(), [name](const auto& entry) { return entry.first == name; });
  return found == kJavaNames.end() ? name : found->second;
}

std::shared_ptr<const TimeZone> fixed_zone(std::int64_t offset_ms) {
  if (offset_ms == 0) return TimeZone::utc();
  return std::make_shared<const TimeZone>(utc_offset_text(offset_ms), ZoneHistory{offset_ms, {}, false});
}

/// "+05:30", and Java's "GMT+5" and "GMT+05:30".
std::optional<std::int64_t> offset_of_name(std::string_view name) {
  std::string padded(name);
  if (name.starts_with("GMT")) {
    padded.erase(0, 3);
    const std::size_t digits = std::min(padded.find(':', 1), padded.size()) - std::min<std::size_t>(1, padded.size());
    if (digits == 1 || digits == 3) padded.insert(1, "0");
  }
  TextScanner scanner(padded);
  const std::optional<std::int64_t> offset_ms = scan_utc_offset(scanner);
  return scanner.at_end() ? offset_ms : std::nullopt;
}

fs::path zone_folder() {
  const char* const configured = std::getenv("TZDIR");
  return configured != nullptr && *configured != '\0' ? configured : "/usr/share/zoneinfo";
}

/// Letters, digits and _+-/ with parts that begin in upper case, so that no name leads out of the folder or to its
/// other files.
bool is_zone_name(std::string_view name) {
  bool part_begins = true;
  for (const char character : name) {
    const char letter = ascii_upper(character);
    const bool is_letter = letter >= 'A' && letter <= 'Z';
    if (part_begins && (!is_letter || letter != character)) return false;
    if (!is_letter && !is_ascii_digit(character) && std::string_view("_+-/").find(character) == std::string_view::npos)
      return false;
    part_begins = character == '/';
  }
  return !part_begins;
}

std::shared_ptr<const TimeZone> zone_from_file(std::string_view name) {
  if (!is_zone_name(name)) return nullptr;
  std::error_code problem;
  const fs::path folder = fs::canonical(zone_folder(), problem);
  if (problem) return nullptr;
  const fs::path file = fs::canonical(folder / name, problem);
  if (problem || !fs::is_regular_file(file, problem)) return nullptr;
  std::string id = file.lexically_relative(folder).string();
  if (id.starts_with("..")) id = name;
  try {
    return std::make_shared<const TimeZone>(std::move(id), parse_zone_file(MappedFile(file).bytes()));
  } catch (const Error& error) {  // only here the name of the file is known
    throw Error(error.category(), file.string() + ": " + error.what());
  }
}

std::shared_ptr<const TimeZone> make_zone(std::string_view name) {
  name = without_java_name(name);
  if (name == "UTC") return TimeZone::utc();
  if (std::shared_ptr<const TimeZone> zone = zone_from_file(name)) return zone;
  if (const std::optional<std::int64_t> offset_ms = offset_of_name(name)) return fixed_zone(*offset_ms);
  return TimeZone::utc();
}

constexpr std::size_t kZonesKept = 1000;  // there are some 600 names; invented ones must not fill the memory

}  // namespace

std::shared_ptr<const TimeZone> TimeZone::find(std::string_view name) {
  static std::mutex mutex;
  static std::map<std::string, std::shared_ptr<const TimeZone>, std::less<>> zones;
  const std::lock_guard lock(mutex);
  if (const auto found = zones.find(name); found != zones.end()) return found->second;
  std::shared_ptr<const TimeZone> zone = make_zone(name);
  if (zones.size() < kZonesKept && zone != utc()) zones.emplace(name, zone);
  return zone;
}

const std::shared_ptr<const TimeZone>& TimeZone::utc() {
  static const auto zone = std::make_shared<const TimeZone>("UTC", ZoneHistory{});
  return zone;
}

TimeZone::TimeZone(std::string id, ZoneHistory history) : id_(std::move(id)), history_(std::move(history)) {}

/// Times after the written history fall into its last 400 years, of which the future is a repetition.
std::int64_t TimeZone::into_history(std::int64_t time_ms) const noexcept {
  if (!history_.repeats || time_ms < history_.changes.back().time_ms) return time_ms;
  return time_ms - ((time_ms - history_.changes.back().time_ms) / kCycleMs + 1) * kCycleMs;
}

std::size_t TimeZone::change_after(std::int64_t time_ms) const noexcept {
  const auto& changes = history_.changes;
  const auto after =
      std::upper_bound(changes.begin(), changes.end(), time_ms,
                       [](std::int64_t time, const ZoneChange& change) { return time < change.time_ms; });
  return static_cast<std::size_t>(after - changes.begin());
}

std::int64_t TimeZone::offset_ms(std::int64_t time_ms) const noexcept {
  if (is_fixed()) return history_.first_offset_ms;
  const std::size_t after = change_after(into_history(time_ms));
  return after == 0 ? history_.first_offset_ms : history_.changes[after - 1].offset_ms;
}

std::int64_t TimeZone::next_change(std::int64_t time_ms) const noexcept {
  const std::int64_t known_ms = into_history(time_ms);
  const std::size_t after = change_after(known_ms);
  return after == history_.changes.size() ? kNever : history_.changes[after].time_ms + (time_ms - known_ms);
}

/// Joda's DateTimeZone.getOffsetFromLocal.
std::int64_t TimeZone::offset_from_local(std::int64_t local_ms) const noexcept {
  const std::int64_t estimate_ms = offset_ms(local_ms);
  const std::int64_t adjusted_ms = local_ms - estimate_ms;
  const std::int64_t offset = offset_ms(adjusted_ms);
  if (estimate_ms < offset) {  // west of Greenwich a time in a gap would fall before it
    if (next_change(adjusted_ms) != next_change(local_ms - offset)) return estimate_ms;
  } else if (estimate_ms == offset && estimate_ms >= 0) {  // east of it the second of two equal local times was found
    const std::size_t after = change_after(into_history(adjusted_ms));
    if (after == 0) return offset;
    const std::int64_t before_ms = history_.changes[after - 1].time_ms - 1;
    const std::int64_t previous_offset = after == 1 ? history_.first_offset_ms : history_.changes[after - 2].offset_ms;
    if (into_history(adjusted_ms) - before_ms <= previous_offset - estimate_ms) return previous_offset;
  }
  return offset;
}

std::int64_t TimeZone::to_utc(std::int64_t local_ms) const noexcept {
  return local_ms - (is_fixed() ? history_.first_offset_ms : offset_from_local(local_ms));
}

/// Joda's DateTimeZone.convertLocalToUTC, not strict.
std::int64_t TimeZone::round_to_utc(std::int64_t local_ms) const noexcept {
  const std::int64_t estimate_ms = offset_ms(local_ms);
  const std::int64_t offset = offset_ms(local_ms - estimate_ms);
  const bool in_gap =
      estimate_ms != offset && estimate_ms < 0 && next_change(local_ms - estimate_ms) != next_change(local_ms - offset);
  return local_ms - (in_gap ? estimate_ms : offset);
}

std::int64_t TimeZone::to_utc(std::int64_t local_ms, std::int64_t original_ms) const noexcept {
  if (is_fixed()) return local_ms - history_.first_offset_ms;
  const std::int64_t offset = offset_ms(original_ms);
  const std::int64_t time_ms = local_ms - offset;
  return offset_ms(time_ms) == offset ? time_ms : round_to_utc(local_ms);
}

}  // namespace sarsen::engine
