#include "storage/segment/smoosh.h"

#include <fmt/format.h>

#include <charconv>
#include <utility>
#include <vector>

#include "storage/base/error.h"

namespace sarsen::storage {

namespace {

[[noreturn]] void fail(const std::string& problem) {
  throw Error(ErrorCategory::kRuntimeFailure, "meta.smoosh: " + problem);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> pieces;
  while (true) {
    const std::size_t end = text.find(separator);
    pieces.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return pieces;
    text.remove_prefix(end + 1);
  }
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines = split(text, '\n');
  for (std::string_view& line : lines) {
    if (line.ends_with('\r')) line.remove_suffix(1);  // Java's readLine takes both
  }
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

std::uint32_t number_of(std::string_view text, std::string_view line) {
  std::int32_t value = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0)
    fail("not a number in the line " + std::string(line));
  return static_cast<std::uint32_t>(value);
}

std::uint32_t read_chunk_count(std::string_view line) {
  const std::vector<std::string_view> fields = split(line, ',');
  if (fields.size() != 3 || fields[0] != "v1") fail("unknown first line " + std::string(line));
  return number_of(fields[2], line);
}

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

Smoosh::Smoosh(StoredFiles files) : files_(std::move(files)) {
  const auto meta = files_.find("meta.smoosh");
  if (meta == files_.end()) throw Error(ErrorCategory::kRuntimeFailure, "no meta.smoosh");
  const std::vector<std::string_view> lines = lines_of(text_of(meta->second.bytes));
  if (lines.empty()) fail("empty");

  const std::uint32_t chunk_count = read_chunk_count(lines.front());
  std::vector<std::span<const std::byte>> chunks;
  for (std::uint32_t i = 0; i < chunk_count; ++i) {
    const std::string name = fmt::format("{:05}.smoosh", i);
    const auto chunk = files_.find(name);
    if (chunk == files_.end()) fail("no chunk file " + name);
    chunks.push_back(chunk->second.bytes);
  }
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::vector<std::string_view> fields = split(lines[i], ',');
    if (fields.size() != 4) fail("wrong number of fields in the line " + std::string(lines[i]));
    const std::uint32_t chunk = number_of(fields[1], lines[i]);
    const std::uint32_t start = number_of(fields[2], lines[i]);
    const std::uint32_t end = number_of(fields[3], lines[i]);
    if (chunk >= chunks.size() || start > end || end > chunks[chunk].size())
      fail("range outside its chunk in the line " + std::string(lines[i]));
    logical_files_.insert_or_assign(std::string(fields[0]), chunks[chunk].subspan(start, end - start));
  }
}

std::optional<std::span<const std::byte>> Smoosh::find(std::string_view name) const {
  const auto found = logical_files_.find(name);
  if (found == logical_files_.end()) return std::nullopt;
  return found->second;
}

std::size_t Smoosh::size_bytes() const noexcept {
  std::size_t sum = 0;
  for (const auto& [name, file] : files_) sum += file.bytes.size();
  return sum;
}

}  // namespace sarsen::storage
