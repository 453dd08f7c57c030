#include "storage/segment/deep_storage_path.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <string>
#include <string_view>
#include <vector>

#include "storage/base/error.h"

namespace sarsen::storage {

namespace {

constexpr std::string_view kArchive = "index.zip";
constexpr std::string_view kPrefixedArchive = "_index.zip";

std::optional<std::uint32_t> partition_of(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value > INT32_MAX) return std::nullopt;
  return value;
}

// True where `text` has the shape of `pattern` at `begin`: d stands for a digit.
bool looks_like(std::string_view text, std::size_t begin, std::string_view pattern) {
  if (begin > text.size() || text.size() - begin < pattern.size()) return false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = text[begin + i];
    if (pattern[i] == 'd' ? std::isdigit(static_cast<unsigned char>(c)) == 0 : c != pattern[i]) return false;
  }
  return true;
}

// 20240101T100000.000Z and T10_00_00 become 2024-01-01T10:00:00.000Z and T10:00:00.
std::string with_colons(std::string text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (looks_like(text, i, "ddddddddTdddddd")) {
      for (const auto& [offset, mark] : {std::pair{13, ':'}, {11, ':'}, {6, '-'}, {4, '-'}})
        text.insert(i + static_cast<std::size_t>(offset), 1, mark);
    } else if (looks_like(text, i, "Tdd_dd_dd")) {
      text[i + 3] = text[i + 6] = ':';
    }
  }
  return text;
}

// "2024-01-01T00:00:00.000Z_2024-01-02T00:00:00.000Z"
std::optional<Interval> interval_of(const std::string& name) {
  const std::string text = with_colons(name);
  const std::size_t separator = text.find('_');
  if (separator == std::string::npos) return std::nullopt;
  try {
    const Interval interval{parse_iso(text.substr(0, separator)), parse_iso(text.substr(separator + 1))};
    return interval.empty() ? std::nullopt : std::optional(interval);
  } catch (const Error&) {  // some other folder: an expected outcome here
    return std::nullopt;
  }
}

// `above`: the names above the partition, innermost first.
std::optional<SegmentDescriptor> descriptor_of(std::string_view partition, std::span<const std::string> above) {
  if (above.size() < 3) return std::nullopt;
  const auto number = partition_of(partition);
  const auto interval = interval_of(above[1]);
  if (!number || !interval) return std::nullopt;
  SegmentDescriptor descriptor;
  descriptor.id = {above[2], *interval, with_colons(above[0]), *number};
  descriptor.shard_spec = numbered_shard_spec(*number, 0);
  return descriptor;
}

}  // namespace

std::optional<SegmentDescriptor> descriptor_of_path(const std::filesystem::path& path) {
  std::vector<std::string> names;
  for (const std::filesystem::path& name : std::filesystem::absolute(path).lexically_normal()) {
    if (!name.empty() && name != "/") names.push_back(name.string());
  }
  std::reverse(names.begin(), names.end());
  std::span<const std::string> above(names);
  if (above.empty()) return std::nullopt;
  if (above.front().ends_with(kPrefixedArchive))
    return descriptor_of(std::string_view(above.front()).substr(0, above.front().find('_')), above.subspan(1));
  if (above.front() == "index" || above.front() == kArchive) above = above.subspan(1);
  // With and without the level of a UUID.
  for (std::size_t level = 0; level < 2 && level < above.size(); ++level) {
    if (auto descriptor = descriptor_of(above[level], above.subspan(level + 1))) return descriptor;
  }
  return std::nullopt;
}

}  // namespace sarsen::storage
