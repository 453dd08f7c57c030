#include "server/cli/setting_values.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>
#include <optional>

#include "storage/base/error.h"
#include "storage/base/period.h"
#include "storage/base/readable_bytes.h"

namespace sarsen::server {

void refuse(const std::string& name, std::string_view wanted, const std::string& value) {
  throw Error(ErrorCategory::kInvalidInput, name + " must be " + std::string(wanted) + ", but is: " + value);
}

std::uint64_t number(const std::string& name, const std::string& value, std::uint64_t min, std::uint64_t max) {
  std::uint64_t result = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), result);
  if (error != std::errc() || end != value.data() + value.size() || result < min || result > max)
    refuse(name, fmt::format("an integer from {} to {}", min, max), value);
  return result;
}

std::int64_t whole_number(const std::string& name, const std::string& value, std::int64_t min, std::int64_t max) {
  std::int64_t result = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), result);
  if (error != std::errc() || end != value.data() + value.size() || result < min || result > max)
    refuse(name, fmt::format("an integer from {} to {}", min, max), value);
  return result;
}

std::uint64_t bytes(const std::string& name, const std::string& value, std::uint64_t min) {
  constexpr std::uint64_t kMax = std::uint64_t{1} << 50;
  const std::optional<std::uint64_t> result = parse_readable_bytes(value);
  if (!result || *result < min || *result > kMax)
    refuse(name, fmt::format("a size from {} to {} bytes, such as 64MiB", min, kMax), value);
  return *result;
}

bool boolean(const std::string& name, const std::string& value) {
  if (value != "true" && value != "false") refuse(name, "true or false", value);
  return value == "true";
}

std::chrono::milliseconds duration(const std::string& name, const std::string& value) {
  const auto length = Period::parse(value).fixed_ms();
  if (!length || *length < 0) refuse(name, "a period of fixed length such as PT30S", value);
  return std::chrono::milliseconds(*length);
}

std::int64_t period_ms(const std::string& name, const std::string& value) { return duration(name, value).count(); }

std::int64_t age_ms(const std::string&, const std::string& value) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const std::int64_t now_ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  return add_period(now_ms, Period::parse(value)) - now_ms;
}

Json json(const std::string& name, std::string_view wanted, const std::string& value) {
  try {
    return Json::parse(value);
  } catch (const Error&) {
    refuse(name, wanted, value);
  }
}

std::vector<std::string> words(const std::string& name, const std::string& value, std::string_view wanted) {
  const Json list = json(name, wanted, value);
  std::vector<std::string> words;
  if (!list.is_array()) refuse(name, wanted, value);
  for (const Json& element : list.array()) {
    if (!element.is_string()) refuse(name, wanted, value);
    words.push_back(element.string());
  }
  return words;
}

std::string password(const std::string& name, const std::string& value) {
  std::optional<Json> provider;
  try {
    provider = Json::parse(value);
  } catch (const Error&) {
    return value;
  }
  if (!provider->is_object()) return value;
  const JsonField field(*provider);
  const std::string type = field["type"].string_or("default");
  if (type == "default") return field["password"].string();
  if (type != "environment") refuse(name, "a text, or a password provider of type default or environment", type);
  const char* found = std::getenv(field["variable"].string().c_str());
  if (found == nullptr) refuse(name, "in the environment", field["variable"].string());
  return found;
}

}  // namespace sarsen::server
