// The serialised form of quantiles sketches of doubles: a preamble of one or two 8-byte words, minimum, maximum, the
// base buffer, then the levels in use from the lowest; little-endian.

#include <algorithm>
#include <bit>
#include <cmath>

#include "engine/sketch/quantiles.h"
#include "engine/sketch/sketch_summary.h"
#include "storage/base/byte_reader.h"
#include "storage/base/byte_writer.h"

namespace sarsen::engine::sketch {
namespace {

std::string binary(std::uint64_t bits) {
  std::string text;
  for (; bits != 0; bits >>= 1) text.insert(text.begin(), (bits & 1) != 0 ? '1' : '0');
  return text.empty() ? "0" : text;
}

std::string scientific(bool none, double value) {
  std::array<char, 32> text;
  if (none) return "         NaN";
  std::snprintf(text.data(), text.size(), "%12.6e", value);
  return text.data();
}

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

std::string Quantiles::summary() const {
  const std::uint64_t levels = n_ / (2ULL * k_);  // a bit for each level in use
  const auto needed = static_cast<int>(std::bit_width(levels));
  const std::size_t retained = base_.size() + std::size_t{k_} * static_cast<std::size_t>(std::popcount(levels));
  const std::size_t compact = empty() ? 8 : 32 + 8 * retained;
  const std::size_t base_slots =
      needed > 0 ? 2 * std::size_t{k_} : std::bit_ceil(std::max<std::size_t>(base_.size(), 4));
  const std::size_t updatable =
      empty()
          ? 8
          : 32 + 8 * (std::min(base_slots, 2 * std::size_t{k_}) + std::size_t{k_} * static_cast<std::size_t>(needed));
  const auto count = [](int value) { return std::to_string(value); };
  SketchSummary text("\n### Quantiles DirectCompactDoublesSketch SUMMARY: ", 29);
  text.line("Empty", empty()).line("Memory, Capacity bytes", "true, " + std::to_string(compact));
  text.line("Estimation Mode", levels != 0).line("K", grouped_digits(k_)).line("N", grouped_digits(n_));
  text.line("Levels (Needed, Total, Valid)",
            count(needed) + ", " + count(needed) + ", " + count(std::popcount(levels)));
  text.line("Level Bit Pattern", binary(levels)).line("BaseBufferCount", grouped_digits(base_.size()));
  text.line("Combined Buffer Capacity", empty() ? "-3" : grouped_digits(retained));
  text.line("Retained Items", grouped_digits(retained)).line("Compact Storage Bytes", grouped_digits(compact));
  text.line("Updatable Storage Bytes", grouped_digits(updatable));
  text.line("Normalized Rank Error", percent_text(1.576 / std::pow(k_, 0.9726)));
  text.line("Normalized Rank Error (PMF)", percent_text(1.854 / std::pow(k_, 0.9657)));
  text.line("Min Item", scientific(empty(), min_)).line("Max Item", scientific(empty(), max_));
  return text.end("### END SKETCH SUMMARY\n");
}

}  // namespace sarsen::engine::sketch
