#include <algorithm>
#include <random>

#include "ingest/tasks/task.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

constexpr std::size_t kRandomLetters = 8;
constexpr std::size_t kIdBytesMax = 255;  // of the metadata store's column, and of a file's name

/// As Druid: 32 random bits, a letter from a to p for each four.
std::string random_letters() {
  std::random_device device;
  const std::uint32_t bits = device();
  std::string letters;
  for (std::size_t i = 0; i < kRandomLetters; ++i) letters += static_cast<char>('a' + ((bits >> (i * 4)) & 15));
  return letters;
}

[[noreturn]] void refuse(const std::string& problem) {
  throw Error(ErrorCategory::kInvalidInput, "Invalid value for field [Task ID]: " + problem);
}

}  // namespace

std::string new_task_id(const std::string& type, const std::string& data_source,
                        const std::optional<Interval>& interval, std::int64_t now_ms) {
  std::string id = type + "_" + data_source + "_" + random_letters();
  if (interval) id += "_" + format_iso(interval->start_ms) + "_" + format_iso(interval->end_ms);
  return id + "_" + format_iso(now_ms);
}

void check_task_id(const std::string& id) {
  if (id.empty()) refuse("must not be null");
  if (id.front() == '.') refuse("Value [" + id + "] cannot start with '.'.");
  if (id.find('/') != std::string::npos) refuse("Value [" + id + "] cannot contain '/'.");
  const bool whitespace = std::any_of(id.begin(), id.end(), [](char c) { return c >= '\t' && c <= '\r'; });
  if (whitespace) refuse("Value [" + id + "] contains illegal whitespace characters.  Only space is allowed.");
  const auto control =
      std::find_if(id.begin(), id.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  if (control != id.end())
    refuse("Value [" + id + "] contains illegal UTF8 character [#" + std::to_string(static_cast<int>(*control)) +
           "] at position [" + std::to_string(control - id.begin()) + "]");
  if (id.size() > kIdBytesMax) refuse("it is longer than " + std::to_string(kIdBytesMax) + " bytes: [" + id + "]");
}

}  // namespace sarsen::ingest
