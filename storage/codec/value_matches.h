#pragma once
// Finds what a block of values repeats. LZ4's high compression looks at every byte and at up to hundreds of places that
// might be copied from; but in a column copies begin where values do, and how long they get can be told beforehand: in
// m values of entropy h, the longest copy of what comes next is about log2(m) / h values long. So there are a few
// tables of the places where so many bytes were seen last, for lengths around the one that is expected, and the longest
// one that knows the next bytes gives a copy that is nearly the longest there is. Where values are many (prices), parts
// of them repeat, and this is not the way to find those. Not thread-safe.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace sarsen::storage {

class ValueMatches {
 public:
  /// Bytes behind a block that may be looked at, whatever they are.
  static constexpr std::size_t kPadding = 136;

  /// For blocks of values of `value_width` bytes. REQUIRES: a power of two up to 8.
  explicit ValueMatches(std::size_t value_width) : value_width_(value_width) {}

  /// Begins a block of `size` bytes at `block`, followed by kPadding bytes. REQUIRES: 0 < size <= 65536.
  /// False: values repeat too seldom.
  bool begin(const std::byte* block, std::size_t size);

  struct Match {
    std::size_t from = 0;
    std::size_t size = 0;  // 0: nothing is known
  };
  /// What the bytes from `at` on repeat, up to the place `end`; and notes that they are there.
  Match find_and_note(std::size_t at, std::size_t end);
  /// Notes the bytes at places [begin, end) at which copies begin.
  void note(std::size_t begin, std::size_t end);
  /// The first place from `from` on at which a copy begins.
  std::size_t next_place(std::size_t from) const noexcept { return (from + value_width_ - 1) & ~(value_width_ - 1); }

 private:
  static constexpr std::size_t kKeyBytesMax = 128;
  static constexpr std::size_t kKeysMax = 6;

  /// Places by the hash of the bytes there, as many as the key is long.
  struct Key {
    std::size_t bytes = 0;
    std::vector<std::uint16_t> places = {};  // 0: none, or the first
  };
  using Slots = std::array<std::uint16_t*, kKeysMax>;

  void choose_keys(double expected);
  void add_key(std::size_t bytes);
  Slots slots_of(std::size_t at);

  std::size_t value_width_;
  const std::byte* block_ = nullptr;
  std::array<Key, kKeysMax> keys_;  // ascending
  std::size_t key_count_ = 0;
  unsigned hash_shift_ = 0;
};

}  // namespace sarsen::storage
