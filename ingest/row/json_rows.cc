#include "ingest/row/json_rows.h"

#include <simdjson.h>

#include <array>
#include <cctype>
#include <charconv>
#include <cstring>
#include <limits>
#include <memory_resource>
#include <vector>

#include "storage/base/json_writer.h"
#include "storage/base/utf8.h"

namespace sarsen::ingest {
namespace {

namespace ondemand = simdjson::ondemand;

/// Memory of one message: gone, but kept for the next, at release().
class RowArena {
 public:
  std::string_view keep(std::string_view text) {
    if (text.empty()) return {};
    char* bytes = static_cast<char*>(resource_.allocate(text.size(), 1));
    std::memcpy(bytes, text.data(), text.size());
    return {bytes, text.size()};
  }

  std::span<const RawValue> keep(std::span<const RawValue> values) {
    if (values.empty()) return {};
    void* bytes = resource_.allocate(values.size_bytes(), alignof(RawValue));
    auto* copy = static_cast<RawValue*>(bytes);
    std::uninitialized_copy(values.begin(), values.end(), copy);
    return {copy, values.size()};
  }

  void release() { resource_.release(); }

 private:
  static constexpr std::size_t kFirstBytes = 16384;
  std::unique_ptr<std::byte[]> first_ = std::make_unique<std::byte[]>(kFirstBytes);
  std::pmr::monotonic_buffer_resource resource_{first_.get(), kFirstBytes};
};

void append_utf8(std::string& out, std::uint32_t code_point) {
  const auto byte = [&out](std::uint32_t value) { out.push_back(static_cast<char>(value)); };
  if (code_point < 0x80) return byte(code_point);
  if (code_point < 0x800) {
    byte(0xC0 | code_point >> 6);
  } else {
    if (code_point < 0x10000) {
      byte(0xE0 | code_point >> 12);
    } else {
      byte(0xF0 | code_point >> 18);
      byte(0x80 | (code_point >> 12 & 0x3F));
    }
    byte(0x80 | (code_point >> 6 & 0x3F));
  }
  byte(0x80 | (code_point & 0x3F));
}

std::optional<std::uint32_t> hex4(std::string_view text) {
  std::uint32_t value = 0;
  if (text.size() < 4) return std::nullopt;
  const auto parsed = std::from_chars(text.data(), text.data() + 4, value, 16);
  if (parsed.ptr != text.data() + 4) return std::nullopt;
  return value;
}

/// What "\uXXXX" stands for, `text` beginning behind the u; takes the second of a pair of surrogates too. A surrogate
/// alone is what Java writes for it: a question mark.
std::optional<std::uint32_t> scan_unicode_escape(std::string_view& text) {
  const auto first = hex4(text);
  if (!first) return std::nullopt;
  text.remove_prefix(4);
  if (*first < 0xD800 || *first > 0xDFFF) return first;
  if (*first <= 0xDBFF && text.starts_with("\\u")) {
    const auto second = hex4(text.substr(2));
    if (second && *second >= 0xDC00 && *second <= 0xDFFF) {
      text.remove_prefix(6);
      return 0x10000 + ((*first - 0xD800) << 10) + (*second - 0xDC00);
    }
  }
  return '?';
}

/// The content of a JSON string that simdjson refuses, which it does for surrogates alone. `raw` begins behind the
/// quote.
std::optional<std::string> unescape_leniently(std::string_view raw) {
  constexpr std::string_view kEscapes = "\"\\/bfnrt";
  constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
  std::string text;
  while (!raw.empty() && raw.front() != '"') {
    if (raw.front() != '\\') {
      text.push_back(raw.front());
      raw.remove_prefix(1);
      continue;
    }
    if (raw.size() < 2) return std::nullopt;
    const char letter = raw[1];
    raw.remove_prefix(2);
    if (letter == 'u') {
      const auto code_point = scan_unicode_escape(raw);
      if (!code_point) return std::nullopt;
      append_utf8(text, *code_point);
    } else if (const std::size_t known = kEscapes.find(letter); known != std::string_view::npos) {
      text.push_back(kMeanings[known]);
    } else {
      return std::nullopt;
    }
  }
  if (raw.empty()) return std::nullopt;
  return text;
}

/// -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?
bool is_json_number(std::string_view text) {
  const auto digits = [&text] {
    std::size_t count = 0;
    while (count < text.size() && text[count] >= '0' && text[count] <= '9') ++count;
    text.remove_prefix(count);
    return count;
  };
  if (text.starts_with('-')) text.remove_prefix(1);
  const bool zero = text.starts_with('0');
  if (const std::size_t count = digits(); count == 0 || (zero && count > 1)) return false;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (digits() == 0) return false;
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    if (digits() == 0) return false;
  }
  return text.empty();
}

std::string_view without_trailing_space(std::string_view token) {
  const std::size_t end = token.find_last_not_of(" \t\r\n");
  return token.substr(0, end == std::string_view::npos ? 0 : end + 1);
}

std::string replace_malformed(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const Utf8Step step = next_code_point(text);
    step.valid ? void(result.append(text.substr(0, step.size))) : append_utf8(result, step.code_point);
    text.remove_prefix(step.size);
  }
  return result;
}

}  // namespace

class JsonRowReader::Impl {
 public:
  Impl(const InputFormat& format, FieldTable& fields, bool discover)
      : format_(format), fields_(fields), discover_(discover) {}

  std::optional<std::string> read(std::string_view message, const std::function<void(const RawRow&)>& row) {
    auto problem = read_once(message, row);
    if (problem && format_.replace_malformed_utf8 && malformed_utf8_) return read_once(replace_malformed(message), row);
    return problem;
  }

 private:
  /// One of the message's objects; where the next begins, or npos.
  struct Outcome {
    std::size_t next = std::string_view::npos;
    std::optional<std::string> problem;
  };

  std::optional<std::string> read_once(std::string_view message, const std::function<void(const RawRow&)>& row) {
    malformed_utf8_ = false;
    set_text(message);
    Outcome first = read_object(0);
    if (first.problem) return first.problem;
    if (first.next == std::string_view::npos) {
      row(row_);
      return std::nullopt;
    }
    return read_several(row);
  }

  /// Several objects in one message: all are looked at before the first is given.
  std::optional<std::string> read_several(const std::function<void(const RawRow&)>& row) {
    for (const bool give : {false, true}) {
      for (std::size_t place = 0; place != std::string_view::npos;) {
        const Outcome outcome = read_object(place);
        if (outcome.problem) return outcome.problem;
        if (give) row(row_);
        place = outcome.next;
      }
    }
    return std::nullopt;
  }

  void set_text(std::string_view message) {
    size_ = message.size();
    if (text_.size() < size_ + simdjson::SIMDJSON_PADDING) text_.resize((size_ + simdjson::SIMDJSON_PADDING) * 2);
    if (size_ != 0) std::memcpy(text_.data(), message.data(), size_);
    std::memset(text_.data() + size_, 0, simdjson::SIMDJSON_PADDING);
  }

  Outcome read_object(std::size_t place) {
    row_.clear();
    arena_.release();
    ondemand::document document;
    ondemand::object object;
    auto error = parser_.iterate(text_.data() + place, size_ - place, text_.size() - place).get(document);
    malformed_utf8_ = error == simdjson::UTF8_ERROR;
    if (!error) error = document.get_object().get(object);
    if (error == simdjson::EMPTY) return {.problem = "the message is empty"};
    if (error == simdjson::INCORRECT_TYPE) return {.problem = "the message is not a JSON object"};
    if (!error) error = read_fields(object);
    if (error) return {.problem = std::string("the message is not valid JSON: ") + simdjson::error_message(error)};
    return {.next = next_place(document), .problem = {}};
  }

  std::size_t next_place(ondemand::document& document) {
    const char* location = nullptr;
    if (document.current_location().get(location)) return std::string_view::npos;
    const auto place = static_cast<std::size_t>(location - text_.data());
    return place < size_ ? place : std::string_view::npos;
  }

  simdjson::error_code read_fields(ondemand::object& object) {
    std::size_t position = 0;
    for (auto result : object) {
      ondemand::field field;
      if (const auto error = std::move(result).get(field)) return error;
      const auto number = field_number(field, position++);
      if (!number.has_value() && bad_key_) return simdjson::STRING_ERROR;
      RawValue value;
      if (const auto error = read_value(field.value(), 0, number.has_value(), value)) return error;
      if (number) row_.set(*number, value);
    }
    return simdjson::SUCCESS;
  }

  /// Rows of one source have their keys in the same order nearly always: what stood at this place last time is tried
  /// first.
  std::optional<std::uint32_t> field_number(ondemand::field& field, std::size_t position) {
    bad_key_ = false;
    if (known_fields_ != fields_.size()) expected_.clear();  // a name may have got its number since
    known_fields_ = fields_.size();
    const std::string_view key = raw_key(field);
    if (position < expected_.size() && expected_[position].key == key) return expected_[position].number;
    std::string unescaped;
    std::string_view name = key;
    if (key.find('\\') != std::string_view::npos || format_.lower_case_keys) {
      auto content = unescape_leniently(std::string_view(key.data(), key.size() + 1));
      bad_key_ = !content;
      if (!content) return std::nullopt;
      unescaped = std::move(*content);
      if (format_.lower_case_keys)
        for (char& byte : unescaped) byte = static_cast<char>(std::tolower(static_cast<unsigned char>(byte)));
      name = unescaped;
    }
    const auto number = discover_ ? std::optional(fields_.add(name)) : fields_.find(name);
    known_fields_ = fields_.size();
    if (position < kExpectedMax) {
      if (position >= expected_.size()) expected_.resize(position + 1);
      expected_[position] = {std::string(key), number};
    }
    return number;
  }

  /// The key as written, between its quotes.
  static std::string_view raw_key(ondemand::field& field) {
    const char* begin = field.key().raw();
    const char* end = begin;
    while (*end != '"') end += *end == '\\' ? 2 : 1;  // stage 1 of the parser has proven that the quote is there
    return {begin, static_cast<std::size_t>(end - begin)};
  }

  simdjson::error_code read_value(ondemand::value value, std::size_t depth, bool wanted, RawValue& out) {
    if (depth > kRowDepthMax) return simdjson::DEPTH_ERROR;
    ondemand::json_type type{};
    if (const auto error = value.type().get(type)) return error;
    switch (type) {
      case ondemand::json_type::string:
        return read_string(value, out);
      case ondemand::json_type::number:
        return read_number(value, out);
      case ondemand::json_type::boolean: {
        bool boolean = false;
        const auto error = value.get_bool().get(boolean);
        out = RawValue::of(boolean);
        return error;
      }
      case ondemand::json_type::null:
        out = RawValue::null();
        return read_null(value);
      case ondemand::json_type::array:
        return read_array(value, depth, wanted, out);
      case ondemand::json_type::object:
        return read_nested_object(value, depth, wanted, out);
    }
    return simdjson::TAPE_ERROR;
  }

  static simdjson::error_code read_null(ondemand::value& value) {
    bool null = false;
    const auto error = value.is_null().get(null);
    return error || null ? error : simdjson::N_ATOM_ERROR;
  }

  simdjson::error_code read_string(ondemand::value& value, RawValue& out) {
    const std::string_view token = value.raw_json_token();
    std::string_view text;
    auto error = value.get_string().get(text);
    if (error == simdjson::STRING_ERROR) {
      const auto lenient = unescape_leniently(token.substr(1));
      if (!lenient) return error;
      text = arena_.keep(*lenient);
      error = simdjson::SUCCESS;  // get_string() had stepped over the token before it unescaped
    }
    out = RawValue::of(text);
    return error;
  }

  static simdjson::error_code read_number(ondemand::value& value, RawValue& out) {
    const std::string_view token = without_trailing_space(value.raw_json_token());
    ondemand::number number;
    const auto error = value.get_number().get(number);
    if (!error && number.is_int64()) {
      out = RawValue::of(number.get_int64());
      return error;
    }
    if (!error) {
      out = RawValue::of(number.is_uint64() ? static_cast<double>(number.get_uint64()) : number.get_double());
      return error;
    }
    if (!is_json_number(token)) return error;
    const auto wide = parse_java_double(token);  // an integer of many digits, or a number too great for a double
    if (!wide) return error;
    out = RawValue::of(*wide);
    return simdjson::SUCCESS;
  }

  simdjson::error_code read_array(ondemand::value& value, std::size_t depth, bool wanted, RawValue& out) {
    ondemand::array array;
    if (const auto error = value.get_array().get(array)) return error;
    std::vector<RawValue> elements;
    for (auto result : array) {
      ondemand::value element;
      if (const auto error = std::move(result).get(element)) return error;
      RawValue converted;
      if (const auto error = read_value(element, depth + 1, wanted, converted)) return error;
      if (!wanted) continue;
      if (converted.kind == RawValue::Kind::kList) converted = java_object(converted);
      elements.push_back(converted);
    }
    out = RawValue::of(arena_.keep(elements));
    return simdjson::SUCCESS;
  }

  /// A nested list as the text that Java makes of it.
  RawValue java_object(const RawValue& value) {
    std::string scratch;
    return {.kind = RawValue::Kind::kObject, .text = arena_.keep(text_of(value, scratch).value_or("null"))};
  }

  /// Java's map text: {a=1, b=[x, y], c=null}.
  simdjson::error_code read_nested_object(ondemand::value& value, std::size_t depth, bool wanted, RawValue& out) {
    ondemand::object object;
    if (const auto error = value.get_object().get(object)) return error;
    std::string text = "{";
    std::string scratch;
    for (auto result : object) {
      ondemand::field field;
      if (const auto error = std::move(result).get(field)) return error;
      const std::string_view raw = raw_key(field);
      const auto key = unescape_leniently(std::string_view(raw.data(), raw.size() + 1));
      if (!key) return simdjson::STRING_ERROR;
      RawValue member;
      if (const auto error = read_value(field.value(), depth + 1, wanted, member)) return error;
      if (!wanted) continue;
      if (text.size() > 1) text += ", ";
      text += *key;
      text += '=';
      text += text_of(member, scratch).value_or("null");
    }
    out = {.kind = RawValue::Kind::kObject, .text = wanted ? arena_.keep(text + "}") : std::string_view()};
    return simdjson::SUCCESS;
  }

  struct ExpectedKey {
    std::string key;  // as written
    std::optional<std::uint32_t> number;
  };
  static constexpr std::size_t kExpectedMax = 1024;

  const InputFormat format_;
  FieldTable& fields_;
  const bool discover_;
  ondemand::parser parser_;
  std::vector<char> text_;  // the message and simdjson's padding
  std::size_t size_ = 0;
  bool malformed_utf8_ = false;
  bool bad_key_ = false;
  RowArena arena_;
  RawRow row_;
  std::uint32_t known_fields_ = 0;
  std::vector<ExpectedKey> expected_;  // by position in the object
};

JsonRowReader::JsonRowReader(const InputFormat& format, FieldTable& fields, bool discover)
    : impl_(std::make_unique<Impl>(format, fields, discover)) {}
JsonRowReader::~JsonRowReader() = default;

std::optional<std::string> JsonRowReader::read(std::string_view message,
                                               const std::function<void(const RawRow&)>& row) {
  return impl_->read(message, row);
}

}  // namespace sarsen::ingest
