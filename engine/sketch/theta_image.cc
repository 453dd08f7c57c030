// The serialised form of theta sketches. FORMAT of DataSketches, serial version 3: one to three 8-byte words of
// preamble, then hashes; little-endian.

#include <algorithm>

#include "engine/sketch/theta.h"
#include "storage/base/byte_reader.h"
#include "storage/base/byte_writer.h"

namespace sarsen::engine::sketch {
namespace {

constexpr std::uint8_t kSerialVersion = 3;
constexpr std::uint8_t kCompressedVersion = 4;
constexpr std::uint8_t kAlphaFamily = 1;
constexpr std::uint8_t kQuickSelectFamily = 2;
constexpr std::uint8_t kCompactFamily = 3;
constexpr std::uint8_t kUnionFamily = 4;

constexpr std::uint8_t kReadOnly = 2;
constexpr std::uint8_t kEmpty = 4;
constexpr std::uint8_t kCompact = 8;
constexpr std::uint8_t kOrdered = 16;
constexpr std::uint8_t kSingleItem = 32;

constexpr int kTableSlotsLogMax = 27;

struct Preamble {
  int words = 0;
  std::uint8_t version = 0;
  std::uint8_t family = 0;
  std::uint8_t slots_log = 0;  // of updatable sketches
  std::uint8_t flags = 0;
};

Preamble read_preamble(ByteReader& reader) {
  Preamble preamble;
  preamble.words = reader.read_byte() & 0x3f;
  preamble.version = reader.read_byte();
  preamble.family = reader.read_byte();
  reader.skip(1);
  preamble.slots_log = reader.read_byte();
  preamble.flags = reader.read_byte();
  const auto seed_hash = reader.read_le<std::uint16_t>();
  reader.check(preamble.version >= 1 && preamble.version <= kCompressedVersion, "serial version unknown");
  if (preamble.version == kCompressedVersion)
    throw Error(ErrorCategory::kUnsupported, "theta sketch: compressed images are not part of this version");
  reader.check(preamble.words >= 1 && preamble.words <= 4, "preamble length out of range");
  reader.check(preamble.version == 1 || (preamble.flags & kEmpty) != 0 || seed_hash == kDataSketchesSeedHash,
               "made with another seed");
  return preamble;
}

/// Takes in what is left of `reader`: exactly `count` hashes, or table slots of which 0 is a free one.
void read_hashes(ByteReader& reader, std::uint64_t count, bool table, CompactTheta& parsed) {
  reader.check(count <= reader.remaining() / 8, "fewer hashes than said");
  parsed.hashes.reserve(table ? 0 : count);
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto hash = reader.read_le<std::uint64_t>();
    if (table && (hash == 0 || hash >= parsed.theta)) continue;
    reader.check(hash != 0 && hash < parsed.theta, "hash not below theta");
    parsed.hashes.push_back(hash);
  }
  std::sort(parsed.hashes.begin(), parsed.hashes.end());
  reader.check(std::adjacent_find(parsed.hashes.begin(), parsed.hashes.end()) == parsed.hashes.end(),
               "a hash occurs twice");
}

std::uint64_t read_theta(ByteReader& reader) {
  const auto theta = reader.read_le<std::uint64_t>();
  reader.check(theta > 0 && theta <= CompactTheta::kThetaMax, "theta out of range");
  return theta;
}

void read_compact(ByteReader& reader, const Preamble& preamble, CompactTheta& parsed) {
  reader.check(preamble.words <= 3, "preamble length out of range");
  if (preamble.words == 1) {
    // Old writers do not set the flag of single items.
    const bool single = preamble.version == kSerialVersion && reader.remaining() == 8;
    parsed.empty = !single;
    return read_hashes(reader, single ? 1 : 0, false, parsed);
  }
  const auto count = reader.read_le<std::uint32_t>();
  reader.skip(4);
  if (preamble.words == 3) parsed.theta = read_theta(reader);
  parsed.empty = count == 0 && parsed.theta == CompactTheta::kThetaMax;
  read_hashes(reader, count, false, parsed);
}

void read_table(ByteReader& reader, const Preamble& preamble, CompactTheta& parsed) {
  reader.check(preamble.words >= 3, "preamble length out of range");
  reader.check(preamble.slots_log <= kTableSlotsLogMax, "table too large");
  const auto count = reader.read_le<std::uint32_t>();
  reader.skip(4);
  parsed.theta = read_theta(reader);
  if (preamble.words == 4) parsed.theta = std::min(parsed.theta, read_theta(reader));
  parsed.empty = (preamble.flags & kEmpty) != 0;
  read_hashes(reader, parsed.empty ? 0 : std::uint64_t{1} << preamble.slots_log, true, parsed);
  reader.check(parsed.hashes.size() <= count, "more hashes than said");
}

}  // namespace

CompactTheta CompactTheta::parse(std::span<const std::byte> bytes) {
  CompactTheta parsed;
  if (bytes.empty()) return parsed;
  ByteReader reader(bytes, "theta sketch");
  const Preamble preamble = read_preamble(reader);
  if (preamble.family == kCompactFamily || preamble.version < kSerialVersion) {
    if (preamble.version == kSerialVersion && (preamble.flags & kEmpty) != 0) return parsed;
    read_compact(reader, preamble, parsed);
  } else {
    reader.check(
        preamble.family == kAlphaFamily || preamble.family == kQuickSelectFamily || preamble.family == kUnionFamily,
        "not a theta sketch");
    reader.check((preamble.flags & kCompact) == 0, "flags contradict the family");
    read_table(reader, preamble, parsed);
  }
  return parsed;
}

std::string CompactTheta::bytes() const {
  const bool exact = theta == kThetaMax;
  const bool single = exact && hashes.size() == 1;
  const int words = !exact ? 3 : hashes.size() > 1 ? 2 : 1;
  ByteWriter writer;
  writer.write_le(static_cast<std::uint8_t>(words));
  writer.write_le(kSerialVersion);
  writer.write_le(kCompactFamily);
  writer.extend(2);
  writer.write_le(
      static_cast<std::uint8_t>(kReadOnly | kCompact | kOrdered | (empty ? kEmpty : 0) | (single ? kSingleItem : 0)));
  writer.write_le(kDataSketchesSeedHash);
  if (words > 1) {
    writer.write_le(static_cast<std::uint32_t>(hashes.size()));
    writer.write_le(1.0F);  // the sampling probability
  }
  if (words > 2) writer.write_le(theta);
  for (const std::uint64_t hash : hashes) writer.write_le(hash);
  const auto view = writer.view();
  return {reinterpret_cast<const char*>(view.data()), view.size()};
}

}  // namespace sarsen::engine::sketch
