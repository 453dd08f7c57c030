#include "storage/codec/value_matches.h"

#include <algorithm>
#include <cmath>

#include "storage/base/check.h"
#include "storage/codec/lz4_sequences.h"

namespace sarsen::storage {
namespace {

constexpr std::uint64_t kMultiplier = 0x9E3779B97F4A7C15;

/// Lengths of keys, of the length of copies that is expected.
constexpr double kKeyLengths[] = {0.5, 0.8, 1.0, 1.25};

/// Copies must be expected to have so many bytes, and values: with fewer, LZ4's high compression is better.
constexpr double kBytesMin = 5.5;
constexpr double kValuesMin = 2.25;

std::uint64_t load_word(const std::byte* at) noexcept {
  std::uint64_t word;
  std::memcpy(&word, at, sizeof(word));
  return word;
}

/// Mixes `count` bytes into a hash, whose upper bits are the good ones.
std::uint64_t mixed(std::uint64_t hash, const std::byte* at, std::size_t count) noexcept {
  for (; count > 8; count -= 8, at += 8) hash = (std::rotl(hash, 32) ^ load_word(at)) * kMultiplier;
  return (std::rotl(hash, 32) ^ (load_word(at) & ~std::uint64_t{0} >> (64 - 8 * count))) * kMultiplier;
}

/// Bytes that are equal from both places on.
std::size_t common_bytes(const std::byte* left, const std::byte* right, std::size_t count_max) noexcept {
  std::size_t count = 0;
  for (; count + 8 <= count_max; count += 8)
    if (const std::uint64_t difference = load_word(left + count) ^ load_word(right + count); difference != 0)
      return count + static_cast<std::size_t>(std::countr_zero(difference)) / 8;
  while (count < count_max && left[count] == right[count]) ++count;
  return count;
}

/// How many values long the longest copies get: the collision entropy of the values decides that, not Shannon's.
double expected_length(const std::byte* values, std::size_t count, std::size_t width) {
  constexpr unsigned kCounterBits = 12;
  std::array<std::uint32_t, 1 << kCounterBits> counters{};
  std::uint64_t pairs = 0;  // of equal values: the sum of the counters' squares
  for (std::size_t i = 0; i < count; ++i) {
    std::uint32_t& counter = counters[mixed(0, values + i * width, width) >> (64 - kCounterBits)];
    pairs += 2 * counter++ + 1;
  }
  const double all_different = std::log2(static_cast<double>(count));
  const double entropy = 2 * all_different - std::log2(static_cast<double>(pairs));
  return all_different / std::max(entropy, 0.25);
}

}  // namespace

bool ValueMatches::begin(const std::byte* block, std::size_t size) {
  DCHECK(size > 0 && size <= 65536);
  const std::size_t count = std::max<std::size_t>(size / value_width_, 1);
  const double expected = expected_length(block, count, value_width_);
  if (expected < std::max(kValuesMin, kBytesMin / static_cast<double>(value_width_))) return false;
  block_ = block;
  choose_keys(expected);
  hash_shift_ = 64 - std::clamp(static_cast<unsigned>(std::bit_width(count)), 8U, 16U);
  for (std::size_t i = 0; i < key_count_; ++i) keys_[i].places.assign(std::size_t{1} << (64 - hash_shift_), 0);
  return true;
}

void ValueMatches::add_key(std::size_t bytes) {
  if (key_count_ != 0 && bytes <= keys_[key_count_ - 1].bytes) return;
  keys_[key_count_++].bytes = bytes;
}

void ValueMatches::choose_keys(double expected) {
  key_count_ = 0;
  add_key(kLz4CopyBytesMin);
  if (value_width_ > kLz4CopyBytesMin) add_key(value_width_);
  const std::size_t longest = kKeyBytesMax / value_width_;
  for (const double length : kKeyLengths) {
    const auto values = static_cast<std::size_t>(std::lround(expected * length));
    add_key(value_width_ * std::clamp<std::size_t>(values, 1, longest));
  }
}

ValueMatches::Slots ValueMatches::slots_of(std::size_t at) {
  Slots slots;
  std::uint64_t hash = 0;
  std::size_t done = 0;
  for (std::size_t i = 0; i < key_count_; ++i) {
    hash = mixed(hash, block_ + at + done, keys_[i].bytes - done);
    done = keys_[i].bytes;
    slots[i] = &keys_[i].places[hash >> hash_shift_];
  }
  return slots;
}

ValueMatches::Match ValueMatches::find_and_note(std::size_t at, std::size_t end) {
  const Slots slots = slots_of(at);
  Match best;
  for (std::size_t i = key_count_; i-- > 0;) {
    const std::size_t from = *slots[i];
    if (best.size >= keys_[i].bytes || from >= at) continue;
    const std::size_t size = common_bytes(block_ + from, block_ + at, end - at);
    if (size > best.size) best = {from, size};
  }
  for (std::size_t i = 0; i < key_count_; ++i) *slots[i] = static_cast<std::uint16_t>(at);
  return best.size < kLz4CopyBytesMin ? Match{} : best;
}

void ValueMatches::note(std::size_t begin, std::size_t end) {
  for (std::size_t at = next_place(begin); at < end; at = next_place(at + 1)) {
    const Slots slots = slots_of(at);
    for (std::size_t i = 0; i < key_count_; ++i) *slots[i] = static_cast<std::uint16_t>(at);
  }
}

}  // namespace sarsen::storage
