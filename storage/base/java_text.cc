#include "storage/base/java_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <optional>

#include "storage/base/java_digits.h"

namespace sarsen {
namespace {

/// d.ddd times ten to the exponent; without zeros at the end, but of one digit at least.
struct Digits {
  NumberRoom text;
  std::size_t size = 0;
  int exponent = 0;

  void add(char digit) { text[size++] = digit; }
  std::string_view from(std::size_t begin) const { return {text.data() + begin, size - begin}; }
};

Digits digits_from(const JavaDigits& decimal) {
  Digits digits;
  digits.exponent = decimal.exponent;
  for (const char digit : decimal.digits) digits.add(digit);
  return digits;
}

/// Reads std::to_chars' scientific form: d[.ddd]e±xx.
Digits digits_from(std::string_view scientific) {
  Digits digits;
  const std::size_t mark = scientific.find('e');
  for (const char character : scientific.substr(0, mark))
    if (character != '.') digits.add(character);
  while (digits.size > 1 && digits.text[digits.size - 1] == '0') --digits.size;
  const char* exponent = scientific.data() + mark + 1;
  if (*exponent == '+') ++exponent;
  std::from_chars(exponent, scientific.data() + scientific.size(), digits.exponent);
  return digits;
}

/// The shortest digits that read back as `value`; where one would do, Java takes the nearest two (4.9E-324).
template <class T>
Digits shortest_digits(T value) {
  char buffer[64];
  char* end = std::to_chars(std::begin(buffer), std::end(buffer), value, std::chars_format::scientific).ptr;
  const bool one_digit = buffer[1] == 'e';
  if (one_digit) end = std::to_chars(std::begin(buffer), std::end(buffer), value, std::chars_format::scientific, 1).ptr;
  return digits_from(std::string_view(buffer, static_cast<std::size_t>(end - buffer)));
}

class Text {
 public:
  explicit Text(NumberRoom& room) : begin_(room.data()), end_(begin_) {}

  void add(std::string_view text) { end_ = std::copy(text.begin(), text.end(), end_); }
  void add_zeros(std::size_t count) { end_ = std::fill_n(end_, count, '0'); }
  /// 0 where there are none.
  void add_fraction(std::string_view digits) { add(digits.empty() ? "0" : digits); }
  void add_number(int number) { end_ = std::to_chars(end_, end_ + 11, number).ptr; }
  std::string_view view() const { return {begin_, static_cast<std::size_t>(end_ - begin_)}; }

 private:
  char* begin_;
  char* end_;
};

/// 0.001 <= value < 10^7: without exponent.
void add_plain(const Digits& digits, Text& text) {
  if (digits.exponent < 0) {
    text.add("0.");
    text.add_zeros(static_cast<std::size_t>(-digits.exponent - 1));
    return text.add(digits.from(0));
  }
  const std::size_t whole = static_cast<std::size_t>(digits.exponent) + 1;
  text.add(digits.from(0).substr(0, whole));
  text.add_zeros(whole - std::min(whole, digits.size));
  text.add(".");
  text.add_fraction(digits.from(std::min(whole, digits.size)));
}

void add_scientific(const Digits& digits, Text& text) {
  text.add(digits.from(0).substr(0, 1));
  text.add(".");
  text.add_fraction(digits.from(1));
  text.add("E");
  text.add_number(digits.exponent);
}

template <class T>
std::string_view write(T value, NumberRoom& room) {
  Text text(room);
  if (std::isnan(value)) return "NaN";
  if (std::signbit(value)) text.add("-");
  const T size = std::abs(value);
  if (std::isinf(value)) {
    text.add("Infinity");
  } else if (value == 0) {
    text.add("0.0");
  } else {
    const std::optional<JavaDigits> peculiar = peculiar_java_digits(size);
    const Digits digits = peculiar ? digits_from(*peculiar) : shortest_digits(size);
    if (digits.exponent >= -3 && digits.exponent < 7) {
      add_plain(digits, text);
    } else {
      add_scientific(digits, text);
    }
  }
  return text.view();
}

}  // namespace

std::string_view java_text(double value, NumberRoom& room) { return write(value, room); }

std::string_view java_text(float value, NumberRoom& room) { return write(value, room); }

std::string java_text(double value) {
  NumberRoom room;
  return std::string(write(value, room));
}

std::string java_text(float value) {
  NumberRoom room;
  return std::string(write(value, room));
}

}  // namespace sarsen
