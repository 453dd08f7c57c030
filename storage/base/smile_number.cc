#include "storage/base/smile_number.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <optional>
#include <vector>

#include "storage/base/java_number.h"

namespace sarsen {

namespace {

constexpr std::uint8_t kLastByte = 0x80;
constexpr std::size_t kGroupBytes = 7;           // binary bytes that become eight
constexpr std::size_t kBigNumberBytesMax = 512;  // Jackson's own limit is 1000 digits

std::uint8_t read_7bits(ByteReader& reader) {
  const std::uint8_t byte = reader.read_byte();
  reader.check(byte < 0x80, "a byte of more than 7 bits");
  return byte;
}

// `count` bytes of 7 bits each: the low bits count.
std::uint64_t read_right_aligned(ByteReader& reader, int count) {
  std::uint64_t value = 0;
  for (int i = 0; i < count; ++i) value = value << 7 | read_7bits(reader);
  return value;
}

// Up to 7 bytes: as many groups of 7 bits, then the bits that are left, right-aligned.
void append_group(ByteReader& reader, std::size_t count, std::string& bytes) {
  std::uint64_t value = read_right_aligned(reader, static_cast<int>(count));
  const std::uint8_t rest = read_7bits(reader);
  reader.check(rest >> count == 0, "a last byte of too many bits");
  value = value << count | rest;
  for (std::size_t i = count; i-- > 0;) bytes += static_cast<char>(value >> (8 * i) & 0xFF);
}

// Two's complement, high byte first.
struct BigInteger {
  bool negative = false;
  std::vector<std::uint32_t> limbs;  // of the magnitude, low limb first
};

BigInteger read_big(ByteReader& reader) {
  const std::string bytes = smile_7bit_bytes(reader);
  reader.check(!bytes.empty() && bytes.size() <= kBigNumberBytesMax, "number of an impossible size");
  BigInteger number{.negative = (bytes[0] & 0x80) != 0, .limbs = std::vector<std::uint32_t>((bytes.size() + 3) / 4, 0)};
  const std::uint32_t inverted = number.negative ? 0xFF : 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const std::size_t from_low = bytes.size() - 1 - i;
    number.limbs[from_low / 4] |= (static_cast<unsigned char>(bytes[i]) ^ inverted) << (8 * (from_low % 4));
  }
  if (!number.negative) return number;
  number.limbs.push_back(0);
  for (std::uint32_t& limb : number.limbs) {
    if (++limb != 0) break;  // no carry
  }
  return number;
}

std::string decimal_text(BigInteger number) {
  constexpr std::uint64_t kBillion = 1'000'000'000;
  std::string reversed;
  while (!number.limbs.empty()) {
    std::uint64_t remainder = 0;
    for (std::size_t i = number.limbs.size(); i-- > 0;) {
      remainder = remainder << 32 | number.limbs[i];
      number.limbs[i] = static_cast<std::uint32_t>(remainder / kBillion);
      remainder %= kBillion;
    }
    while (!number.limbs.empty() && number.limbs.back() == 0) number.limbs.pop_back();
    for (int digit = 0; digit < 9; ++digit, remainder /= 10) reversed += static_cast<char>('0' + remainder % 10);
  }
  if (number.negative) reversed += '-';
  std::reverse(reversed.begin(), reversed.end());
  return reversed;
}

}  // namespace

std::uint64_t smile_unsigned(ByteReader& reader, unsigned bits) {
  std::uint64_t value = 0;
  for (;;) {
    const std::uint8_t byte = reader.read_byte();
    const bool last = (byte & kLastByte) != 0;
    const unsigned width = last ? 6 : 7;
    reader.check(value >> (bits - width) == 0, "integer too large");
    reader.check(!last || (byte & 0x40) == 0, "integer with a corrupt last byte");
    value = value << width | (byte & (last ? 0x3FU : 0x7FU));
    if (last) return value;
  }
}

std::int64_t smile_signed(ByteReader& reader, unsigned bits) { return smile_unzigzag(smile_unsigned(reader, bits)); }

float smile_float(ByteReader& reader) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(read_right_aligned(reader, 5)));
}

double smile_double(ByteReader& reader) { return std::bit_cast<double>(read_right_aligned(reader, 10)); }

Json smile_big_integer(ByteReader& reader) {
  const std::string text = decimal_text(read_big(reader));
  if (const std::optional<std::int64_t> exact = exact_long(text)) return Json(*exact);
  return Json(try_parse_double(text).value());
}

// The scale counts digits behind the point.
Json smile_big_decimal(ByteReader& reader) {
  const std::int64_t scale = smile_signed(reader, 32);
  const std::string digits = decimal_text(read_big(reader));
  return Json(try_parse_double(digits + "E" + std::to_string(-scale)).value());
}

std::string smile_7bit_bytes(ByteReader& reader) {
  const std::uint64_t size = smile_unsigned(reader, 32);
  reader.check(size <= reader.remaining(), "binary past end");
  std::string bytes;
  bytes.reserve(size);
  while (bytes.size() < size) append_group(reader, std::min(kGroupBytes, size - bytes.size()), bytes);
  return bytes;
}

}  // namespace sarsen
