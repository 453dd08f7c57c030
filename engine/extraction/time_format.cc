// timeFormat: a time, given as milliseconds or as ISO text, floored and printed.

#include "engine/extraction/extraction_function.h"
#include "engine/time/granularity.h"
#include "engine/time/joda_format.h"
#include "storage/base/error.h"
#include "storage/base/interval.h"
#include "storage/base/java_number.h"

namespace sarsen::engine {
namespace {

constexpr std::string_view kIsoPattern = "yyyy-MM-dd'T'HH:mm:ss.SSSZZ";

class TimeFormat final : public ExtractionFunction {
 public:
  /// `format` nullptr: milliseconds where `as_millis`, else ISO text in `zone`.
  TimeFormat(std::unique_ptr<const JodaFormat> format, std::shared_ptr<const TimeZone> zone,
             std::shared_ptr<const Granularity> granularity, bool as_millis)
      : format_(std::move(format)),
        zone_(std::move(zone)),
        iso_(kIsoPattern, zone_),
        granularity_(std::move(granularity)),
        as_millis_(as_millis) {}

  Text apply(std::optional<std::string_view> value) const override {
    if (!value) return {};
    if (as_millis_)
      if (const std::optional<std::int64_t> millis = whole_number(*value)) return apply(*millis);
    return apply(parse_iso(*value));
  }

  Text apply(std::int64_t time_ms) const override {
    const std::int64_t floored = granularity_->is_all()    ? kEternity.start_ms
                                 : granularity_->is_none() ? time_ms
                                                           : granularity_->bucket_start(time_ms);
    if (format_ != nullptr) return format_->print(floored);
    if (as_millis_) return std::to_string(floored);
    return zone_->is_utc() ? format_iso(floored) : zoned(floored);
  }

  Text apply(float) const override { refuse_fractions(); }
  Text apply(double) const override { refuse_fractions(); }

 private:
  [[noreturn]] static void refuse_fractions() {
    throw Error(ErrorCategory::kInvalidInput, "timeFormat reads milliseconds as longs or text, not FLOAT or DOUBLE");
  }

  /// Long.parseLong: digits and a sign.
  static std::optional<std::int64_t> whole_number(std::string_view text) {
    const std::size_t digits = text.starts_with('-') ? 1 : 0;
    if (text.size() == digits || text.find_first_not_of("0123456789", digits) != std::string_view::npos) return {};
    return exact_long(text);
  }

  std::string zoned(std::int64_t time_ms) const {
    std::string text = iso_.print(time_ms);
    if (zone_->offset_ms(time_ms) == 0) text.replace(text.size() - 6, 6, "Z");
    return text;
  }

  std::unique_ptr<const JodaFormat> format_;
  std::shared_ptr<const TimeZone> zone_;
  JodaFormat iso_;
  std::shared_ptr<const Granularity> granularity_;
  bool as_millis_;
};

ExtractionPtr parse_time_format(const JsonField& json) {
  const bool as_millis = json["asMillis"].boolean_or(false);
  const JsonField format = json["format"];
  if (as_millis && !format.present() && (json["timeZone"].present() || json["locale"].present()))
    json["timeZone"].fail("timeZone and locale do not make sense with asMillis and no format");
  const auto zone = json["timeZone"].present() ? TimeZone::find(json["timeZone"].string()) : TimeZone::utc();
  std::unique_ptr<const JodaFormat> pattern;
  if (format.present()) pattern = std::make_unique<JodaFormat>(format.string(), zone, json["locale"].string_or(""));
  const JsonField granularity = json["granularity"];
  return std::make_shared<TimeFormat>(
      std::move(pattern), zone,
      granularity.present() ? parse_granularity(granularity) : parse_granularity(std::string_view("none")), as_millis);
}

}  // namespace

void register_time_format(ExtractionRegistry& registry) {
  registry.add({.type = "timeFormat",
                .parse = parse_time_format,
                .doc = "The time in the Joda pattern `format`, floored to `granularity`."});
}

}  // namespace sarsen::engine
