#include "storage/growing/text_hash.h"

#include <cstring>
#include <random>

namespace sarsen::storage {
namespace {

constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15;

std::uint64_t random_word() {
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

std::uint64_t load(const char* bytes) noexcept {
  std::uint64_t word;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

std::uint64_t mix(std::uint64_t state, const char* first, const char* second) noexcept {
  return folded(load(first) ^ state, load(second) ^ kTextHashSeeds[1]);
}

}  // namespace

const std::array<std::uint64_t, 2> kTextHashSeeds = {random_word(), random_word()};

std::uint64_t long_text_hash(std::string_view text) noexcept {
  const char* bytes = text.data();
  std::size_t left = text.size();
  std::uint64_t state = kTextHashSeeds[0] ^ left * kOdd;
  for (; left > 16; left -= 16, bytes += 16) state = mix(state, bytes, bytes + 8);
  const char* end = bytes + left;  // the last words may hold bytes that were mixed before
  return left > 8 ? mix(state, bytes, end - 8) : mix(state, end - 12, end - 8);
}

}  // namespace sarsen::storage
