#include "ingest/row/timestamp_spec.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "ingest/row/iso_text.h"
#include "ingest/row/zone_name.h"
#include "storage/base/ascii_case.h"
#include "storage/base/interval.h"

namespace sarsen::ingest {
namespace {

std::string_view trim(std::string_view text) noexcept {
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  return text;
}

/// White space, then one pair of double quotes and the white space inside it.
std::string_view strip_quotes(std::string_view text) noexcept {
  text = trim(text);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = trim(text.substr(1, text.size() - 2));
  return text;
}

bool all_digits(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char byte) { return byte >= '0' && byte <= '9'; });
}

/// Saturates, as TimeUnit.toMillis.
std::int64_t scaled(std::int64_t value, std::int64_t factor) noexcept {
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  if (value > kMax / factor) return kMax;
  if (value < -kMax / factor) return -kMax;
  return value * factor;
}

std::optional<std::int64_t> of_auto_text(std::string_view text) {
  if (const auto time_ms = parse_plain_iso_text(text, IsoForm::kBlankForT)) return time_ms;
  if (all_digits(text)) return parse_java_long(text);
  text = strip_quotes(text);
  // A zone's name behind the time is taken off, but the time is read in UTC all the same: so does Druid.
  if (const std::size_t blank = text.rfind(' ');
      blank != std::string_view::npos && blank > 0 && is_zone_name(text.substr(blank + 1)))
    text = text.substr(0, blank);
  return parse_iso_text(text, IsoForm::kBlankForT);
}

std::optional<std::int64_t> of_iso_text(std::string_view text) {
  text = strip_quotes(text);
  const auto time_ms = parse_iso_text(text, IsoForm::kStrict);
  return time_ms ? time_ms : parse_java_long(text);
}

std::optional<std::int64_t> of_seconds(double seconds) noexcept {
  const double time_ms = seconds * 1000;
  constexpr double kLimit = 9.2e18;
  if (!(std::abs(time_ms) < kLimit)) return std::nullopt;
  return static_cast<std::int64_t>(time_ms);
}

}  // namespace

TimestampSpec TimestampSpec::parse(const JsonField& json) {
  TimestampSpec spec;
  if (!json.present()) return spec;
  spec.column_ = json["column"].string_or(spec.column_);
  spec.format_name_ = json["format"].string_or(spec.format_name_);
  constexpr std::array<std::string_view, 7> kNames = {"auto", "iso", "posix", "millis", "micro", "nano", "ruby"};
  const auto found = std::find(kNames.begin(), kNames.end(), storage::lower_ascii(spec.format_name_));
  spec.format_ = static_cast<Format>(found - kNames.begin());
  if (spec.format_ == Format::kPattern) spec.pattern_ = std::make_shared<const engine::JodaFormat>(spec.format_name_);
  if (const JsonField missing = json["missingValue"]; missing.present()) {
    spec.missing_text_ = missing.string();
    spec.missing_ms_ = parse_iso_text(strip_quotes(*spec.missing_text_), IsoForm::kStrict);
    if (!spec.missing_ms_) spec.missing_ms_ = parse_java_long(*spec.missing_text_);
    if (!spec.missing_ms_) missing.fail("an ISO timestamp is wanted");
  }
  return spec;
}

std::optional<std::int64_t> TimestampSpec::time_ms(const RawValue& value) const {
  using Kind = RawValue::Kind;
  if (value.absent()) return missing_ms_;
  std::optional<std::int64_t> result;
  if (numeric() && (value.kind == Kind::kLong || value.kind == Kind::kDouble)) {
    result = of_number(value);
  } else {
    std::string scratch;
    const auto text = text_of(value, scratch);
    if (text && !text->empty()) result = of_text(*text);
  }
  if (!result || !kEternity.contains(*result)) return std::nullopt;
  return result;
}

std::optional<std::int64_t> TimestampSpec::of_text(std::string_view text) const {
  if (format_ == Format::kAuto) return of_auto_text(text);
  if (format_ == Format::kIso) return of_iso_text(text);
  text = strip_quotes(text);
  if (format_ == Format::kPattern) return pattern_->parse(text);
  if (format_ == Format::kRuby) {
    const auto seconds = parse_java_double(text);
    return seconds ? of_seconds(*seconds) : std::nullopt;
  }
  const auto number = parse_java_long(text);
  return number ? of_number(RawValue::of(*number)) : std::nullopt;
}

std::optional<std::int64_t> TimestampSpec::of_number(const RawValue& value) const {
  if (format_ == Format::kRuby)
    return of_seconds(value.kind == RawValue::Kind::kLong ? static_cast<double>(value.integer) : value.number);
  const std::int64_t number = dimension_number<std::int64_t>(value).value;
  switch (format_) {
    case Format::kPosix:
      return scaled(number, 1000);
    case Format::kMicro:
      return number / 1000;
    case Format::kNano:
      return number / 1'000'000;
    default:
      return number;
  }
}

Json TimestampSpec::to_json() const {
  Json::Object json;
  json.emplace_back("column", Json(column_));
  json.emplace_back("format", Json(format_name_));
  json.emplace_back("missingValue", missing_ms_ ? Json(format_iso(*missing_ms_)) : Json());
  return Json(std::move(json));
}

}  // namespace sarsen::ingest
