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

constexpr std::array<std::uint32_t, 10> kCounts = {0,          1,          0xff,       0x7fff,     0xffff,
                                                   0x00ffffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff};

void put_count(std::string& text, std::size_t begin, std::uint32_t count, bool big_endian) {
  for (unsigned i = 0; i < 4; ++i) {
    const unsigned shift = big_endian ? 24 - 8 * i : 8 * i;
    text[begin + i] = static_cast<char>((count >> shift) & 0xff);
  }
}

void set_count(Random& random, std::string& text) {
  if (text.size() < 4) return flip_bit(random, text);
  const std::size_t begin = below(random, text.size() - 3);
  const std::uint32_t count = kCounts[below(random, kCounts.size())];
  put_count(text, begin, count, below(random, 2) == 0);
}

// A small count a little too large or too small, or twice as large: what limits of whole files do not catch.
void nudge_count(Random& random, std::string& text) {
  const std::size_t position = below(random, text.size());
  const auto value = static_cast<unsigned char>(text[position]);
  const std::array<unsigned, 4> nudged = {value + 1U, value - 1U, value * 2U, value / 2U};
  text[position] = static_cast<char>(nudged[below(random, nudged.size())]);
}

void fill_run(Random& random, std::string& text) {
  constexpr std::string_view kFillings("\x00\xff\x7f\x80", 4);
  const std::size_t begin = below(random, text.size());
  const std::size_t size = piece_length(random, text, begin);
  text.replace(begin, size, size, kFillings[below(random, kFillings.size())]);
}

void swap_pieces(Random& random, std::string& text) {
  const std::size_t half = text.size() / 2;
  if (half == 0) return flip_bit(random, text);
  const std::size_t left = below(random, half);
  const std::size_t size = 1 + below(random, std::min(kPieceBytesMax, half - left));
  const std::size_t right = half + below(random, text.size() - half - size + 1);
  std::swap_ranges(text.begin() + static_cast<std::ptrdiff_t>(left),
                   text.begin() + static_cast<std::ptrdiff_t>(left + size),
                   text.begin() + static_cast<std::ptrdiff_t>(right));
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

constexpr std::array kChanges = {flip_bit, set_byte,  set_count,    nudge_count,     fill_run,
                                 cut_end,  cut_piece, double_piece, overwrite_piece, swap_pieces};

}  // namespace

std::string mutate(std::string_view seed, std::uint64_t number, std::size_t changes_max) {
  Random random(number);
  std::string text(seed);
  for (std::size_t changes = 1 + below(random, changes_max); changes > 0 && !text.empty(); --changes)
    kChanges[below(random, kChanges.size())](random, text);
  return text;
}

}  // namespace sarsen
