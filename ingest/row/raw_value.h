#pragma once
// A field of an input row as the parser found it, before it becomes a dimension value or a metric input. Texts and
// lists are views into the parser's memory: good until it reads the next message. Conversions follow Druid's: text of a
// dimension (java_text), numbers for dimensions (column types long, float, double), numbers for metrics (which trim,
// and drop commas).

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sarsen::ingest {

struct RawValue {
  enum class Kind : std::uint8_t {
    kMissing,  // the row has no such field
    kNull,
    kBoolean,
    kLong,
    kDouble,  // also integers beyond 64 bits
    kText,
    kList,
    kObject,   // `list` has its keys (kText, each once) and values by turns
    kComplex,  // `text` has the bytes of a stored metric, a sketch say
  };

  Kind kind = Kind::kMissing;
  bool boolean = false;
  std::int64_t integer = 0;
  double number = 0;
  std::string_view text = {};  // of a long too, where the reader has it as Java writes it
  std::span<const RawValue> list = {};

  bool absent() const noexcept { return kind == Kind::kMissing || kind == Kind::kNull; }

  static RawValue null() noexcept { return {.kind = Kind::kNull}; }
  static RawValue of(bool value) noexcept { return {.kind = Kind::kBoolean, .boolean = value}; }
  static RawValue of(std::int64_t value) noexcept { return {.kind = Kind::kLong, .integer = value}; }
  static RawValue of(double value) noexcept { return {.kind = Kind::kDouble, .number = value}; }
  static RawValue of(std::string_view value) noexcept { return {.kind = Kind::kText, .text = value}; }
  static RawValue of(std::span<const RawValue> value) noexcept { return {.kind = Kind::kList, .list = value}; }
  static RawValue object(std::span<const RawValue> members) noexcept {
    return {.kind = Kind::kObject, .list = members};
  }
  static RawValue complex(std::string_view bytes) noexcept { return {.kind = Kind::kComplex, .text = bytes}; }
};

/// The value as a string dimension stores it; nullopt for null. `scratch` holds the text where the value has none of
/// its own. Lists and objects give Java's "[a, b]" and "{k=v}": string dimensions take lists element by element
/// instead.
std::optional<std::string_view> text_of(const RawValue& value, std::string& scratch);

/// The class of Java's that the value has in Druid, which its messages name.
std::string_view java_class(const RawValue& value) noexcept;

/// A number, or null, or "cannot be read as one" (failed): the caller counts it.
template <class T>
struct Converted {
  T value = 0;
  bool null = true;
  bool failed = false;
};

/// As a dimension of type long: decimal text must be an integer. As one of type float or double: any of Java's number
/// texts.
template <class T>
Converted<T> dimension_number(const RawValue& value);

/// As a metric's input: text is trimmed, commas and one leading plus are dropped, a fraction is cut off where a long is
/// wanted.
template <class T>
Converted<T> metric_number(const RawValue& value);

/// Java's Double.parseDouble: nullopt where that throws.
std::optional<double> parse_java_double(std::string_view text);

/// Java's Long.parseLong: an optional sign, then ASCII digits.
std::optional<std::int64_t> parse_java_long(std::string_view text);

}  // namespace sarsen::ingest
