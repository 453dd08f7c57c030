// The one door to boost::multiprecision.

#include "storage/base/java_digits.h"

#include <algorithm>
#include <bit>
#include <boost/multiprecision/cpp_int.hpp>
#include <cmath>
#include <cstdint>
#include <limits>

namespace sarsen {
namespace {

using Whole = boost::multiprecision::cpp_int;

/// value = fraction * 2^exponent, the fraction odd.
struct Binary {
  std::uint64_t fraction;
  int exponent;
  int precision;  // bits that the type has at this size

  int width() const noexcept { return static_cast<int>(std::bit_width(fraction)); }
  int magnitude() const noexcept { return exponent + width() - 1; }  // of the highest bit
};

template <class T>
Binary binary_of(T value) {
  constexpr int kBits = std::numeric_limits<T>::digits;
  int exponent = 0;
  const T normal = std::frexp(value, &exponent);
  const auto fraction = static_cast<std::uint64_t>(std::ldexp(normal, kBits));
  const int zeros = std::countr_zero(fraction);
  const int below_normal = std::max(0, std::numeric_limits<T>::min_exponent - exponent);
  return {fraction >> zeros, exponent - kBits + zeros, kBits - below_normal};
}

/// An integer that a long holds: its digits, rounded where the type has no more precision.
JavaDigits digits_of_long(const Binary& binary) {
  constexpr double kLog10Of2 = 0.30102999566398120;
  auto whole = static_cast<std::uint64_t>(binary.fraction) << binary.exponent;
  const int surplus = binary.magnitude() - binary.precision - 1;
  std::uint64_t power = 1;
  if (surplus > 1)
    for (int i = 0; i < static_cast<int>(surplus * kLog10Of2); ++i) power *= 10;
  whole = whole / power + (power > 1 && whole % power >= power / 2 ? 1 : 0);
  std::string digits = std::to_string(whole);
  const int exponent = static_cast<int>(digits.size() + std::to_string(power).size()) - 2;
  digits.erase(digits.find_last_not_of('0') + 1);
  return {digits, exponent};
}

void round_up(JavaDigits& decimal) {
  std::string& digits = decimal.digits;
  const std::size_t last = digits.find_last_not_of('9');
  if (last == std::string::npos) {
    std::fill(digits.begin(), digits.end(), '0');
    digits[0] = '1';
    ++decimal.exponent;
    return;
  }
  ++digits[last];
  std::fill(digits.begin() + static_cast<std::ptrdiff_t>(last) + 1, digits.end(), '0');
}

/// log10 from the tangent at 1.5: too large by one at times.
int estimated_exponent(const Binary& binary) {
  const double mantissa = std::ldexp(static_cast<double>(binary.fraction), 1 - binary.width());
  return static_cast<int>(
      std::floor((mantissa - 1.5) * 0.289529654 + 0.176091259 + binary.magnitude() * 0.301029995663981));
}

int bits_of_power_of_five(int power) {
  constexpr int kExact = 27;
  if (power == 0) return 0;
  return power < kExact ? static_cast<int>(std::floor(power * 2.321928094887362)) + 1 : power * 3;
}

Whole power_of_five(int power) { return boost::multiprecision::pow(Whole(5), static_cast<unsigned>(power)); }

/// Steele and White's digits: until what is left is less than half of the distance to a neighbour.
class DigitLoop {
 public:
  explicit DigitLoop(const Binary& binary) : decimal_{"", estimated_exponent(binary)} {
    const int tiny = std::max(0, -binary.exponent);
    const int fives = std::max(0, -decimal_.exponent);
    const int scale_fives = std::max(0, decimal_.exponent);
    int twos = fives + tiny + binary.magnitude();
    int scale_twos = scale_fives + tiny;
    int half_twos = twos - binary.precision;
    twos -= binary.width() - 1;
    const int common = std::min(twos, scale_twos);
    twos -= common;
    scale_twos -= common;
    half_twos -= common + (binary.fraction == 1 ? 1 : 0);
    const int missing = std::max(0, -half_twos);
    twos += missing;
    scale_twos += missing;
    half_twos += missing;
    const int bits = std::max(binary.width() + twos + bits_of_power_of_five(fives),
                              scale_twos + 1 + bits_of_power_of_five(scale_fives + 1));
    word_bits_ = bits < 32 ? 32 : bits < 64 ? 64 : 0;
    rest_ = Whole(binary.fraction) * power_of_five(fives) << twos;
    scale_ = power_of_five(scale_fives) << scale_twos;
    half_ = power_of_five(fives) << half_twos;
  }

  JavaDigits digits() {
    const int first = step();
    if (first == 0 && !is_high()) {
      --decimal_.exponent;
    } else {
      add(first);
    }
    const bool in_scientific_form = decimal_.exponent < -3 || decimal_.exponent >= 8;
    bool goes_on = in_scientific_form || !(is_low() || is_high());
    while (goes_on) {
      add(step());
      goes_on = half_ > 0 && !(is_low() || is_high());
    }
    if (is_high() && (!is_low() || is_nearer_above())) round_up(decimal_);
    const std::size_t last = decimal_.digits.find_last_not_of('0');
    decimal_.digits.erase(std::max<std::size_t>(last, 0) + 1);
    return decimal_;
  }

 private:
  int step() {
    const Whole digit = rest_ / scale_;
    rest_ = rest_ % scale_ * 10;
    half_ = wrapped(half_ * 10);
    return static_cast<int>(digit);
  }

  void add(int digit) { decimal_.digits += static_cast<char>('0' + digit); }
  bool is_low() const { return half_ <= 0 || rest_ < half_; }
  bool is_high() const {
    const Whole sum = wrapped(rest_ + half_);
    const Whole ten = scale_ * 10;
    return half_ <= 0 || (word_bits_ != 0 ? sum > ten : sum >= ten);
  }
  /// Java's sums overflow, which decides digits.
  Whole wrapped(const Whole& sum) const {
    if (word_bits_ == 0) return sum;
    const Whole words = Whole(1) << word_bits_;
    const Whole word = sum % words;
    return word < words / 2 ? word : word - words;
  }
  bool is_nearer_above() const {
    const int side = Whole(rest_ * 2).compare(Whole(scale_ * 10));
    return side > 0 || (side == 0 && (decimal_.digits.back() - '0') % 2 != 0);
  }

  JavaDigits decimal_;
  Whole rest_;
  Whole scale_;
  Whole half_;         // half of the distance to a neighbour
  int word_bits_ = 0;  // of the integers that Java computes with; 0: any size
};

template <class T>
std::optional<JavaDigits> peculiar(T value) {
  constexpr int kLongBits = 63;
  const Binary binary = binary_of(value);
  if (binary.exponent >= 0) {
    if (binary.magnitude() < binary.precision) return std::nullopt;
    if (binary.magnitude() < kLongBits) return digits_of_long(binary);
  } else if (binary.fraction != 1) {
    return std::nullopt;
  }
  return DigitLoop(binary).digits();
}

}  // namespace

std::optional<JavaDigits> peculiar_java_digits(double value) { return peculiar(value); }

std::optional<JavaDigits> peculiar_java_digits(float value) { return peculiar(value); }

}  // namespace sarsen
