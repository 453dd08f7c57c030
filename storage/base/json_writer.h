#pragma once
// Writes JSON with the bytes that Jackson writes for Druid: Java number text, its escapes, compact or pretty
// (native-query results are compared byte for byte with Druid's). Appends to a string that the caller drains while
// streaming. The same calls write SMILE, its binary form, where that is asked for. Not thread-safe.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "storage/base/java_text.h"

namespace sarsen {

class Json;

enum class JsonStyle : std::uint8_t { kCompact, kPretty, kSmile };

class JsonWriter {
 public:
  explicit JsonWriter(JsonStyle style = JsonStyle::kCompact);
  ~JsonWriter();
  JsonWriter(JsonWriter&&) noexcept;
  JsonWriter& operator=(JsonWriter&&) noexcept;

  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& key(std::string_view name);

  JsonWriter& null();
  JsonWriter& boolean(bool value);
  JsonWriter& integer(std::int64_t value);
  JsonWriter& number(double value);  // Double.toString; NaN and infinities as quoted words
  JsonWriter& number(float value);   // Float.toString
  JsonWriter& string(std::string_view utf8);
  JsonWriter& raw(std::string_view json);  // one ready value

  /// What was written and not yet taken. take() leaves the nesting as it is: the next value goes on where it stopped.
  const std::string& text() const noexcept { return text_; }
  std::string take();

 private:
  struct Smile;

  void before_value();
  void indent();
  /// Writes by `write(SmileWriter&)` and returns true where SMILE is asked for.
  template <class Write>
  bool smile(Write write);

  JsonStyle style_;
  std::string text_;
  struct Level {
    bool object;
    bool empty;
  };
  std::vector<Level> levels_;
  bool after_key_ = false;
  std::unique_ptr<Smile> smile_;  // kSmile only
};

/// Appends `utf8` between quotes as Jackson's byte generator does: controls as \u00XX, code points past U+FFFF as two
/// \uXXXX.
void append_json_string(std::string& out, std::string_view utf8);

}  // namespace sarsen
