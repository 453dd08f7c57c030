#include "tests/fuzz/mutation.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <random>

namespace sarsen {
namespace {

using Random = std::mt19937_64;

// The remainder is not quite even, but the same everywhere, which std::uniform_int_distribution is not.
std::size_t below(Random& random, std::size_t bound) {
  return bound == 0 ? 0 : static_cast<std::size_t>(random() % bound);
}

constexpr std::size_t kPieceBytesMax = 64;

std::size_t piece_length(Random& random, const std::string& text, std::size_t begin) {
  return 1 + below(random, std::min(kPieceBytesMax, text.size() - begin));
}

void flip_bit(Random& random, std::string& text) {
  char& byte = text[below(random, text.size())];
  byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1U << below(random, 8)));
}

void set_byte(Random& random, std::string& text) {
  constexpr std::string_view kBytes("\x00\x01\x7f\x80\xff\"\\{}[],:0-9e", 18);
  text[below(random, text.size())] = kBytes[below(random, kBytes.size())];
}

void set_count(Random& random, std::string& text) {
  constexpr std::array<std::uint32_t, 8> kCounts = {0, 1, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff};
  if (text.size() < 4) return flip_bit(random, text);
  const std::size_t begin = below(random, text.size() - 3);
  const std::uint32_t count = kCounts[below(random, kCounts.size())];
  for (unsigned i = 0; i < 4; ++i) text[begin + i] = static_cast<char>((count >> (24 - 8 * i)) & 0xff);
}

void cut_end(Random& random, std::string& text) { text.resize(below(random, text.size())); }

void cut_piece(Random& random, std::string& text) {
  const std::size_t begin = below(random, text.size());
  text.erase(begin, piece_length(random, text, begin));
}

void double_piece(Random& random, std::string& text) {
  const std::size_t begin = below(random, text.size());
  const std::string piece = text.substr(begin, piece_length(random, text, begin));
  text.insert(below(random, text.size()), piece);
}

void overwrite_piece(Random& random, std::string& text) {
  const std::size_t from = below(random, text.size());
  const std::string piece = text.substr(from, piece_length(random, text, from));
  const std::size_t to = below(random, text.size());
  text.replace(to, std::min(piece.size(), text.size() - to), piece);
}

constexpr std::array kChanges = {flip_bit, set_byte, set_count, cut_end, cut_piece, double_piece, overwrite_piece};

}  // namespace

std::string mutate(std::string_view seed, std::uint64_t number) {
  Random random(number);
  std::string text(seed);
  for (std::size_t changes = 1 + below(random, 4); changes > 0 && !text.empty(); --changes)
    kChanges[below(random, kChanges.size())](random, text);
  return text;
}

}  // namespace sarsen
