#include "engine/sketch/hyper_unique.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

#include "storage/base/byte_reader.h"
#include "storage/base/byte_writer.h"

namespace sarsen::engine::sketch {
namespace {

constexpr int kBuckets = 2048;
constexpr int kRange = 15;  // the largest register
constexpr std::uint16_t kDenseFrom = 128;
constexpr std::uint8_t kOffsetMax = 63;
constexpr std::size_t kHeader = 7;
constexpr std::size_t kHeaderOfVersion0 = 3;
constexpr double kTwoTo64 = 18446744073709551616.0;
constexpr double kCorrection = 0.7213 / (1 + 1.079 / kBuckets) * kBuckets * kBuckets;

double power(int exponent) noexcept { return std::ldexp(1.0, -exponent); }

double correct(double sum, int zeros) {
  const double estimate = kCorrection / sum;
  if (estimate <= 5 * kBuckets / 2.0)
    return zeros == 0 ? estimate : kBuckets * std::log(kBuckets / static_cast<double>(zeros));
  if (estimate > kTwoTo64 / 30.0) {
    const double ratio = estimate / kTwoTo64;
    return ratio >= 1 ? std::numeric_limits<double>::infinity() : -kTwoTo64 * std::log(1 - ratio);
  }
  return estimate;
}

}  // namespace

HyperUnique HyperUnique::parse(std::span<const std::byte> bytes) {
  HyperUnique parsed;
  if (bytes.empty()) return parsed;
  ByteReader reader(bytes, "hyperUnique");
  const bool version0 = bytes.size() % 3 == 0 || bytes.size() == kHeaderOfVersion0 + kPayload;
  const std::size_t header = version0 ? kHeaderOfVersion0 : kHeader;
  if (!version0) reader.skip(1);
  parsed.offset_ = reader.read_byte();
  parsed.used_ = reader.read_be<std::uint16_t>();
  if (!version0) {
    parsed.overflow_value_ = reader.read_byte();
    parsed.overflow_bucket_ = reader.read_be<std::uint16_t>();
  }
  reader.check(parsed.offset_ <= kOffsetMax, "register offset too large");
  reader.check(parsed.used_ <= kBuckets, "count of registers too large");
  reader.check(parsed.overflow_value_ <= 127 && parsed.overflow_bucket_ < kBuckets, "overflow register out of range");
  if (reader.remaining() == kPayload) {
    for (std::uint8_t& registers : parsed.payload_) registers = reader.read_byte();
    return parsed;
  }
  reader.check(reader.remaining() % 3 == 0 && reader.remaining() / 3 <= kPayload, "length fits no version");
  parsed.sparse_ = true;
  while (!reader.at_end()) {
    const auto position = reader.read_be<std::uint16_t>();
    const std::uint8_t registers = reader.read_byte();
    // Unused room at the end is zero; entries without registers mean nothing.
    reader.check(registers == 0 || (position >= header && position < header + kPayload), "register out of range");
    parsed.entries_.push_back({static_cast<std::uint16_t>(registers == 0 ? 0 : position - header), registers});
  }
  return parsed;
}

void HyperUnique::make_dense() {
  if (!sparse_) return;
  for (const Entry& entry : entries_)
    if (entry.registers != 0) payload_[entry.position] = entry.registers;
  entries_.clear();
  sparse_ = false;
}

std::uint32_t HyperUnique::place_of(const Hash128& hash) noexcept {
  const std::uint32_t bucket = __builtin_bswap16(static_cast<std::uint16_t>(hash.high >> 48)) & 0x7ff;
  const int position = hash.low == 0 ? 64 : std::countr_zero(hash.low) + 1;
  return static_cast<std::uint32_t>(position) << 16 | bucket;
}

void HyperUnique::add(std::uint16_t bucket, std::uint8_t position) noexcept {
  make_dense();
  if (position <= offset_) return;
  if (position > offset_ + kRange) {
    if (position <= overflow_value_) return;
    // The value that makes room is kept only if it fits by now.
    if (overflow_value_ <= offset_ + kRange) add(overflow_bucket_, overflow_value_);
    overflow_value_ = position;
    overflow_bucket_ = bucket;
    return;
  }
  set_register(bucket, static_cast<std::uint8_t>(position - offset_));
  if (used_ == kBuckets) raise_offset();
}

void HyperUnique::set_register(std::uint16_t bucket, std::uint8_t value) noexcept {
  std::uint8_t& registers = payload_[bucket >> 1];
  const int shift = bucket % 2 == 0 ? 4 : 0;
  const int old = (registers >> shift) & 0xf;
  if (old == 0) ++used_;
  if (value > old) registers = static_cast<std::uint8_t>((registers & ~(0xf << shift)) | (value << shift));
}

void HyperUnique::raise_offset() noexcept {
  ++offset_;
  used_ = 0;
  for (std::uint8_t& registers : payload_) {
    registers = static_cast<std::uint8_t>(registers - 0x11);
    used_ = static_cast<std::uint16_t>(used_ + ((registers & 0xf0) != 0) + ((registers & 0x0f) != 0));
  }
}

void HyperUnique::fold_byte(std::size_t position, std::uint8_t registers, int difference) noexcept {
  if (registers == 0) return;
  std::uint8_t& mine = payload_[position];
  const int high = std::max(mine >> 4, (registers >> 4) - difference);
  const int low = std::max(mine & 0xf, (registers & 0xf) - difference);
  used_ = static_cast<std::uint16_t>(used_ + ((mine & 0xf0) == 0 && high > 0) + ((mine & 0x0f) == 0 && low > 0));
  mine = static_cast<std::uint8_t>(high << 4 | low);
}

void HyperUnique::fold(HyperUnique other) {
  make_dense();
  if (offset_ < other.offset_) {
    std::swap(*this, other);
    make_dense();
  }
  const int difference = offset_ - other.offset_;
  if (other.sparse_) {
    for (const Entry& entry : other.entries_) fold_byte(entry.position, entry.registers, difference);
  } else {
    for (std::size_t i = 0; i < kPayload; ++i) fold_byte(i, other.payload_[i], difference);
  }
  if (used_ == kBuckets) raise_offset();
  add(other.overflow_bucket_, other.overflow_value_);
}

void HyperUnique::add_to(Sum& sum, std::uint8_t registers, bool overflowed) const noexcept {
  int high = (registers >> 4) + offset_;
  int low = (registers & 0xf) + offset_;
  if (!overflowed) {
    sum.zeros += ((registers & 0xf0) == 0) + ((registers & 0x0f) == 0);
  } else {
    // Druid masks the values here as if they were still halves of a byte.
    int& raised = overflow_bucket_ % 2 == 0 ? high : low;
    raised = std::max(raised, static_cast<int>(overflow_value_));
    sum.zeros += ((high & 0xf0) == 0) + ((low & 0x0f) == 0);
  }
  sum.powers += power(high) + power(low);
}

double HyperUnique::estimate_dense() const {
  Sum sum;
  for (std::size_t i = 0; i < kPayload; ++i)
    add_to(sum, payload_[i], overflow_value_ != 0 && i == static_cast<std::size_t>(overflow_bucket_ >> 1));
  return correct(sum.powers, sum.zeros);
}

double HyperUnique::estimate_sparse() const {
  Sum sum;
  sum.zeros = kBuckets - 2 * static_cast<int>(entries_.size());
  for (const Entry& entry : entries_) {
    // Druid compares the stored position, header included, with the bucket's.
    const std::size_t stored = entry.registers == 0 ? 0 : entry.position + kHeader;
    add_to(sum, entry.registers, overflow_value_ != 0 && stored == static_cast<std::size_t>(overflow_bucket_ >> 1));
  }
  return correct(sum.powers + sum.zeros, sum.zeros);
}

double HyperUnique::estimate() const { return sparse_ ? estimate_sparse() : estimate_dense(); }

std::string HyperUnique::bytes() const {
  ByteWriter writer;
  writer.write_be<std::uint8_t>(1);
  writer.write_be(offset_);
  writer.write_be(used_);
  writer.write_be(overflow_value_);
  writer.write_be(overflow_bucket_);
  const auto write_entry = [&](std::size_t position, std::uint8_t registers) {
    writer.write_be(static_cast<std::uint16_t>(registers == 0 ? 0 : position + kHeader));
    writer.write_be(registers);
  };
  if (sparse_) {
    for (const Entry& entry : entries_) write_entry(entry.position, entry.registers);
  } else if (used_ >= kDenseFrom) {
    writer.write(std::as_bytes(std::span(payload_)));
  } else {
    for (std::size_t i = 0; i < kPayload; ++i)
      if (payload_[i] != 0) write_entry(i, payload_[i]);
    // Druid makes room for one entry per register, also where two share a byte.
    const std::size_t size = kHeader + 3 * static_cast<std::size_t>(used_);
    if (size > writer.size()) writer.extend(size - writer.size());
  }
  const auto view = writer.view();
  return {reinterpret_cast<const char*>(view.data()), view.size()};
}

}  // namespace sarsen::engine::sketch
