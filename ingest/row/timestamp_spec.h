#pragma once
// Which field of a row is its time, and how it is written there: Druid's timestampSpec. Formats: auto, iso, posix,
// millis, micro, nano, ruby, and Joda patterns; names in any case. Immutable; thread-safe.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/time/joda_format.h"
#include "ingest/row/raw_value.h"
#include "storage/base/json.h"

namespace sarsen::ingest {

class TimestampSpec {
 public:
  /// {"column": "timestamp", "format": "auto", "missingValue": null}, those being the defaults.
  /// Throws kInvalidInput naming the field.
  static TimestampSpec parse(const JsonField& json);

  const std::string& column() const noexcept { return column_; }

  /// The row's time in milliseconds UTC; nullopt where it is unparseable, which the empty text always is. A missing or
  /// null value is the missingValue, where there is one.
  std::optional<std::int64_t> time_ms(const RawValue& value) const;

  /// As metadata.drd holds it.
  Json to_json() const;

 private:
  enum class Format : std::uint8_t { kAuto, kIso, kPosix, kMillis, kMicro, kNano, kRuby, kPattern };

  std::optional<std::int64_t> of_text(std::string_view text) const;
  std::optional<std::int64_t> of_number(const RawValue& value) const;
  bool numeric() const noexcept { return format_ >= Format::kPosix && format_ <= Format::kRuby; }

  std::string column_ = "timestamp";
  std::string format_name_ = "auto";
  Format format_ = Format::kAuto;
  std::shared_ptr<const engine::JodaFormat> pattern_;
  std::optional<std::string> missing_text_;
  std::optional<std::int64_t> missing_ms_;
};

}  // namespace sarsen::ingest
