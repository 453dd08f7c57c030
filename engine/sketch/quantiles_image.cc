// The serialised form of quantiles sketches of doubles: a preamble of one or two 8-byte words, minimum, maximum, the
// base buffer, then the levels in use from the lowest; little-endian.

#include <algorithm>
#include <bit>
#include <cmath>

#include "engine/sketch/quantiles.h"
#include "storage/base/byte_reader.h"
#include "storage/base/byte_writer.h"

namespace sarsen::engine::sketch {
namespace {

constexpr std::uint8_t kSerialVersion = 3;
constexpr std::uint8_t kFamily = 8;
constexpr std::uint8_t kReadOnly = 2;
constexpr std::uint8_t kEmpty = 4;
constexpr std::uint8_t kCompact = 8;
constexpr std::uint8_t kOrdered = 16;

double read_value(ByteReader& reader) {
  const auto value = reader.read_le<double>();
  reader.check(!std::isnan(value), "a value is NaN");
  return value;
}

void read_values(ByteReader& reader, std::size_t count, std::vector<double>& values) {
  reader.check(count <= reader.remaining() / sizeof(double), "fewer values than said");
  values.reserve(count);
  for (std::size_t i = 0; i < count; ++i) values.push_back(read_value(reader));
}

}  // namespace

Quantiles Quantiles::parse(std::span<const std::byte> bytes) {
  ByteReader reader(bytes, "quantiles sketch");
  if (bytes.empty()) return Quantiles(kKMin);
  const std::uint8_t words = reader.read_byte();
  const std::uint8_t version = reader.read_byte();
  reader.check(version == 2 || version == kSerialVersion, "serial version unknown");
  reader.check(reader.read_byte() == kFamily, "not a quantiles sketch");
  const std::uint8_t flags = reader.read_byte();
  const auto k = reader.read_le<std::uint16_t>();
  reader.skip(2);
  reader.check(k >= kKMin && k <= kKMax && std::has_single_bit(k), "k is no power of two");
  Quantiles parsed(k);
  if ((flags & kEmpty) != 0) return parsed;
  reader.check(words == 2, "preamble length out of range");
  parsed.n_ = reader.read_le<std::uint64_t>();
  reader.check(parsed.n_ >= 1 && parsed.n_ < std::uint64_t{1} << 62, "number of values out of range");
  parsed.min_ = read_value(reader);
  parsed.max_ = read_value(reader);
  const bool compact = version == 2 || (flags & kCompact) != 0;
  const auto base_count = static_cast<std::size_t>(parsed.n_ % (2ULL * k));
  read_values(reader, base_count, parsed.base_);
  const std::uint64_t in_use = parsed.n_ / (2ULL * k);
  if (!compact && in_use != 0) reader.skip((2ULL * k - base_count) * sizeof(double));
  parsed.levels_.resize(static_cast<std::size_t>(std::bit_width(in_use)));
  for (std::size_t level = 0; level < parsed.levels_.size(); ++level) {
    if (((in_use >> level) & 1) != 0) {
      read_values(reader, k, parsed.levels_[level]);
      reader.check(std::is_sorted(parsed.levels_[level].begin(), parsed.levels_[level].end()), "a level is not sorted");
    } else if (!compact) {
      reader.skip(k * sizeof(double));
    }
  }
  return parsed;
}

std::string Quantiles::bytes() const {
  ByteWriter writer;
  writer.write_le(static_cast<std::uint8_t>(empty() ? 1 : 2));
  writer.write_le(kSerialVersion);
  writer.write_le(kFamily);
  writer.write_le(static_cast<std::uint8_t>(kReadOnly | kCompact | kOrdered | (empty() ? kEmpty : 0)));
  writer.write_le(static_cast<std::uint16_t>(k_));
  writer.extend(2);
  if (!empty()) {
    writer.write_le(n_);
    writer.write_le(min_);
    writer.write_le(max_);
    Values base = base_;
    std::sort(base.begin(), base.end(), [](double left, double right) {
      return left < right || (left == right && std::signbit(left) && !std::signbit(right));
    });
    for (const double value : base) writer.write_le(value);
    for (const Values& level : levels_)
      for (const double value : level) writer.write_le(value);
  }
  const auto view = writer.view();
  return {reinterpret_cast<const char*>(view.data()), view.size()};
}

}  // namespace sarsen::engine::sketch
