#include "ingest/incremental_index/text_hash.h"

#include <cstring>
#include <random>

namespace sarsen::ingest {
namespace {

constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15;

std::uint64_t random_word() {
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

/// Both are secret: a text that knew the second could make a factor zero, and the rest of it count for nothing.
const std::uint64_t kSeeds[] = {random_word(), random_word()};

template <class Word>
std::uint64_t load(const char* bytes) noexcept {
  Word word;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

std::uint64_t fold(std::uint64_t left, std::uint64_t right) noexcept {
  __extension__ using Product = unsigned __int128;
  const Product product = Product{left} * right;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

std::uint64_t mix(std::uint64_t state, std::uint64_t first, std::uint64_t second) noexcept {
  return fold(first ^ state, second ^ kSeeds[1]);
}

/// Of up to eight bytes: all of them, some perhaps twice.
std::uint64_t few(const char* bytes, std::size_t size) noexcept {
  if (size >= 4) return load<std::uint32_t>(bytes) << 32 | load<std::uint32_t>(bytes + size - 4);
  if (size == 0) return 0;
  const auto byte = [bytes](std::size_t i) { return std::uint64_t{static_cast<unsigned char>(bytes[i])}; };
  return byte(0) << 16 | byte(size / 2) << 8 | byte(size - 1);
}

}  // namespace

std::uint64_t text_hash(std::string_view text) noexcept {
  const char* bytes = text.data();
  std::size_t left = text.size();
  std::uint64_t state = kSeeds[0] ^ left * kOdd;
  for (; left > 16; left -= 16, bytes += 16)
    state = mix(state, load<std::uint64_t>(bytes), load<std::uint64_t>(bytes + 8));
  if (left <= 8) return mix(state, few(bytes, left), 0);
  return mix(state, load<std::uint64_t>(bytes), load<std::uint64_t>(bytes + left - 8));
}

}  // namespace sarsen::ingest
