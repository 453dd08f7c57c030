// time: text in one pattern of dates into another. What cannot be read stays as it is.

#include "engine/extraction/extraction_function.h"
#include "engine/time/joda_format.h"
#include "engine/time/simple_date_format.h"

namespace sarsen::engine {
namespace {

template <class Format>
class Time final : public ExtractionFunction {
 public:
  Time(Format from, Format to) : from_(std::move(from)), to_(std::move(to)) {}
  using ExtractionFunction::apply;

  Text apply(std::optional<std::string_view> value) const override {
    if (!value) return {};
    const std::optional<std::int64_t> time_ms = value->empty() ? std::nullopt : from_.parse(*value);
    return time_ms ? to_.print(*time_ms) : std::string(*value);
  }

 private:
  Format from_;
  Format to_;
};

ExtractionPtr parse_time(const JsonField& json) {
  const std::string from = json["timeFormat"].string();
  const std::string to = json["resultFormat"].string();
  if (json["joda"].boolean_or(false)) return std::make_shared<Time<JodaFormat>>(JodaFormat(from), JodaFormat(to));
  using Use = SimpleDateFormat::Use;
  return std::make_shared<Time<SimpleDateFormat>>(SimpleDateFormat(from, Use::kParse),
                                                  SimpleDateFormat(to, Use::kPrint));
}

}  // namespace

void register_time(ExtractionRegistry& registry) {
  registry.add({.type = "time",
                .parse = parse_time,
                .doc = "A date in the pattern `timeFormat`, written in the pattern `resultFormat`."});
}

}  // namespace sarsen::engine
