#include "storage/base/smile_writer.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "storage/base/java_order.h"

namespace sarsen {
namespace {

constexpr std::string_view kHeader("\x3A\x29\x0A\x05", 4);

constexpr std::uint8_t kEmptyString = 0x20;
constexpr std::uint8_t kNull = 0x21;
constexpr std::uint8_t kFalse = 0x22;
constexpr std::uint8_t kTrue = 0x23;
constexpr std::uint8_t kInt32 = 0x24;
constexpr std::uint8_t kInt64 = 0x25;
constexpr std::uint8_t kFloat = 0x28;
constexpr std::uint8_t kDouble = 0x29;
constexpr std::uint8_t kShortAscii = 0x40;    // + bytes - 1
constexpr std::uint8_t kShortUnicode = 0x80;  // + bytes - 2
constexpr std::uint8_t kSmallInteger = 0xC0;  // + value, zigzag
constexpr std::uint8_t kLongAscii = 0xE0;
constexpr std::uint8_t kLongUnicode = 0xE4;
constexpr std::uint8_t kArrayBegin = 0xF8;
constexpr std::uint8_t kArrayEnd = 0xF9;
constexpr std::uint8_t kObjectBegin = 0xFA;
constexpr std::uint8_t kObjectEnd = 0xFB;
constexpr std::uint8_t kStringEnd = 0xFC;

constexpr std::uint8_t kEmptyKey = 0x20;
constexpr std::uint8_t kLongKeyReference = 0x30;  // + reference / 256; its low byte follows
constexpr std::uint8_t kLongKey = 0x34;
constexpr std::uint8_t kShortKeyReference = 0x40;  // + reference
constexpr std::uint8_t kShortAsciiKey = 0x80;      // + bytes - 1
constexpr std::uint8_t kShortUnicodeKey = 0xC0;    // + bytes - 2

constexpr std::size_t kShortBytesMax = 64;
constexpr std::size_t kShortUnicodeKeyBytesMax = 56;
constexpr std::uint32_t kKeysMax = 1024;
constexpr std::size_t kEncodingBufferBytes = 8000;  // Jackson's

bool is_ascii(std::string_view text) noexcept {
  return std::none_of(text.begin(), text.end(),
                      [](char byte) { return (static_cast<unsigned char>(byte) & 0x80) != 0; });
}

/// Jackson takes a long text for Unicode without a look where three bytes a unit would not fit into its buffer.
bool looked_at(std::string_view text) noexcept { return 3 * utf16_length(text) + 2 <= kEncodingBufferBytes; }

}  // namespace

void SmileWriter::write(const Json& value, ByteWriter& out) {
  begin(out);
  this->value(value);
}

void SmileWriter::begin(ByteWriter& out) {
  out_ = &out;
  key_references_.clear();
  key_count_ = 0;
  out.write(kHeader);
}

void SmileWriter::value(const Json& value) {
  if (value.is_null()) return null();
  if (value.is_bool()) return boolean(value.boolean());
  if (value.is_integer()) return integer(value.integer());
  if (value.is_double()) return number(value.number());
  if (value.is_string()) return string(value.string());
  if (value.is_array()) {
    begin_array();
    for (const Json& element : value.array()) this->value(element);
    return end_array();
  }
  begin_object();
  for (const auto& [name, member] : value.object()) {
    key(name);
    this->value(member);
  }
  end_object();
}

void SmileWriter::begin_array() { write_byte(kArrayBegin); }
void SmileWriter::end_array() { write_byte(kArrayEnd); }
void SmileWriter::begin_object() { write_byte(kObjectBegin); }
void SmileWriter::end_object() { write_byte(kObjectEnd); }
void SmileWriter::null() { write_byte(kNull); }
void SmileWriter::boolean(bool value) { write_byte(value ? kTrue : kFalse); }

void SmileWriter::key(std::string_view key) {
  if (key.empty()) return write_byte(kEmptyKey);
  if (const auto known = key_references_.find(key); known != key_references_.end()) {
    const std::uint32_t reference = known->second;
    if (reference < 64) return write_byte(kShortKeyReference + reference);
    write_byte(kLongKeyReference + reference / 256);
    return write_byte(reference % 256);
  }
  const bool ascii = is_ascii(key);
  if (key.size() <= (ascii ? kShortBytesMax : kShortUnicodeKeyBytesMax)) {
    write_byte(ascii ? kShortAsciiKey - 1 + key.size() : kShortUnicodeKey - 2 + key.size());
    out_->write(key);
  } else {
    write_byte(kLongKey);
    out_->write(key);
    write_byte(kStringEnd);
  }
  remember(std::string(key));
}

void SmileWriter::remember(std::string key) {
  if (key_count_ == kKeysMax) {
    key_references_.clear();
    key_count_ = 0;
  }
  // A reference never ends in FE or FF, which are no bytes of the content of a document.
  if (key_count_ % 256 < 0xFE) key_references_.emplace(std::move(key), key_count_);
  ++key_count_;
}

void SmileWriter::integer(std::int64_t value) {
  std::uint64_t rest = static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
  if (rest < 32) return write_byte(kSmallInteger + rest);
  write_byte(value >= INT32_MIN && value <= INT32_MAX ? kInt32 : kInt64);
  std::byte bytes[10];
  std::byte* begin = std::end(bytes);
  *--begin = static_cast<std::byte>(0x80 | (rest & 0x3F));  // the last byte has six bits
  for (rest >>= 6; rest != 0; rest >>= 7) *--begin = static_cast<std::byte>(rest & 0x7F);
  out_->write(std::span(begin, std::end(bytes)));
}

void SmileWriter::number(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  write_byte(kDouble);
  for (int shift = 63; shift >= 0; shift -= 7) write_byte(bits >> shift & 0x7F);
}

void SmileWriter::number(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  write_byte(kFloat);
  for (int shift = 28; shift >= 0; shift -= 7) write_byte(bits >> shift & 0x7F);
}

void SmileWriter::string(std::string_view text) {
  if (text.empty()) return write_byte(kEmptyString);
  const bool ascii = is_ascii(text);
  if (text.size() <= kShortBytesMax) {
    write_byte(ascii ? kShortAscii - 1 + text.size() : kShortUnicode - 2 + text.size());
    return out_->write(text);
  }
  write_byte(ascii && looked_at(text) ? kLongAscii : kLongUnicode);
  out_->write(text);
  write_byte(kStringEnd);
}

}  // namespace sarsen
