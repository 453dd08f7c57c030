#pragma once
// JSON as read: specs, queries, descriptors, metadata. The only door to simdjson's DOM (rows have their own, on-demand
// door in ingest/row). A Json is an immutable tree; a JsonField is a Json with the path that leads to it, so that every
// complaint names the field at fault. Thread safety: reading a Json from many threads is safe.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace sarsen {

/// Nesting deeper than this is refused while parsing.
inline constexpr std::size_t kJsonDepthMax = 256;

class Json {
 public:
  using Array = std::vector<Json>;
  using Object = std::vector<std::pair<std::string, Json>>;  // in the order written; a repeated key: the last one wins

  Json() = default;
  Json(std::nullptr_t) {}                                                         // NOLINT(google-explicit-constructor)
  Json(bool value) : value_(value) {}                                             // NOLINT(google-explicit-constructor)
  Json(int value) : value_(static_cast<std::int64_t>(value)) {}                   // NOLINT(google-explicit-constructor)
  Json(std::int64_t value) : value_(value) {}                                     // NOLINT(google-explicit-constructor)
  Json(double value) : value_(value) {}                                           // NOLINT(google-explicit-constructor)
  Json(std::string value) : value_(std::move(value)) {}                           // NOLINT(google-explicit-constructor)
  Json(std::string_view value) : value_(std::string(value)) {}                    // NOLINT(google-explicit-constructor)
  Json(const char* value) : value_(std::string(value)) {}                         // NOLINT(google-explicit-constructor)
  Json(Array value) : value_(std::make_shared<const Array>(std::move(value))) {}  // NOLINT(google-explicit-constructor)
  Json(Object value)
      : value_(std::make_shared<const Object>(std::move(value))) {}  // NOLINT(google-explicit-constructor)

  /// Throws kInvalidInput with the position and the reason. Lenient where Jackson is lenient is not wanted: RFC 8259.
  static Json parse(std::string_view text);

  bool is_null() const noexcept { return std::holds_alternative<std::monostate>(value_); }
  bool is_bool() const noexcept { return std::holds_alternative<bool>(value_); }
  bool is_integer() const noexcept { return std::holds_alternative<std::int64_t>(value_); }
  bool is_double() const noexcept { return std::holds_alternative<double>(value_); }  // also integers beyond 64 bits
  bool is_number() const noexcept { return is_integer() || is_double(); }
  bool is_string() const noexcept { return std::holds_alternative<std::string>(value_); }
  bool is_array() const noexcept { return std::holds_alternative<std::shared_ptr<const Array>>(value_); }
  bool is_object() const noexcept { return std::holds_alternative<std::shared_ptr<const Object>>(value_); }

  // REQUIRES for each: the value is of that kind.
  bool boolean() const { return std::get<bool>(value_); }
  std::int64_t integer() const { return std::get<std::int64_t>(value_); }
  double number() const { return is_integer() ? static_cast<double>(integer()) : std::get<double>(value_); }
  const std::string& string() const { return std::get<std::string>(value_); }
  const Array& array() const { return *std::get<std::shared_ptr<const Array>>(value_); }
  const Object& object() const { return *std::get<std::shared_ptr<const Object>>(value_); }

  /// The member named `key`, or nullptr where this is no object or has none.
  const Json* find(std::string_view key) const noexcept;

  /// Compact text, keys in the order held. Doubles in Java's form.
  std::string dump() const;

  /// "an object", "a string": for messages.
  std::string_view kind_name() const noexcept;

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, std::shared_ptr<const Array>,
               std::shared_ptr<const Object>>
      value_;
};

class JsonWriter;  // storage/base/json_writer.h

/// As one value, keys in the order held.
void write_json(JsonWriter& writer, const Json& json);

/// A place in a document: the value (perhaps absent) and the path to it. Cheap to copy; must not outlive its document.
/// Scalars are coerced as Jackson does for Druid: "5" where an integer is wanted, 5 where a string is wanted, "true".
class JsonField {
 public:
  explicit JsonField(const Json& root) : json_(&root) {}

  bool present() const noexcept { return json_ != nullptr && !json_->is_null(); }  // null counts as absent, as in Druid
  const Json& json() const;                                                        // throws when absent
  const std::string& path() const noexcept { return path_; }                       // "filter.fields[0].dimension"

  JsonField operator[](std::string_view key) const;  // absent where there is none; throws where this is no object
  std::vector<JsonField> elements() const;           // of an array; empty when absent
  std::vector<std::pair<std::string, JsonField>> members() const;  // of an object; empty when absent

  // Throw kInvalidInput naming the path when absent or of the wrong kind.
  std::string string() const;
  std::int64_t integer() const;
  double number() const;
  bool boolean() const;

  // The default when absent; throw when of the wrong kind.
  std::string string_or(std::string_view otherwise) const;
  std::int64_t integer_or(std::int64_t otherwise) const;
  bool boolean_or(bool otherwise) const;
  std::optional<std::string> optional_string() const;

  /// Throws kInvalidInput: "<path>: <problem>".
  [[noreturn]] void fail(std::string_view problem) const;

 private:
  JsonField(const Json* json, std::string path) : json_(json), path_(std::move(path)) {}

  const Json* json_ = nullptr;
  std::string path_;
};

/// " (did you mean \"longSum\"?)" when one of `known` is within a third of its length of `word`, ignoring case; else
/// "".
std::string suggestion(std::string_view word, const std::vector<std::string>& known);

}  // namespace sarsen
