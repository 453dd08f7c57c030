// stringFormat: a format of java.util.Formatter with the value in it.

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "engine/extraction/extraction_function.h"
#include "engine/text/java_case.h"
#include "engine/text/utf16_slice.h"
#include "storage/base/java_order.h"
#include "storage/base/utf8.h"

namespace sarsen::engine {
namespace {

/// One %[1$][-][width][.precision]conversion; a literal where `conversion` is 0.
struct Piece {
  std::string literal;
  char conversion = 0;
  bool left = false;
  std::size_t width = 0;
  std::size_t precision = SIZE_MAX;
};

constexpr std::size_t kWidthMax = 10000;

/// What Java refuses when it formats is refused here when the query is parsed.
class FormatReader {
 public:
  FormatReader(const JsonField& json, std::string_view text) : json_(json), text_(text) {}

  std::vector<Piece> pieces() {
    while (position_ < text_.size()) {
      const std::size_t percent = std::min(text_.find('%', position_), text_.size());
      add_literal(text_.substr(position_, percent - position_));
      position_ = percent + 1;
      if (percent < text_.size()) conversion();
    }
    return std::move(pieces_);
  }

 private:
  void add_literal(std::string_view text) {
    if (!text.empty()) pieces_.push_back({.literal = std::string(text)});
  }

  char peek() const noexcept { return position_ < text_.size() ? text_[position_] : '\0'; }

  std::size_t number() {
    std::size_t value = 0;
    while (std::isdigit(static_cast<unsigned char>(peek())) != 0) {
      value = value * 10 + static_cast<std::size_t>(text_[position_++] - '0');
      if (value > kWidthMax) json_.fail("numbers in the format must not be greater than " + std::to_string(kWidthMax));
    }
    return value;
  }

  void conversion() {
    Piece piece;
    choose_argument();
    while (std::string_view("-#+ 0,(").find(peek()) != std::string_view::npos && peek() != '\0') flag(piece);
    if (std::isdigit(static_cast<unsigned char>(peek())) != 0) piece.width = number();
    if (peek() == '.') {
      ++position_;
      if (std::isdigit(static_cast<unsigned char>(peek())) == 0) fail("Illegal format precision");
      piece.precision = number();
    }
    piece.conversion = peek();
    if (piece.left && piece.width == 0) fail("a '-' without a width");
    ++position_;
    finish(std::move(piece));
  }

  /// "1$" and "<" mean the value, which is all there is.
  void choose_argument() {
    if (peek() == '<') {
      if (!has_argument_) fail("no argument before %<");
      ++position_;
      chosen_ = true;
      return;
    }
    chosen_ = false;
    const std::size_t begin = position_;
    if (peek() < '1' || peek() > '9') return;
    const std::size_t index = number();
    if (peek() != '$') {
      position_ = begin;
      return;
    }
    ++position_;
    if (index != 1) fail("Format specifier for a missing argument");
    chosen_ = true;
  }

  void flag(Piece& piece) {
    if (peek() != '-' || piece.left) fail(fmt::format("flag '{}' does not go with text", peek()));
    piece.left = true;
    ++position_;
  }

  void finish(Piece piece) {
    switch (piece.conversion) {
      case 'n':
        return add_literal("\n");
      case '%':
        piece.literal = "%";
        piece.precision = SIZE_MAX;
        pieces_.push_back(std::move(piece));
        return;
      case 's':
      case 'S':
      case 'b':
      case 'B':
      case 'h':
      case 'H':
        if (!chosen_ && used_) fail("Format specifier for a missing argument");
        used_ = used_ || !chosen_;
        has_argument_ = true;
        pieces_.push_back(std::move(piece));
        return;
      default:
        if (std::string_view("dcxXoeEfgGaAtT").find(piece.conversion) != std::string_view::npos)
          fail(fmt::format("{} != java.lang.String", piece.conversion));
        fail(fmt::format("Conversion = '{}'", piece.conversion));
    }
  }

  [[noreturn]] void fail(const std::string& problem) const { json_.fail(problem); }

  const JsonField& json_;
  std::string_view text_;
  std::size_t position_ = 0;
  bool chosen_ = false;
  bool used_ = false;
  bool has_argument_ = false;
  std::vector<Piece> pieces_;
};

/// String.hashCode.
std::uint32_t java_hash(std::string_view utf8) {
  std::uint32_t hash = 0;
  while (!utf8.empty()) {
    const Utf8Step step = next_code_point(utf8);
    if (step.code_point > 0xFFFF) {
      hash = hash * 31 + (0xD800 + ((step.code_point - 0x10000) >> 10));
      hash = hash * 31 + (0xDC00 + ((step.code_point - 0x10000) & 0x3FF));
    } else {
      hash = hash * 31 + step.code_point;
    }
    utf8.remove_prefix(step.size);
  }
  return hash;
}

std::string hexadecimal(std::uint32_t value) {
  std::string text;
  do {
    text.insert(text.begin(), "0123456789abcdef"[value % 16]);
    value /= 16;
  } while (value != 0);
  return text;
}

enum class NullHandling : std::uint8_t { kNullString, kEmptyString, kReturnNull };

class StringFormat final : public ExtractionFunction {
 public:
  StringFormat(std::vector<Piece> pieces, NullHandling nulls) : pieces_(std::move(pieces)), nulls_(nulls) {}
  using ExtractionFunction::apply;

  Text apply(std::optional<std::string_view> value) const override {
    if (!value && nulls_ == NullHandling::kReturnNull) return {};
    if (!value && nulls_ == NullHandling::kEmptyString) value = "";
    std::string text;
    for (const Piece& piece : pieces_) {
      if (piece.conversion == 0) {
        text += piece.literal;
      } else {
        append(piece, value, text);
      }
    }
    return text;
  }

 private:
  static std::string converted(const Piece& piece, std::optional<std::string_view> value) {
    switch (piece.conversion) {
      case '%':
        return "%";
      case 'b':
      case 'B':
        return value ? "true" : "false";
      case 'h':
      case 'H':
        return value ? hexadecimal(java_hash(*value)) : "null";
      default:
        return value ? std::string(*value) : "null";
    }
  }

  static void append(const Piece& piece, std::optional<std::string_view> value, std::string& out) {
    std::string text = converted(piece, value);
    if (piece.precision != SIZE_MAX) text = utf16_slice(text, 0, piece.precision);
    if (std::isupper(static_cast<unsigned char>(piece.conversion)) != 0) text = upper_case(text);
    const std::size_t length = utf16_length(text);
    const std::size_t padding = piece.width > length ? piece.width - length : 0;
    if (!piece.left) out.append(padding, ' ');
    out += text;
    if (piece.left) out.append(padding, ' ');
  }

  std::vector<Piece> pieces_;
  NullHandling nulls_;
};

NullHandling parse_null_handling(const JsonField& json) {
  const std::string name = upper_case(json.string_or("nullString"));
  if (name == "NULLSTRING") return NullHandling::kNullString;
  if (name == "EMPTYSTRING") return NullHandling::kEmptyString;
  if (name != "RETURNNULL") json.fail("must be nullString, emptyString or returnNull");
  return NullHandling::kReturnNull;
}

ExtractionPtr parse_string_format(const JsonField& json) {
  const JsonField format = json["format"];
  const std::string text = format.string();
  if (text.empty()) format.fail("must not be empty");
  return std::make_shared<StringFormat>(FormatReader(format, text).pieces(), parse_null_handling(json["nullHandling"]));
}

}  // namespace

void register_string_format(ExtractionRegistry& registry) {
  registry.add({.type = "stringFormat", .parse = parse_string_format, .doc = "The value in Java's `format`."});
}

}  // namespace sarsen::engine
