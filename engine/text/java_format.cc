#include "engine/text/java_format.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "engine/result/value_cast.h"
#include "engine/text/java_case.h"
#include "engine/text/shortest_digits.h"
#include "engine/text/utf16_slice.h"
#include "storage/base/error.h"
#include "storage/base/java_order.h"
#include "storage/base/text_scanner.h"

namespace sarsen::engine {
namespace {

constexpr std::int64_t kWidthMax = 1'000'000;
constexpr std::string_view kFlags = "-#+ 0,(";

/// What ends a pattern that Java refuses.
struct Refused {};

struct Specifier {
  std::optional<std::size_t> argument;  // counted from 0
  bool previous = false;                // "%<s"
  std::string flags;
  std::optional<std::size_t> width;
  std::optional<int> precision;
  char conversion = '\0';

  bool has(char flag) const noexcept { return flags.find(flag) != std::string::npos; }
};

std::string grouped(const std::string& digits) {
  std::string out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) out += ',';
    out += digits[i];
  }
  return out;
}

/// The sign in front, or brackets; zeros up to the width between sign and digits.
std::string signed_text(const Specifier& specifier, bool negative, std::string digits) {
  if (specifier.has(',')) {
    const std::size_t point = std::min(digits.find('.'), digits.size());
    digits = grouped(digits.substr(0, point)) + digits.substr(point);
  }
  std::string sign = negative             ? (specifier.has('(') ? "(" : "-")
                     : specifier.has('+') ? "+"
                     : specifier.has(' ') ? " "
                                          : "";
  const std::string end = negative && specifier.has('(') ? ")" : "";
  const std::size_t size = sign.size() + digits.size() + end.size();
  if (specifier.has('0') && specifier.width && *specifier.width > size) digits.insert(0, *specifier.width - size, '0');
  return sign + digits + end;
}

std::string integer_text(const Specifier& specifier, std::int64_t value) {
  char buffer[72];
  const auto unsigned_value = static_cast<std::uint64_t>(value);
  if (specifier.conversion != 'd') {
    const int base = specifier.conversion == 'o' ? 8 : 16;
    const auto result = std::to_chars(buffer, buffer + sizeof(buffer), unsigned_value, base);
    std::string digits(buffer, result.ptr);
    if (specifier.has('#')) digits.insert(0, base == 8 ? "0" : "0x");
    if (specifier.has('0') && specifier.width && *specifier.width > digits.size())
      digits.insert(0, *specifier.width - digits.size(), '0');
    return digits;
  }
  const auto result =
      std::to_chars(buffer, buffer + sizeof(buffer), value < 0 ? std::uint64_t{0} - unsigned_value : unsigned_value);
  return signed_text(specifier, value < 0, std::string(buffer, result.ptr));
}

/// Of a magnitude that is not infinite.
std::string fixed_digits(double magnitude, int precision) {
  const auto places = static_cast<std::size_t>(precision);
  std::string text = "0";
  std::string fraction;
  if (magnitude > 0) {
    ShortestDigits number = ShortestDigits::of(magnitude);
    const std::int64_t kept = std::int64_t{number.exponent} + precision;
    if (kept < 0) {
      number = {"", 0};
    } else if (static_cast<std::size_t>(kept) < number.digits.size()) {
      number.round_to(static_cast<std::size_t>(kept));
    }
    if (number.exponent > 0) {
      const auto whole = static_cast<std::size_t>(number.exponent);
      if (number.digits.size() < whole) number.digits.append(whole - number.digits.size(), '0');
      text = number.digits.substr(0, whole);
      fraction = number.digits.substr(whole);
    } else if (!number.digits.empty()) {
      fraction = std::string(static_cast<std::size_t>(-number.exponent), '0') + number.digits;
    }
  }
  fraction.resize(places, '0');
  return precision == 0 ? text : text + "." + fraction;
}

std::string scientific_digits(double magnitude, int precision) {
  std::string digits = "0";
  int exponent = 0;
  if (magnitude > 0) {
    ShortestDigits number = ShortestDigits::of(magnitude);
    if (static_cast<std::size_t>(precision) + 1 < number.digits.size())
      number.round_to(static_cast<std::size_t>(precision) + 1);
    digits = number.digits;
    exponent = number.exponent - 1;
  }
  digits.resize(static_cast<std::size_t>(precision) + 1, '0');
  std::string text = digits.substr(0, 1);
  if (precision > 0) text += "." + digits.substr(1);
  const std::string power = std::to_string(std::abs(exponent));
  return text + (exponent < 0 ? "e-" : "e+") + (power.size() < 2 ? "0" : "") + power;
}

std::string general_digits(double magnitude, int precision) {
  const int digits = precision == 0 ? 1 : precision;
  if (magnitude == 0) return fixed_digits(0, digits - 1);
  if (magnitude < 1e-4 || magnitude >= std::pow(10.0, digits)) return scientific_digits(magnitude, digits - 1);
  const int exponent = ShortestDigits::of(magnitude).exponent;
  return fixed_digits(magnitude, std::max(digits - exponent, 0));
}

std::string floating_text(const Specifier& specifier, double value) {
  if (value != value) return "NaN";
  const bool negative = std::signbit(value);
  if (std::isinf(value)) {
    if (negative) return specifier.has('(') ? "(Infinity)" : "-Infinity";
    return specifier.has('+') ? "+Infinity" : "Infinity";
  }
  const int precision = specifier.precision.value_or(6);
  const double magnitude = std::fabs(value);
  switch (specifier.conversion) {
    case 'e':
      return signed_text(specifier, negative, scientific_digits(magnitude, precision));
    case 'f':
      return signed_text(specifier, negative, fixed_digits(magnitude, precision));
    default:
      return signed_text(specifier, negative, general_digits(magnitude, precision));
  }
}

std::string cut(std::string text, const std::optional<int>& precision) {
  if (!precision || utf16_length(text) <= static_cast<std::size_t>(*precision)) return text;
  return utf16_slice(text, 0, static_cast<std::size_t>(*precision));
}

std::string converted(const Specifier& specifier, const Value& value) {
  switch (specifier.conversion) {
    case 'b':
      return cut(is_null(value) ? "false" : "true", specifier.precision);
    case 's':
      return cut(value_text(value).value_or("null"), specifier.precision);
    default:
      break;
  }
  if (is_null(value)) return cut("null", specifier.precision);
  switch (specifier.conversion) {
    case 'd':
    case 'o':
    case 'x':
      if (const auto* number = std::get_if<std::int64_t>(&value); number != nullptr && !specifier.precision)
        return integer_text(specifier, *number);
      throw Refused();
    case 'e':
    case 'f':
    case 'g':
      if (const auto* number = std::get_if<double>(&value)) return floating_text(specifier, *number);
      throw Refused();
    default:
      throw Refused();  // %c takes no long, and nothing else is a character here
  }
}

class Formatter {
 public:
  Formatter(std::string_view pattern, std::span<const Value> arguments) : scanner_(pattern), arguments_(arguments) {}

  std::string text() {
    std::string out;
    while (!scanner_.at_end()) {
      const char character = scanner_.peek();
      scanner_.seek(scanner_.position() + 1);
      if (character != '%') {
        out += character;
      } else {
        out += next();
      }
    }
    return out;
  }

 private:
  std::string next() {
    const Specifier specifier = read();
    char conversion = specifier.conversion;
    if (conversion == 'n') {
      if (specifier.width || specifier.precision || !specifier.flags.empty()) throw Refused();
      return "\n";
    }
    if (conversion == '%') return padded(specifier, "%");
    const bool upper = conversion >= 'A' && conversion <= 'Z';
    if (upper && std::string_view("BSCXEG").find(conversion) == std::string_view::npos) refuse(conversion);
    Specifier lower = specifier;
    if (upper) lower.conversion = static_cast<char>(conversion + 32);
    if (std::string_view("hat").find(lower.conversion) != std::string_view::npos) refuse(conversion);
    std::string out = converted(lower, argument(specifier));
    return padded(specifier, upper ? upper_case(out) : std::move(out));
  }

  [[noreturn]] static void refuse(char conversion) {
    if (std::string_view("hHaAtT").find(conversion) == std::string_view::npos) throw Refused();
    throw Error(ErrorCategory::kUnsupported,
                std::string("The conversion %") + conversion + " of format is not part of this version");
  }

  Specifier read() {
    Specifier specifier;
    const std::size_t begin = scanner_.position();
    if (scanner_.accept('<')) {
      specifier.previous = true;
    } else if (const auto number = scanner_.number(9); number && *number > 0 && scanner_.accept('$')) {
      specifier.argument = static_cast<std::size_t>(*number - 1);
    } else {
      scanner_.seek(begin);
    }
    while (!scanner_.at_end() && kFlags.find(scanner_.peek()) != std::string_view::npos) {
      if (specifier.has(scanner_.peek())) throw Refused();
      specifier.flags += scanner_.peek();
      scanner_.seek(scanner_.position() + 1);
    }
    if (const auto width = scanner_.number(9)) specifier.width = static_cast<std::size_t>(checked(*width));
    if (scanner_.accept('.')) {
      const auto precision = scanner_.number(9);
      if (!precision) throw Refused();
      specifier.precision = static_cast<int>(checked(*precision));
    }
    if (scanner_.at_end()) throw Refused();
    specifier.conversion = scanner_.peek();
    scanner_.seek(scanner_.position() + 1);
    check(specifier);
    return specifier;
  }

  static std::int64_t checked(std::int64_t width) {
    if (width > kWidthMax)
      throw Error(ErrorCategory::kResourceLimit, "A width of format is greater than " + std::to_string(kWidthMax));
    return width;
  }

  static void check(const Specifier& specifier) {
    if ((specifier.has('-') || specifier.has('0')) && !specifier.width) throw Refused();
    if (specifier.has('-') && specifier.has('0')) throw Refused();
    if (specifier.has('+') && specifier.has(' ')) throw Refused();
    const bool number = std::string_view("doxXeEfgG").find(specifier.conversion) != std::string_view::npos;
    const bool decimal = number && std::string_view("oxX").find(specifier.conversion) == std::string_view::npos;
    for (const char flag : specifier.flags) {
      if (flag == '-') continue;
      if (flag == '#'   ? specifier.conversion != 'o' && specifier.conversion != 'x' && specifier.conversion != 'X'
          : flag == '0' ? !number
                        : !decimal)
        throw Refused();
    }
  }

  const Value& argument(const Specifier& specifier) {
    if (!specifier.previous) last_ = specifier.argument ? *specifier.argument : next_++;
    if (!last_ || *last_ >= arguments_.size()) throw Refused();
    return arguments_[*last_];
  }

  static std::string padded(const Specifier& specifier, std::string text) {
    const std::size_t size = utf16_length(text);
    if (!specifier.width || size >= *specifier.width) return text;
    const std::string blanks(*specifier.width - size, ' ');
    return specifier.has('-') ? text + blanks : blanks + text;
  }

  TextScanner scanner_;
  std::span<const Value> arguments_;
  std::size_t next_ = 0;
  std::optional<std::size_t> last_;
};

}  // namespace

std::optional<std::string> java_format(std::string_view pattern, std::span<const Value> arguments) {
  try {
    return Formatter(pattern, arguments).text();
  } catch (const Refused&) {
    return std::nullopt;
  }
}

std::string fixed_text(double value, int precision) {
  return (std::signbit(value) ? "-" : "") + fixed_digits(std::fabs(value), precision);
}

}  // namespace sarsen::engine
