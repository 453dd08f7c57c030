#include "storage/base/smile_reader.h"

#include <algorithm>
#include <bit>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "storage/base/base64.h"
#include "storage/base/byte_reader.h"
#include "storage/base/java_number.h"
#include "storage/base/json_writer.h"
#include "storage/base/smile_number.h"
#include "storage/base/utf8.h"

namespace sarsen {

namespace {

constexpr std::uint32_t kMagic = 0x3A290A;  // ":)\n"
constexpr std::uint8_t kFlagSharedNames = 1;
constexpr std::uint8_t kFlagSharedStrings = 2;

constexpr std::size_t kSharedMax = 1024;  // then the numbers begin anew
// What references may repeat beyond the document's own size, so that two bytes never stand for megabytes.
constexpr std::size_t kRepeatedBytesMax = std::size_t{16} << 20;
constexpr std::size_t kRepeatedBytesPerByte = 64;
constexpr std::size_t kLinearKeys = 16;  // above it, repeated keys are found through a hash table

// Tokens where a value is wanted. Those below 0x20 and between these are ranges.
enum Token : std::uint8_t {
  kEmptyString = 0x20,
  kNull = 0x21,
  kFalse = 0x22,
  kTrue = 0x23,
  kInt32 = 0x24,
  kInt64 = 0x25,
  kBigInteger = 0x26,
  kFloat = 0x28,
  kDouble = 0x29,
  kBigDecimal = 0x2A,
  kShortText = 0x40,
  kSmallInt = 0xC0,
  kLongAscii = 0xE0,
  kLongUtf8 = 0xE4,
  kBinary7Bit = 0xE8,
  kLongReference = 0xEC,
  kBeginArray = 0xF8,
  kEndArray = 0xF9,
  kBeginObject = 0xFA,
  kEndObject = 0xFB,
  kEndText = 0xFC,
  kRawBinary = 0xFD,
  kEndContent = 0xFF,
};

// Tokens where a name is wanted.
constexpr std::uint8_t kEmptyName = 0x20;
constexpr std::uint8_t kLongNameReference = 0x30;
constexpr std::uint8_t kLongName = 0x34;
constexpr std::uint8_t kShortNameReference = 0x40;
constexpr std::uint8_t kAsciiName = 0x80;
constexpr std::uint8_t kUtf8Name = 0xC0;
constexpr std::uint8_t kUtf8NameEnd = 0xF8;

// Names or strings written before, to be referred to by number.
class SharedTexts {
 public:
  void add(std::string_view text) {
    if (texts_.size() == kSharedMax) texts_.clear();
    texts_.push_back(text);
  }
  std::size_t size() const noexcept { return texts_.size(); }
  std::string_view at(std::size_t index) const noexcept { return texts_[index]; }

 private:
  std::vector<std::string_view> texts_;
};

Json::Object without_repeated_keys(Json::Object members) {
  std::unordered_map<std::string_view, std::size_t> positions;
  std::size_t kept = 0;
  const auto find_kept = [&](std::string_view key) -> std::size_t {
    if (members.size() > kLinearKeys) {
      const auto found = positions.find(key);
      return found == positions.end() ? kept : found->second;
    }
    std::size_t position = 0;
    while (position < kept && members[position].first != key) ++position;
    return position;
  };
  for (auto& member : members) {
    const std::size_t position = find_kept(member.first);
    if (position < kept) {  // the last value wins, in the place of the first
      members[position].second = std::move(member.second);
      continue;
    }
    if (&members[kept] != &member) members[kept] = std::move(member);
    if (members.size() > kLinearKeys) positions.emplace(members[kept].first, kept);
    ++kept;
  }
  members.resize(kept);
  return members;
}

class SmileParser {
 public:
  explicit SmileParser(std::span<const std::byte> bytes)
      : bytes_(bytes),
        reader_(bytes, "document"),
        repeated_bytes_left_(kRepeatedBytesMax + kRepeatedBytesPerByte * bytes.size()) {}

  std::size_t position() const noexcept { return reader_.position(); }

  Json document() {
    read_header();
    Json json = value(reader_.read_byte(), 0);
    if (!reader_.at_end()) reader_.check(reader_.read_byte() == kEndContent && reader_.at_end(), "bytes left over");
    return json;
  }

 private:
  void read_header() {
    std::uint32_t magic = 0;
    for (int i = 0; i < 3; ++i) magic = magic << 8 | reader_.read_byte();
    reader_.check(magic == kMagic, "does not begin with the header of SMILE");
    flags_ = reader_.read_byte();
    if (flags_ >> 4 != 0) throw Error(ErrorCategory::kUnsupported, "version " + std::to_string(flags_ >> 4));
  }

  Json value(std::uint8_t token, std::size_t depth) {
    reader_.check(++values_ <= kSmileValuesMax, "more values than one document may have");
    if (token < 0x20) {
      reader_.check(token != 0, "unknown token");
      return Json(shared(strings_, token - 1U));
    }
    if (token >= kShortText && token < kSmallInt) return Json(short_text(token));
    if (token >= kSmallInt && token < kLongAscii) return Json(std::int64_t{smile_unzigzag(token & 0x1FU)});
    if (token >= kLongReference && token < kLongReference + 4)
      return Json(shared(strings_, (token & 3U) << 8 | reader_.read_byte()));
    switch (token) {
      case kBeginArray:
        return array(depth + 1);
      case kBeginObject:
        return object(depth + 1);
      default:
        return scalar(token);
    }
  }

  Json scalar(std::uint8_t token) {
    switch (token) {
      case kEmptyString:
        return Json("");
      case kNull:
        return Json();
      case kFalse:
        return Json(false);
      case kTrue:
        return Json(true);
      case kInt32:
        return Json(smile_signed(reader_, 32));
      case kInt64:
        return Json(smile_signed(reader_, 64));
      case kBigInteger:
        return smile_big_integer(reader_);
      case kFloat:
        return Json(try_parse_double(java_text(smile_float(reader_))).value());
      case kDouble:
        return Json(smile_double(reader_));
      case kBigDecimal:
        return smile_big_decimal(reader_);
      case kLongAscii:
      case kLongUtf8:
        return Json(long_text());
      case kBinary7Bit:
        return Json(base64(smile_7bit_bytes(reader_)));
      case kRawBinary:
        return Json(base64(reader_.text(smile_unsigned(reader_, 32))));
      default:
        reader_.check(false, "unknown token");
        return Json();
    }
  }

  Json array(std::size_t depth) {
    reader_.check(depth <= kJsonDepthMax, "nested too deeply");
    Json::Array elements;
    for (std::uint8_t token = reader_.read_byte(); token != kEndArray; token = reader_.read_byte())
      elements.push_back(value(token, depth));
    return Json(std::move(elements));
  }

  Json object(std::size_t depth) {
    reader_.check(depth <= kJsonDepthMax, "nested too deeply");
    Json::Object members;
    for (std::uint8_t token = reader_.read_byte(); token != kEndObject; token = reader_.read_byte()) {
      const std::string_view key = name(token);
      members.emplace_back(key, value(reader_.read_byte(), depth));
    }
    return Json(without_repeated_keys(std::move(members)));
  }

  std::string_view name(std::uint8_t token) {
    if (token == kEmptyName) return "";
    if (token == kLongName) return new_name(long_text());
    if (token >= kUtf8NameEnd || token < kLongNameReference) reader_.check(false, "unknown token for a name");
    if (token >= kUtf8Name) return new_name(text((token & 0x3FU) + 2));
    if (token >= kAsciiName) return new_name(text((token & 0x3FU) + 1));
    if (token >= kShortNameReference) return shared(names_, token & 0x3FU);
    reader_.check(token < kLongNameReference + 4, "unknown token for a name");
    return shared(names_, (token & 3U) << 8 | reader_.read_byte());
  }

  std::string_view new_name(std::string_view name) {
    if ((flags_ & kFlagSharedNames) != 0) names_.add(name);
    return name;
  }

  // Four runs of 32 lengths: ASCII from 1 and from 33 bytes, UTF-8 from 2 and from 34.
  std::string_view short_text(std::uint8_t token) {
    const bool utf8 = token >= 0x80;
    const std::string_view found = text((token & 0x3FU) + (utf8 ? 2 : 1));
    if ((flags_ & kFlagSharedStrings) != 0) strings_.add(found);
    return found;
  }

  std::string_view long_text() {
    const auto begin = bytes_.begin() + static_cast<std::ptrdiff_t>(reader_.position());
    const auto end = std::find(begin, bytes_.end(), std::byte{kEndText});
    const std::string_view found = text(static_cast<std::size_t>(end - begin));
    reader_.skip(1);
    return found;
  }

  std::string_view text(std::size_t size) {
    const std::string_view found = reader_.text(size);
    for (std::string_view rest = found; !rest.empty();) {
      const Utf8Step step = next_code_point(rest);
      reader_.check(step.valid, "text is not UTF-8");
      rest.remove_prefix(step.size);
    }
    return found;
  }

  std::string_view shared(const SharedTexts& texts, std::size_t index) {
    reader_.check(index < texts.size(), "refers to a text that is not shared");
    const std::string_view found = texts.at(index);
    reader_.check(found.size() <= repeated_bytes_left_, "repeats too much");
    repeated_bytes_left_ -= found.size();
    return found;
  }

  std::span<const std::byte> bytes_;
  ByteReader reader_;
  std::uint8_t flags_ = 0;
  std::size_t values_ = 0;
  std::size_t repeated_bytes_left_;
  SharedTexts names_;
  SharedTexts strings_;
};

}  // namespace

Json parse_smile(std::span<const std::byte> bytes) {
  SmileParser parser(bytes);
  try {
    return parser.document();
  } catch (const Error& error) {
    const bool unsupported = error.category() == ErrorCategory::kUnsupported;
    throw Error(unsupported ? ErrorCategory::kUnsupported : ErrorCategory::kInvalidInput,
                std::string("SMILE: ") + error.what() + ", at byte " + std::to_string(parser.position()));
  }
}

}  // namespace sarsen
