// The serialised form of HLL sketches: 8 bytes of preamble; then coupons, or sums and registers in 4, 6 or 8 bits with
// the few that do not fit in 4 listed behind. Little-endian.

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "engine/sketch/hll.h"
#include "storage/base/byte_reader.h"
#include "storage/base/byte_writer.h"

namespace sarsen::engine::sketch {
namespace {

constexpr std::uint8_t kSerialVersion = 1;
constexpr std::uint8_t kFamily = 7;
constexpr std::uint8_t kEmpty = 4;
constexpr std::uint8_t kCompact = 8;
constexpr std::uint8_t kOutOfOrder = 16;

constexpr std::uint8_t kWordsOfList = 2;  // of 4 bytes
constexpr std::uint8_t kWordsOfSet = 3;
constexpr std::uint8_t kWordsOfRegisters = 10;

constexpr std::uint8_t kListSlotsLog = 3;
constexpr std::uint8_t kSetSlotsLog = 5;
constexpr int kLgKOfSets = 8;  // the least
constexpr int kAddressBits = 26;
constexpr std::uint8_t kRegisterMax = 63;
constexpr std::uint8_t kException = 15;  // the four-bit register says: look behind

// Slots (log) that the table of exceptions begins with, by lg_k.
constexpr std::array<std::uint8_t, 27> kExceptionSlotsLog = {0, 2, 2, 2, 2,  2,  2,  3,  3,  3,  4,  4,  5, 5,
                                                             6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18};

std::uint32_t slot_and_value(std::uint32_t slot, std::uint8_t value) noexcept {
  return static_cast<std::uint32_t>(value) << kAddressBits | slot;
}

/// The registers that exceed four bits, in the order of DataSketches' hash table: image bytes follow it.
class Exceptions {
 public:
  explicit Exceptions(int lg_k)
      : lg_k_(lg_k), table_(std::size_t{1} << kExceptionSlotsLog[static_cast<std::size_t>(lg_k)]) {}

  void add(std::uint32_t slot, std::uint8_t value) {
    place(table_, slot_and_value(slot, value));
    if (++count_ * 4ULL <= table_.size() * 3ULL) return;
    std::vector<std::uint32_t> larger(table_.size() * 2);
    for (const std::uint32_t pair : table_)
      if (pair != 0) place(larger, pair);
    table_.swap(larger);
  }

  std::uint32_t count() const noexcept { return count_; }
  const std::vector<std::uint32_t>& table() const noexcept { return table_; }

 private:
  void place(std::vector<std::uint32_t>& table, std::uint32_t pair) const noexcept {
    const std::uint32_t slot = pair & ((1U << lg_k_) - 1);
    const auto mask = static_cast<std::uint32_t>(table.size() - 1);
    const std::uint32_t stride = (slot >> std::countr_zero(table.size())) | 1;
    std::uint32_t probe = slot & mask;
    while (table[probe] != 0) probe = (probe + stride) & mask;
    table[probe] = pair;
  }

  int lg_k_;
  std::uint32_t count_ = 0;
  std::vector<std::uint32_t> table_;
};

std::size_t register_bytes(int lg_k, HllType type) noexcept {
  const std::size_t registers = std::size_t{1} << lg_k;
  switch (type) {
    case HllType::kHll4:
      return registers / 2;
    case HllType::kHll6:
      return registers * 3 / 4 + 1;
    case HllType::kHll8:
      return registers;
  }
  return 0;
}

}  // namespace

/// Reads and writes the parts of one sketch.
class HllImage {
 public:
  static Hll read(std::span<const std::byte> bytes);
  static std::string write(const Hll& sketch, HllType type, bool compact);

 private:
  struct Header {
    std::uint8_t words = 0;
    std::uint8_t slots_log = 0;
    std::uint8_t flags = 0;
    std::uint8_t count = 0;  // of a list; the least register of the others
  };

  static void read_list(ByteReader& reader, const Header& header, Hll& sketch);
  static void read_set(ByteReader& reader, const Header& header, Hll& sketch);
  static void read_registers(ByteReader& reader, const Header& header, HllType type, Hll& sketch);
  static void read_four_bits(ByteReader& reader, const Header& header, std::uint32_t exceptions, Hll& sketch);
  static void read_six_bits(ByteReader& reader, Hll& sketch);
  static void read_coupons(ByteReader& reader, std::size_t slots, std::uint32_t count, Hll& sketch);

  static void write_header(ByteWriter& writer, const Hll& sketch, HllType type, bool compact, const Header& header);
  static void write_coupons(ByteWriter& writer, const Hll& sketch, HllType type, bool compact);
  static void write_registers(ByteWriter& writer, const Hll& sketch, HllType type, bool compact);
  static void write_sums(ByteWriter& writer, const Hll& sketch, std::uint32_t at_least, std::uint32_t exceptions);
  static void write_four_bits(ByteWriter& writer, const Hll& sketch, bool compact);
  static void write_six_bits(ByteWriter& writer, const Hll& sketch);
};

Hll HllImage::read(std::span<const std::byte> bytes) {
  if (bytes.empty()) return Hll(12);
  ByteReader reader(bytes, "HLL sketch");
  Header header;
  header.words = reader.read_byte();
  reader.check(reader.read_byte() == kSerialVersion, "serial version unknown");
  reader.check(reader.read_byte() == kFamily, "not an HLL sketch");
  const int lg_k = reader.read_byte();
  reader.check(lg_k >= Hll::kLgKMin && lg_k <= Hll::kLgKMax, "lgK out of range");
  header.slots_log = reader.read_byte();
  header.flags = reader.read_byte();
  header.count = reader.read_byte();
  const std::uint8_t mode = reader.read_byte();
  const int type = (mode >> 2) & 3;
  reader.check(type <= 2, "type unknown");
  Hll sketch(lg_k);
  switch (mode & 3) {
    case 0:
      read_list(reader, header, sketch);
      break;
    case 1:
      read_set(reader, header, sketch);
      break;
    case 2:
      read_registers(reader, header, static_cast<HllType>(type), sketch);
      break;
    default:
      reader.check(false, "mode unknown");
  }
  return sketch;
}

/// Takes in the coupons among the next `slots` slots.
void HllImage::read_coupons(ByteReader& reader, std::size_t slots, std::uint32_t count, Hll& sketch) {
  reader.check(slots <= reader.remaining() / 4, "fewer coupons than said");
  for (std::size_t i = 0; i < slots; ++i) {
    const auto coupon = reader.read_le<std::uint32_t>();
    if (coupon == 0) continue;
    reader.check(coupon >> kAddressBits != 0, "coupon without a value");
    sketch.update(coupon);
  }
  reader.check(sketch.coupon_count_ == count, "number of coupons differs from the one said");
}

void HllImage::read_list(ByteReader& reader, const Header& header, Hll& sketch) {
  reader.check(header.words == kWordsOfList, "preamble length out of range");
  reader.check(header.count < (1U << kListSlotsLog), "list too long");
  read_coupons(reader, header.count, header.count, sketch);
}

void HllImage::read_set(ByteReader& reader, const Header& header, Hll& sketch) {
  reader.check(header.words == kWordsOfSet && sketch.lg_k_ >= kLgKOfSets, "preamble length out of range");
  const auto count = reader.read_le<std::uint32_t>();
  reader.check(count * 4ULL <= 3ULL << (sketch.lg_k_ - 3), "set too large");
  const bool compact = (header.flags & kCompact) != 0;
  reader.check(compact || (header.slots_log >= kSetSlotsLog && header.slots_log <= sketch.lg_k_ - 3),
               "table size out of range");
  sketch.mode_ = Hll::Mode::kSet;
  sketch.coupons_.resize(std::size_t{1} << kSetSlotsLog);
  read_coupons(reader, compact ? count : std::size_t{1} << header.slots_log, count, sketch);
}

void HllImage::read_registers(ByteReader& reader, const Header& header, HllType type, Hll& sketch) {
  reader.check(header.words == kWordsOfRegisters, "preamble length out of range");
  const auto hip = reader.read_le<double>();
  reader.skip(2 * sizeof(double) + 4);  // sums and a count, which follow from the registers
  const auto exceptions = reader.read_le<std::uint32_t>();
  reader.check(std::isfinite(hip) && hip >= 0, "HIP accumulator out of range");
  reader.check(reader.remaining() >= register_bytes(sketch.lg_k_, type), "fewer registers than said");
  sketch.clear_registers(sketch.lg_k_);
  switch (type) {
    case HllType::kHll4:
      read_four_bits(reader, header, exceptions, sketch);
      break;
    case HllType::kHll6:
      read_six_bits(reader, sketch);
      break;
    case HllType::kHll8:
      for (std::uint8_t& value : sketch.registers_) {
        value = reader.read_byte();
        reader.check(value <= kRegisterMax, "register out of range");
      }
      sketch.merged_ = header.count != 0;
      break;
  }
  sketch.recount();
  sketch.hip_ = hip;
  sketch.out_of_order_ = (header.flags & kOutOfOrder) != 0;
}

void HllImage::read_four_bits(ByteReader& reader, const Header& header, std::uint32_t exceptions, Hll& sketch) {
  const std::uint8_t least = header.count;
  reader.check(least + kException - 1 <= kRegisterMax, "least register out of range");
  std::uint32_t missing = 0;
  const auto take = [&](std::uint32_t slot, int half) {
    missing += half == kException;
    sketch.registers_[slot] = static_cast<std::uint8_t>(half == kException ? 0xff : half + least);
  };
  for (std::uint32_t slot = 0; slot < sketch.slots(); slot += 2) {
    const std::uint8_t pair = reader.read_byte();
    take(slot, pair & 0xf);
    take(slot + 1, pair >> 4);
  }
  reader.check(missing == exceptions, "number of exceptions differs from the one said");
  const bool compact = (header.flags & kCompact) != 0 || exceptions == 0;
  reader.check(compact || header.slots_log < sketch.lg_k_, "table size out of range");
  for (std::uint32_t i = compact ? exceptions : 1U << header.slots_log; i > 0; --i) {
    const auto pair = reader.read_le<std::uint32_t>();
    if (pair == 0) continue;
    std::uint8_t& value = sketch.registers_[pair & (sketch.slots() - 1)];
    reader.check(value == 0xff, "exception for a register that is none");
    value = static_cast<std::uint8_t>(pair >> kAddressBits);
    --missing;
  }
  reader.check(missing == 0, "exceptions missing");
}

void HllImage::read_six_bits(ByteReader& reader, Hll& sketch) {
  for (std::uint32_t slot = 0; slot < sketch.slots(); slot += 4) {
    const std::uint32_t low = reader.read_le<std::uint16_t>();
    const std::uint32_t bits = low | static_cast<std::uint32_t>(reader.read_byte()) << 16;
    for (std::uint32_t i = 0; i < 4; ++i)
      sketch.registers_[slot + i] = static_cast<std::uint8_t>((bits >> (6 * i)) & kRegisterMax);
  }
}

void HllImage::write_header(ByteWriter& writer, const Hll& sketch, HllType type, bool compact, const Header& header) {
  writer.write_le(header.words);
  writer.write_le(kSerialVersion);
  writer.write_le(kFamily);
  writer.write_le(static_cast<std::uint8_t>(sketch.lg_k_));
  writer.write_le(header.slots_log);
  writer.write_le(static_cast<std::uint8_t>((sketch.empty() ? kEmpty : 0) | (compact ? kCompact : 0) |
                                            (sketch.out_of_order_ ? kOutOfOrder : 0)));
  writer.write_le(header.count);
  writer.write_le(static_cast<std::uint8_t>(static_cast<int>(type) << 2 | static_cast<int>(sketch.mode_)));
}

void HllImage::write_coupons(ByteWriter& writer, const Hll& sketch, HllType type, bool compact) {
  const bool list = sketch.mode_ == Hll::Mode::kList;
  const auto slots_log = static_cast<std::uint8_t>(list ? kListSlotsLog : std::countr_zero(sketch.coupons_.size()));
  write_header(writer, sketch, type, compact,
               {.words = list ? kWordsOfList : kWordsOfSet,
                .slots_log = slots_log,
                .flags = 0,
                .count = static_cast<std::uint8_t>(list ? sketch.coupon_count_ : 0)});
  if (!list) writer.write_le(sketch.coupon_count_);
  const std::size_t begin = writer.size();
  for (const std::uint32_t coupon : sketch.coupons_)
    if (!compact || coupon != 0) writer.write_le(coupon);
  const std::size_t end = begin + (std::size_t{4} << slots_log);
  if (!compact && writer.size() < end) writer.extend(end - writer.size());
}

void HllImage::write_sums(ByteWriter& writer, const Hll& sketch, std::uint32_t at_least, std::uint32_t exceptions) {
  writer.write_le(sketch.hip_);
  writer.write_le(sketch.sum_low_);
  writer.write_le(sketch.sum_high_);
  writer.write_le(at_least);
  writer.write_le(exceptions);
}

void HllImage::write_registers(ByteWriter& writer, const Hll& sketch, HllType type, bool compact) {
  if (type == HllType::kHll4) return write_four_bits(writer, sketch, compact);
  Header header{.words = kWordsOfRegisters, .slots_log = 0, .flags = 0, .count = 0};
  std::uint32_t at_least = sketch.zeros_;
  if (type == HllType::kHll8 && sketch.merged_) {
    header.count = *std::min_element(sketch.registers_.begin(), sketch.registers_.end());
    at_least = static_cast<std::uint32_t>(std::count(sketch.registers_.begin(), sketch.registers_.end(), header.count));
  }
  write_header(writer, sketch, type, false, header);  // there is one form only
  write_sums(writer, sketch, at_least, 0);
  if (type == HllType::kHll6) return write_six_bits(writer, sketch);
  writer.write(std::as_bytes(std::span(sketch.registers_)));
}

void HllImage::write_four_bits(ByteWriter& writer, const Hll& sketch, bool compact) {
  const std::vector<std::uint8_t>& registers = sketch.registers_;
  const std::uint8_t least = *std::min_element(registers.begin(), registers.end());
  Exceptions exceptions(sketch.lg_k_);
  std::vector<std::uint8_t> halves(registers.size());
  for (std::uint32_t slot = 0; slot < registers.size(); ++slot) {
    const int above = registers[slot] - least;
    halves[slot] = static_cast<std::uint8_t>(std::min<int>(above, kException));
    if (above >= kException) exceptions.add(slot, registers[slot]);
  }
  const auto table_log = static_cast<std::uint8_t>(std::countr_zero(exceptions.table().size()));
  write_header(writer, sketch, HllType::kHll4, compact,
               {.words = kWordsOfRegisters,
                .slots_log = exceptions.count() == 0 ? std::uint8_t{0} : table_log,
                .flags = 0,
                .count = least});
  write_sums(writer, sketch, static_cast<std::uint32_t>(std::count(registers.begin(), registers.end(), least)),
             exceptions.count());
  for (std::size_t slot = 0; slot < halves.size(); slot += 2)
    writer.write_le(static_cast<std::uint8_t>(halves[slot] | halves[slot + 1] << 4));
  for (const std::uint32_t pair : exceptions.table())
    if (!compact || pair != 0) writer.write_le(pair);
}

void HllImage::write_six_bits(ByteWriter& writer, const Hll& sketch) {
  const std::vector<std::uint8_t>& registers = sketch.registers_;
  for (std::size_t slot = 0; slot < registers.size(); slot += 4) {
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 4; ++i) bits |= static_cast<std::uint32_t>(registers[slot + i]) << (6 * i);
    writer.write_le(static_cast<std::uint16_t>(bits));
    writer.write_le(static_cast<std::uint8_t>(bits >> 16));
  }
  writer.extend(1);  // room for reading two bytes at the last register
}

std::string HllImage::write(const Hll& sketch, HllType type, bool compact) {
  ByteWriter writer;
  if (sketch.mode_ == Hll::Mode::kRegisters) {
    write_registers(writer, sketch, type, compact);
  } else {
    write_coupons(writer, sketch, type, compact);
  }
  const auto view = writer.view();
  return {reinterpret_cast<const char*>(view.data()), view.size()};
}

Hll Hll::parse(std::span<const std::byte> bytes) { return HllImage::read(bytes); }
std::string Hll::compact_bytes(HllType type) const { return HllImage::write(*this, type, true); }
std::string Hll::updatable_bytes(HllType type) const { return HllImage::write(*this, type, false); }

}  // namespace sarsen::engine::sketch
