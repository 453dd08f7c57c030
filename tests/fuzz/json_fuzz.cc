// Any bytes as JSON, an interval, a period, a number, a properties file. What is accepted must print as something that
// reads back as the same; JSON and the finder of faults must agree.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "storage/base/error.h"
#include "storage/base/interval.h"
#include "storage/base/java_number.h"
#include "storage/base/json.h"
#include "storage/base/json_fault.h"
#include "storage/base/period.h"
#include "storage/base/properties.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check_json(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  std::string printed;
  bool accepted = true;
  try {
    printed = sarsen::Json::parse(text).dump();
  } catch (const sarsen::Error&) {
    accepted = false;
  }
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  require(accepted != sarsen::find_json_fault(text).has_value());
  if (accepted) require(sarsen::Json::parse(printed).dump() == printed);
}

void check_interval(std::string_view text) {
  sarsen::Interval interval;
  try {
    interval = sarsen::parse_interval(text);
  } catch (const sarsen::Error&) {
    return;
  }
  require(sarsen::parse_interval(sarsen::format_iso(interval)) == interval);
}

template <class Parse>
void check_refusal(std::string_view text, Parse parse) {
  try {
    parse(text);
  } catch (const sarsen::Error&) {  // refused, which is fine
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_json(text);
  check_interval(text);
  check_refusal(text, [](std::string_view period) { sarsen::Period::parse(period).to_string(); });
  check_refusal(text, [](std::string_view properties) { sarsen::parse_properties(properties); });
  sarsen::exact_long(text);
  sarsen::try_parse_float(text);
  sarsen::try_parse_double(text);
  return 0;
}
