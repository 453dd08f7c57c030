#include "ingest/row/json_rows.h"

#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <unordered_map>
#include <utility>
#include <vector>

#include "ingest/row/expected_keys.h"
#include "ingest/row/flat_object.h"
#include "ingest/row/json_text.h"
#include "ingest/row/relaxed_json.h"
#include "ingest/row/row_arena.h"
#include "storage/base/ascii_case.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

namespace ondemand = simdjson::ondemand;

/// Keys and values by turns. A key that comes again takes the later value and keeps its place, as in Jackson.
class ObjectMembers {
 public:
  void set(std::string_view key, const RawValue& value) {
    if (const auto position = find(key)) {
      values_[*position + 1] = value;
      return;
    }
    if (values_.size() >= kScannedMax) positions_.emplace(key, values_.size());
    values_.push_back(RawValue::of(key));
    values_.push_back(value);
  }
  std::span<const RawValue> values() const { return values_; }

 private:
  /// So many are looked through before a table of the others is.
  static constexpr std::size_t kScannedMax = 32;

  std::optional<std::size_t> find(std::string_view key) const {
    for (std::size_t i = 0; i < std::min(values_.size(), kScannedMax); i += 2)
      if (values_[i].text == key) return i;
    const auto entry = positions_.find(key);
    return entry == positions_.end() ? std::nullopt : std::optional(entry->second);
  }

  std::vector<RawValue> values_;
  std::unordered_map<std::string_view, std::size_t> positions_;
};

std::string_view without_trailing_space(std::string_view token) {
  const std::size_t end = token.find_last_not_of(" \t\r\n");
  return token.substr(0, end == std::string_view::npos ? 0 : end + 1);
}

/// The content of a string's token where it can stay where it is: stage 1 of the parser has proven it to be UTF-8
/// without control characters, so that escapes are all that is left to look for.
std::optional<std::string_view> without_escapes(std::string_view token) {
  token = without_trailing_space(token);
  if (token.size() < 2 || token.back() != '"') return std::nullopt;
  const std::string_view content = token.substr(1, token.size() - 2);
  return content.find('\\') == std::string_view::npos ? std::optional(content) : std::nullopt;
}

}  // namespace

class JsonRowReader::Impl {
 public:
  Impl(const InputFormat& format, FieldTable& fields, bool discover)
      : format_(format), fields_(fields), discover_(discover) {
    if (!format_.flatten) return;
    for (const FlattenSpec::Field& field : format_.flatten->fields)
      flattened_fields_.push_back(fields_.add(field.name));
  }

  std::optional<std::string> read(std::string_view message, const RowSink& row) {
    if (!format_.features.any()) return read_strict(message, row);
    std::string strict;
    try {
      strict = strict_json(message, format_.features);
    } catch (const Error& problem) {
      return problem.what();
    }
    return read_strict(strict, row);
  }

 private:
  std::optional<std::string> read_strict(std::string_view message, const RowSink& row) {
    auto problem = read_once(message, row);
    if (problem && format_.replace_malformed_utf8 && malformed_utf8_)
      return read_once(replace_malformed_utf8(message), row);
    return problem;
  }

  /// One of the message's objects; where the next begins, or npos.
  struct Outcome {
    std::size_t next = std::string_view::npos;
    std::optional<std::string> problem;
  };

  std::optional<std::string> read_once(std::string_view message, const RowSink& row) {
    malformed_utf8_ = false;
    set_text(message);
    if (read_flat()) {
      row(row_);
      return std::nullopt;
    }
    Outcome first = read_object(0);
    if (first.problem && format_.first_object_only && cut_behind_first_object()) first = read_object(0);
    if (first.problem) return first.problem;
    if (first.next == std::string_view::npos || format_.first_object_only) {
      row(row_);
      return std::nullopt;
    }
    return format_.keep_objects_before_error ? read_up_to_error(row) : read_several(row);
  }

  bool read_flat() {
    if (format_.flatten || known_fields_ != fields_.size() || !is_flat_likely()) return false;
    row_.clear();
    arena_.release();
    const bool flat = flat_.read(text_.data(), size_, expected_, row_, arena_);
    misses_ = flat ? 0 : misses_ + 1;
    return flat;
  }

  /// Where messages in a row were not, as their values are nested, say, only one now and then is looked at twice.
  bool is_flat_likely() noexcept {
    constexpr std::uint32_t kMissesMax = 16, kRetryPeriod = 64;
    return misses_ < kMissesMax || ++passed_over_ % kRetryPeriod == 0;
  }

  std::optional<std::string> read_up_to_error(const RowSink& row) {
    for (std::size_t place = 0; place != std::string_view::npos;) {
      const Outcome outcome = read_object(place);
      if (outcome.problem) return outcome.problem;
      row(row_);
      place = outcome.next;
    }
    return std::nullopt;
  }

  /// Several objects in one message: all are looked at before the first is given.
  std::optional<std::string> read_several(const RowSink& row) {
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
    if (constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF"; message.starts_with(kByteOrderMark))
      message.remove_prefix(kByteOrderMark.size());
    size_ = message.size();
    if (text_.size() < size_ + simdjson::SIMDJSON_PADDING) text_.resize((size_ + simdjson::SIMDJSON_PADDING) * 2);
    if (size_ != 0) std::memcpy(text_.data(), message.data(), size_);
    std::memset(text_.data() + size_, 0, simdjson::SIMDJSON_PADDING);
  }

  /// Whether something lay behind it, of which nothing is read, be it JSON or not.
  bool cut_behind_first_object() noexcept {
    const std::size_t end = first_object_end({text_.data(), size_});
    return end < std::exchange(size_, std::min(end, size_));
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
    try {
      if (!error) error = format_.flatten ? read_flattened(object) : read_fields(object);
    } catch (const Error& problem) {
      return {.problem = problem.what()};
    }
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
      RawValue unwanted;
      RawValue& value = number ? row_.slot(*number) : unwanted;
      if (const auto error = read_value(field.value(), 0, number.has_value(), value)) return error;
    }
    return simdjson::SUCCESS;
  }

  /// The whole object is read first, for its fields may come from anywhere in it.
  simdjson::error_code read_flattened(ondemand::object& object) {
    RawValue root;
    if (const auto error = read_members(object, 0, true, root)) return error;
    const FlattenSpec& flatten = *format_.flatten;
    for (std::size_t i = 0; i < flatten.fields.size(); ++i) {
      RawValue value = flatten.fields[i].extractor->extract(root, arena_);
      row_.set(flattened_fields_[i], value.absent() ? RawValue::null() : value);
    }
    const bool discover = discover_ && flatten.use_field_discovery;
    for (std::size_t i = 0; i < root.list.size(); i += 2) {
      const std::string_view name = root.list[i].text;
      if (flatten.lists(name)) continue;
      const auto number = discover ? std::optional(fields_.add(name)) : fields_.find(name);
      if (!number) continue;
      flatten.use_field_discovery ? row_.set(*number, root.list[i + 1]) : row_.set_unlisted(*number, root.list[i + 1]);
    }
    return simdjson::SUCCESS;
  }

  /// Rows of one source have their keys in the same order nearly always: what stood at this place last time is tried
  /// first.
  std::optional<std::uint32_t> field_number(ondemand::field& field, std::size_t position) {
    bad_key_ = false;
    if (known_fields_ != fields_.size()) expected_.clear();  // a name may have got its number since
    known_fields_ = fields_.size();
    const ExpectedKey* expected = expected_.at(position);
    if (expected != nullptr && expected->is(field.key().raw(), text_.data() + size_)) return expected->number();
    const std::string_view key = raw_key(field);
    std::string unescaped;
    std::string_view name = key;
    if (key.find('\\') != std::string_view::npos || format_.lower_case_keys) {
      auto content = unescape_json(std::string_view(key.data(), key.size() + 1));
      bad_key_ = !content;
      if (!content) return std::nullopt;
      unescaped = std::move(*content);
      if (format_.lower_case_keys) unescaped = storage::lower_ascii(unescaped);
      name = unescaped;
    }
    const auto number = discover_ ? std::optional(fields_.add(name)) : fields_.find(name);
    known_fields_ = fields_.size();
    expected_.set(position, key, number);
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
    if (const auto plain = without_escapes(token)) {
      ondemand::raw_json_string passed;
      out = RawValue::of(*plain);
      return value.get_raw_json_string().get(passed);
    }
    std::string_view text;
    auto error = value.get_string().get(text);
    if (error == simdjson::STRING_ERROR) {
      const auto lenient = unescape_json(token.substr(1));
      if (!lenient) return error;
      text = arena_.keep(*lenient);
      error = simdjson::SUCCESS;  // get_string() had stepped over the token before it unescaped
    }
    out = RawValue::of(text);
    return error;
  }

  simdjson::error_code read_number(ondemand::value& value, RawValue& out) const {
    const std::string_view token = value.raw_json_token();
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
    const std::string_view text = without_trailing_space(token);
    if (text == kNotANumber && format_.features.has(JsonFeature::kNonNumericNumbers)) {
      out = RawValue::of(std::numeric_limits<double>::quiet_NaN());
      return simdjson::SUCCESS;
    }
    if (!is_json_number(text)) return error;
    const auto wide = parse_java_double(text);  // an integer of many digits, or a number too great for a double
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
      if (wanted) elements.push_back(converted);
    }
    out = RawValue::of(arena_.keep(elements));
    return simdjson::SUCCESS;
  }

  simdjson::error_code read_nested_object(ondemand::value& value, std::size_t depth, bool wanted, RawValue& out) {
    ondemand::object object;
    if (const auto error = value.get_object().get(object)) return error;
    return read_members(object, depth, wanted, out);
  }

  simdjson::error_code read_members(ondemand::object& object, std::size_t depth, bool wanted, RawValue& out) {
    ObjectMembers members;
    for (auto result : object) {
      ondemand::field field;
      if (const auto error = std::move(result).get(field)) return error;
      const std::string_view raw = raw_key(field);
      auto key = unescape_json(std::string_view(raw.data(), raw.size() + 1));
      if (!key) return simdjson::STRING_ERROR;
      if (format_.lower_case_keys && depth == 0) *key = storage::lower_ascii(*key);
      RawValue member;
      if (const auto error = read_value(field.value(), depth + 1, wanted, member)) return error;
      if (wanted) members.set(arena_.keep(*key), member);
    }
    out = RawValue::object(arena_.keep(members.values()));
    return simdjson::SUCCESS;
  }

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
  ExpectedKeys expected_;
  FlatObjectReader flat_;
  std::uint32_t misses_ = 0;  // of flat_, in a row
  std::uint32_t passed_over_ = 0;
  std::vector<std::uint32_t> flattened_fields_;  // by field of the flattenSpec
};

JsonRowReader::JsonRowReader(const InputFormat& format, FieldTable& fields, bool discover)
    : impl_(std::make_unique<Impl>(format, fields, discover)) {}
JsonRowReader::~JsonRowReader() = default;

std::optional<std::string> JsonRowReader::read(std::string_view message, const RowSink& row) {
  return impl_->read(message, row);
}

}  // namespace sarsen::ingest
