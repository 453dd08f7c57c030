#include "storage/base/json_writer.h"

#include <bit>
#include <charconv>
#include <cmath>
#include <utility>

#include "storage/base/byte_reader.h"
#include "storage/base/byte_writer.h"
#include "storage/base/check.h"
#include "storage/base/json.h"
#include "storage/base/smile_writer.h"
#include "storage/base/utf8.h"

namespace sarsen {

namespace {

constexpr std::string_view kHex = "0123456789ABCDEF";

void append_unit(std::string& out, std::uint32_t unit) {
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += kHex[unit >> shift & 0xF];
}

void append_control(std::string& out, unsigned char control) {
  switch (control) {
    case '\b':
      out += "\\b";
      break;
    case '\f':
      out += "\\f";
      break;
    case '\n':
      out += "\\n";
      break;
    case '\r':
      out += "\\r";
      break;
    case '\t':
      out += "\\t";
      break;
    default:
      append_unit(out, control);
  }
}

/// Appends the code point that `text` begins with and returns its size.
std::size_t append_code_point(std::string& out, std::string_view text) {
  const Utf8Step step = next_code_point(text);
  if (!step.valid) {
    out += "\xEF\xBF\xBD";
  } else if (step.code_point <= 0xFFFF) {
    out += text.substr(0, step.size);
  } else {
    append_unit(out, 0xD800 + ((step.code_point - 0x10000) >> 10));
    append_unit(out, 0xDC00 + ((step.code_point - 0x10000) & 0x3FF));
  }
  return step.size;
}

bool is_plain(unsigned char byte) noexcept { return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\'; }

/// How many bytes at the beginning are plain.
std::size_t count_plain(std::string_view text) noexcept {
  constexpr std::uint64_t kOnes = 0x0101010101010101, kHighs = kOnes * 0x80;
  // A byte of zero gives its high bit, and perhaps that of bytes above it.
  const auto zeros = [](std::uint64_t bytes) { return (bytes - kOnes) & ~bytes & kHighs; };
  std::size_t count = 0;
  for (; count + 8 <= text.size(); count += 8) {
    const auto bytes = load_le<std::uint64_t>(reinterpret_cast<const std::byte*>(text.data() + count));
    const std::uint64_t special = ((bytes - kOnes * 0x20) & ~bytes & kHighs) | (bytes & kHighs) |
                                  zeros(bytes ^ kOnes * '"') | zeros(bytes ^ kOnes * '\\');
    if (special != 0) return count + static_cast<std::size_t>(std::countr_zero(special)) / 8;
  }
  while (count < text.size() && is_plain(static_cast<unsigned char>(text[count]))) ++count;
  return count;
}

}  // namespace

void append_json_string(std::string& out, std::string_view utf8) {
  out += '"';
  std::size_t position = 0;
  while (position < utf8.size()) {
    const std::size_t plain = count_plain(utf8.substr(position));
    out += utf8.substr(position, plain);
    position += plain;
    if (position == utf8.size()) break;
    const auto byte = static_cast<unsigned char>(utf8[position]);
    if (byte >= 0x80) {
      position += append_code_point(out, utf8.substr(position));
      continue;
    }
    if (byte == '"' || byte == '\\')
      (out += '\\') += utf8[position];
    else
      append_control(out, byte);
    ++position;
  }
  out += '"';
}

struct JsonWriter::Smile {
  SmileWriter writer;
  ByteWriter bytes;
};

JsonWriter::JsonWriter(JsonStyle style) : style_(style) {
  if (style != JsonStyle::kSmile) return;
  smile_ = std::make_unique<Smile>();
  smile_->writer.begin(smile_->bytes);
}

JsonWriter::~JsonWriter() = default;
JsonWriter::JsonWriter(JsonWriter&&) noexcept = default;
JsonWriter& JsonWriter::operator=(JsonWriter&&) noexcept = default;

template <class Write>
bool JsonWriter::smile(Write write) {
  if (!smile_) return false;
  write(smile_->writer);
  const std::span<const std::byte> bytes = smile_->bytes.view();
  text_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  smile_->bytes.clear();
  return true;
}

JsonWriter& JsonWriter::begin_object() {
  if (smile([&](SmileWriter& out) { out.begin_object(); })) return *this;
  before_value();
  text_ += '{';
  levels_.push_back({true, true});
  return *this;
}

JsonWriter& JsonWriter::end_object() {
  if (smile([&](SmileWriter& out) { out.end_object(); })) return *this;
  DCHECK(!levels_.empty() && levels_.back().object && !after_key_);
  const bool empty = levels_.back().empty;
  levels_.pop_back();
  if (style_ == JsonStyle::kPretty) {
    if (empty)
      text_ += ' ';
    else
      indent();
  }
  text_ += '}';
  return *this;
}

JsonWriter& JsonWriter::begin_array() {
  if (smile([&](SmileWriter& out) { out.begin_array(); })) return *this;
  before_value();
  text_ += '[';
  levels_.push_back({false, true});
  return *this;
}

JsonWriter& JsonWriter::end_array() {
  if (smile([&](SmileWriter& out) { out.end_array(); })) return *this;
  DCHECK(!levels_.empty() && !levels_.back().object);
  levels_.pop_back();
  text_ += style_ == JsonStyle::kPretty ? " ]" : "]";
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  if (smile([&](SmileWriter& out) { out.key(name); })) return *this;
  DCHECK(!levels_.empty() && levels_.back().object && !after_key_);
  if (!levels_.back().empty) text_ += ',';
  levels_.back().empty = false;
  if (style_ == JsonStyle::kPretty) indent();
  append_json_string(text_, name);
  text_ += style_ == JsonStyle::kPretty ? " : " : ":";
  after_key_ = true;
  return *this;
}

JsonWriter& JsonWriter::null() {
  if (smile([](SmileWriter& out) { out.null(); })) return *this;
  return raw("null");
}

JsonWriter& JsonWriter::boolean(bool value) {
  if (smile([&](SmileWriter& out) { out.boolean(value); })) return *this;
  return raw(value ? "true" : "false");
}

JsonWriter& JsonWriter::integer(std::int64_t value) {
  if (smile([&](SmileWriter& out) { out.integer(value); })) return *this;
  char buffer[24];
  const char* end = std::to_chars(std::begin(buffer), std::end(buffer), value).ptr;
  return raw({buffer, static_cast<std::size_t>(end - buffer)});
}

JsonWriter& JsonWriter::number(double value) {
  if (smile([&](SmileWriter& out) { out.number(value); })) return *this;
  NumberRoom room;
  const std::string_view text = java_text(value, room);
  return std::isfinite(value) ? raw(text) : string(text);
}

JsonWriter& JsonWriter::number(float value) {
  if (smile([&](SmileWriter& out) { out.number(value); })) return *this;
  NumberRoom room;
  const std::string_view text = java_text(value, room);
  return std::isfinite(value) ? raw(text) : string(text);
}

JsonWriter& JsonWriter::string(std::string_view utf8) {
  if (smile([&](SmileWriter& out) { out.string(utf8); })) return *this;
  before_value();
  append_json_string(text_, utf8);
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  if (smile([&](SmileWriter& out) { out.value(Json::parse(json)); })) return *this;
  before_value();
  text_ += json;
  return *this;
}

std::string JsonWriter::take() { return std::exchange(text_, {}); }

void JsonWriter::before_value() {
  if (std::exchange(after_key_, false) || levels_.empty()) return;
  DCHECK(!levels_.back().object);
  const bool first = std::exchange(levels_.back().empty, false);
  if (!first) text_ += ',';
  if (style_ == JsonStyle::kPretty) text_ += ' ';
}

void JsonWriter::indent() {
  std::size_t objects = 0;
  for (const Level& level : levels_) objects += level.object ? 1 : 0;
  text_ += '\n';
  text_.append(2 * objects, ' ');
}

}  // namespace sarsen
