// Times from text and as text: timestamp, unix_timestamp, timestamp_parse, timestamp_format.

#include "engine/expression/function.h"
#include "engine/time/iso_in_zone.h"
#include "engine/time/joda_format.h"

namespace sarsen::engine::expression {
namespace {

using ZonePointer = std::shared_ptr<const TimeZone>;

ZonePointer zone_argument(std::string_view function, const Exprs& arguments, std::size_t i) {
  const std::optional<std::string> name = literal_text(function, arguments, i);
  return name ? TimeZone::find(*name) : TimeZone::utc();
}

/// Bad text is an error here, unlike in timestamp_parse.
std::int64_t time_of(std::string_view function, const Arguments& arguments) {
  const Eval value = arguments[0];
  if (!value.type.is_string())
    fail_function(function, "first argument should be a STRING but got " + value.type.name() + " instead");
  const std::string text = value.as_string().value_or("null");
  std::optional<std::int64_t> time_ms;
  if (arguments.size() == 1) {
    if (text.find(' ') == std::string::npos) time_ms = parse_date_and_time(*TimeZone::utc(), text);
  } else {
    time_ms = JodaFormat(arguments[1].as_string().value_or("")).parse(text);
  }
  if (!time_ms) fail_function(function, "invalid value " + text);
  return *time_ms;
}

Eval timestamp(const Arguments& arguments) { return Eval::of(time_of("timestamp", arguments)); }
Eval unix_timestamp(const Arguments& arguments) { return Eval::of(time_of("unix_timestamp", arguments) / 1000); }

Apply bind_parse(const Exprs& arguments) {
  const ZonePointer zone = zone_argument("timestamp_parse", arguments, 2);
  const std::optional<std::string> pattern = literal_text("timestamp_parse", arguments, 1);
  std::shared_ptr<const JodaFormat> format;
  if (pattern) format = std::make_shared<const JodaFormat>(*pattern, zone);
  return [=](const Arguments& given) {
    const std::optional<std::string> text = given[0].as_string();
    if (!text) return Eval::null(Type::long_());
    return Eval::of(format ? format->parse(*text) : parse_date_and_time(*zone, *text));
  };
}

Apply bind_format(const Exprs& arguments) {
  const ZonePointer zone = zone_argument("timestamp_format", arguments, 2);
  const std::optional<std::string> pattern = literal_text("timestamp_format", arguments, 1);
  std::shared_ptr<const JodaFormat> format;
  if (pattern) format = std::make_shared<const JodaFormat>(*pattern, zone);
  return [=](const Arguments& given) {
    const Eval time = given[0];
    if (time.is_numeric_null()) return Eval();
    return Eval::of(format ? format->print(time.as_long()) : format_iso_in(*zone, time.as_long()));
  };
}

}  // namespace

void add_time_text_functions(FunctionRegistry& registry) {
  registry.add(
      {.name = "timestamp", .arguments_min = 1, .arguments_max = 2, .bind = plain<timestamp>, .output = long_output});
  registry.add({.name = "unix_timestamp",
                .arguments_min = 1,
                .arguments_max = 2,
                .bind = plain<unix_timestamp>,
                .output = long_output});
  registry.add(
      {.name = "timestamp_parse", .arguments_min = 1, .arguments_max = 3, .bind = bind_parse, .output = long_output});
  registry.add({.name = "timestamp_format",
                .arguments_min = 1,
                .arguments_max = 3,
                .bind = bind_format,
                .output = string_output,
                .may_fail = false});
}

}  // namespace sarsen::engine::expression
