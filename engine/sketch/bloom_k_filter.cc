#include "engine/sketch/bloom_k_filter.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <numbers>

#include "storage/base/byte_reader.h"
#include "storage/base/byte_writer.h"
#include "storage/base/error.h"

namespace sarsen::engine::sketch {
namespace {

constexpr double kFalsePositives = 0.05F;
constexpr std::size_t kBlockWords = 8;
constexpr std::uint64_t kSeed = 104729;
constexpr std::uint64_t kFirst = 0x87c37b91114253d5;
constexpr std::uint64_t kSecond = 0x4cf5ad432745937f;

// Hive's 64-bit Murmur3: half of the 128-bit one.

std::uint64_t scrambled(std::uint64_t block) noexcept { return std::rotl(block * kFirst, 31) * kSecond; }

std::uint64_t mixed(std::uint64_t hash, std::uint64_t block) noexcept {
  return std::rotl(hash ^ scrambled(block), 27) * 5 + 0x52dce729;
}

std::uint64_t finished(std::uint64_t hash, std::size_t size) noexcept {
  hash ^= size;
  hash = (hash ^ hash >> 33) * 0xff51afd7ed558ccd;
  hash = (hash ^ hash >> 33) * 0xc4ceb9fe1a85ec53;
  return hash ^ hash >> 33;
}

std::int32_t positive(std::uint32_t hash) noexcept {
  const auto value = static_cast<std::int32_t>(hash);
  return value < 0 ? ~value : value;
}

}  // namespace

BloomKFilter::BloomKFilter(std::int64_t entries) {
  const auto expected = static_cast<double>(entries);
  const auto bits =
      static_cast<std::int64_t>(-expected * std::log(kFalsePositives) / (std::numbers::ln2 * std::numbers::ln2));
  const double set = std::floor(static_cast<double>(bits) / expected * std::numbers::ln2 + 0.5);
  bits_ = static_cast<std::uint8_t>(std::max(1.0, set));
  const auto words = static_cast<std::size_t>((bits + 63) / 64);
  words_.resize(words + kBlockWords - words % kBlockWords);
}

BloomKFilter BloomKFilter::parse(std::span<const std::byte> bytes) {
  ByteReader reader(bytes, "bloom filter");
  BloomKFilter parsed;
  parsed.bits_ = reader.read_byte();
  const auto words = reader.read_be<std::int32_t>();
  reader.check(words > 0 && words % static_cast<std::int32_t>(kBlockWords) == 0, "number of words out of range");
  reader.check(static_cast<std::size_t>(words) * 8 <= reader.remaining(), "fewer words than said");
  for (std::int32_t i = 0; i < words; ++i) parsed.words_.push_back(reader.read_be<std::uint64_t>());
  return parsed;
}

std::uint64_t BloomKFilter::hash(std::string_view text) noexcept {
  std::uint64_t hash = kSeed;
  std::size_t position = 0;
  for (; position + 8 <= text.size(); position += 8) {
    std::uint64_t block;
    std::memcpy(&block, text.data() + position, 8);
    hash = mixed(hash, block);
  }
  if (position < text.size()) {
    std::uint64_t rest = 0;
    std::memcpy(&rest, text.data() + position, text.size() - position);
    hash ^= scrambled(rest);
  }
  return finished(hash, text.size());
}

std::uint64_t BloomKFilter::hash(std::int64_t value) noexcept {
  return finished(mixed(kSeed, __builtin_bswap64(static_cast<std::uint64_t>(value))), sizeof value);
}

std::uint64_t BloomKFilter::hash(double value) noexcept {
  return hash(value != value ? std::int64_t{0x7ff8000000000000} : std::bit_cast<std::int64_t>(value));
}

std::uint64_t BloomKFilter::hash(float value) noexcept {
  const std::uint32_t bits = value != value ? 0x7fc00000U : std::bit_cast<std::uint32_t>(value);
  return hash(std::string_view(reinterpret_cast<const char*>(&bits), sizeof bits));
}

/// Calls visit(word, bit) for each bit of a value until it returns false.
template <class Visit>
void BloomKFilter::each_bit(std::uint64_t hash, Visit visit) const noexcept {
  const auto low = static_cast<std::uint32_t>(hash);
  const auto high = static_cast<std::uint32_t>(hash >> 32);
  const auto blocks = static_cast<std::int32_t>(words_.size() / kBlockWords);
  const auto block = static_cast<std::size_t>(positive(low + high) % blocks) * kBlockWords;
  for (std::uint32_t i = 1; i <= bits_; ++i) {
    const std::int32_t combined = positive(low + (i + 1) * high);
    const std::size_t word = block + (static_cast<std::uint32_t>(combined) & (kBlockWords - 1));
    if (!visit(word, std::uint64_t{1} << (combined >> 3 & 63))) return;
  }
}

void BloomKFilter::add(std::uint64_t hash) noexcept {
  each_bit(hash, [&](std::size_t word, std::uint64_t bit) {
    words_[word] |= bit;
    return true;
  });
}

bool BloomKFilter::test(std::uint64_t hash) const noexcept {
  bool all = true;
  each_bit(hash, [&](std::size_t word, std::uint64_t bit) { return all = (words_[word] & bit) != 0; });
  return all;
}

void BloomKFilter::merge(const BloomKFilter& other) {
  if (bits_ != other.bits_ || words_.size() != other.words_.size())
    throw Error(ErrorCategory::kInvalidInput, "Bloom filters of different sizes cannot be merged");
  for (std::size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
}

std::string BloomKFilter::bytes() const {
  ByteWriter out;
  out.write_be(bits_);
  out.write_be(static_cast<std::int32_t>(words_.size()));
  for (const std::uint64_t word : words_) out.write_be(word);
  return {reinterpret_cast<const char*>(out.view().data()), out.view().size()};
}

}  // namespace sarsen::engine::sketch
