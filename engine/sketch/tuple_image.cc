// The serialised form of tuple sketches of doubles, little-endian: u8 1, u8 1, u8 9, u8 kind, u8 flags, u8 width, u16
// hash of the seed, u64 theta; where there are entries u32 count, u32 0, all hashes, then all numbers. Updatable
// sketches hold u8 log of nominal entries, u8 log of slots, u8, u8, f32, u32 count, u32 and the slots of their table.

#include <algorithm>
#include <bit>

#include "engine/sketch/sketch_summary.h"
#include "engine/sketch/tuple.h"
#include "storage/base/byte_reader.h"
#include "storage/base/byte_writer.h"

namespace sarsen::engine::sketch {
namespace {

constexpr std::uint8_t kOne = 1;  // words of the preamble, and the version
constexpr std::uint8_t kFamily = 9;
constexpr std::uint8_t kUpdatable = 2;
constexpr std::uint8_t kCompact = 3;

constexpr std::uint8_t kEmpty = 4;
constexpr std::uint8_t kHasEntries = 8;
constexpr int kSlotsLogMax = 27;

void read_entries(ByteReader& reader, std::uint64_t slots, CompactTuple& parsed) {
  reader.check(slots <= reader.remaining() / (8 + 8 * parsed.width), "fewer entries than said");
  std::vector<std::uint64_t> keys;
  for (std::uint64_t i = 0; i < slots; ++i) keys.push_back(reader.read_le<std::uint64_t>());
  for (const std::uint64_t key : keys) {
    const bool free = key == 0;
    if (!free) parsed.hashes.push_back(key);
    for (std::size_t i = 0; i < parsed.width; ++i) {
      const auto number = std::bit_cast<double>(reader.read_le<std::uint64_t>());
      if (!free) parsed.numbers.push_back(number);
    }
  }
}

void check_hashes(const ByteReader& reader, const CompactTuple& parsed) {
  std::vector<std::uint64_t> sorted = parsed.hashes;
  std::sort(sorted.begin(), sorted.end());
  reader.check(sorted.empty() || sorted.back() < parsed.theta, "hash not below theta");
  reader.check(std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end(), "a hash occurs twice");
}

}  // namespace

CompactTuple CompactTuple::parse(std::span<const std::byte> bytes) {
  ByteReader reader(bytes, "tuple sketch");
  reader.check(reader.read_byte() == kOne && reader.read_byte() == kOne, "version unknown");
  reader.check(reader.read_byte() == kFamily, "not a tuple sketch");
  const std::uint8_t kind = reader.read_byte();
  reader.check(kind == kCompact || kind == kUpdatable, "neither compact nor updatable");
  const std::uint8_t flags = reader.read_byte();
  CompactTuple parsed;
  parsed.empty = (flags & kEmpty) != 0;
  parsed.width = reader.read_byte();
  reader.check(parsed.width <= TupleSketch::kWidthMax, "too many values for each hash");
  reader.check(reader.read_le<std::uint16_t>() == kDataSketchesSeedHash, "made with another seed");
  parsed.theta = reader.read_le<std::uint64_t>();
  reader.check(parsed.theta > 0 && parsed.theta <= kThetaMax, "theta out of range");
  std::uint64_t slots = 0;
  if (kind == kUpdatable) {
    reader.skip(1);
    const std::uint8_t slots_log = reader.read_byte();
    reader.check(slots_log <= kSlotsLogMax, "table too large");
    reader.skip(6);
    slots = std::uint64_t{1} << slots_log;
  }
  if ((flags & kHasEntries) == 0) return parsed;
  const auto count = reader.read_le<std::uint32_t>();
  reader.skip(4);
  read_entries(reader, kind == kUpdatable ? slots : count, parsed);
  check_hashes(reader, parsed);
  return parsed;
}

std::string CompactTuple::bytes() const {
  ByteWriter out;
  const bool filled = !hashes.empty();
  out.write_be(kOne);
  out.write_be(kOne);
  out.write_be(kFamily);
  out.write_be(kCompact);
  out.write_be(static_cast<std::uint8_t>((empty ? kEmpty : 0) | (filled ? kHasEntries : 0)));
  out.write_be(static_cast<std::uint8_t>(width));
  out.write_le(kDataSketchesSeedHash);
  out.write_le(theta);
  if (filled) {
    out.write_le(static_cast<std::uint32_t>(hashes.size()));
    out.write_le(std::uint32_t{0});
  }
  for (const std::uint64_t hash : hashes) out.write_le(hash);
  for (const double number : numbers) out.write_le(std::bit_cast<std::uint64_t>(number));
  return {reinterpret_cast<const char*>(out.view().data()), out.view().size()};
}

std::string CompactTuple::summary() const {
  SketchSummary text("### DirectArrayOfDoublesCompactSketch SUMMARY: ", 24);
  text.line("Estimate", estimate()).line("Upper Bound, 95% conf", upper_bound(2));
  text.line("Lower Bound, 95% conf", lower_bound(2));
  text.line("Theta (double)", static_cast<double>(theta) / static_cast<double>(kThetaMax));
  text.line("Theta (long)", static_cast<std::int64_t>(theta)).line("EstMode?", theta < kThetaMax && !empty);
  text.line("Empty?", empty).line("Retained Entries", static_cast<std::int64_t>(hashes.size()));
  text.line("Seed Hash", seed_hash_text(kDataSketchesSeedHash));
  return text.end("### END SKETCH SUMMARY\n");
}

}  // namespace sarsen::engine::sketch
