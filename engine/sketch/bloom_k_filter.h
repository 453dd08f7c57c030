#pragma once
// Bloom filters as Hive's BloomKFilter and Druid's bloom aggregator and filter have them: one hash chooses a block of
// eight words, further ones a bit each inside. Sized for one false positive in twenty. Not thread-safe.
//
// Bytes, big-endian: u8 number of bits set for a value, i32 number of words, the words.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sarsen::engine::sketch {

class BloomKFilter {
 public:
  static constexpr std::int64_t kEntriesDefault = 1500;
  static constexpr std::int64_t kEntriesMax = 1 << 28;

  /// REQUIRES: 0 < entries <= kEntriesMax.
  explicit BloomKFilter(std::int64_t entries);
  /// Throws kRuntimeFailure.
  static BloomKFilter parse(std::span<const std::byte> bytes);

  // What values hash to.
  static std::uint64_t hash(std::string_view text) noexcept;
  static std::uint64_t hash(std::int64_t value) noexcept;
  static std::uint64_t hash(double value) noexcept;
  static std::uint64_t hash(float value) noexcept;
  static constexpr std::uint64_t kNullHash = 2862933555777941757U;

  void add(std::uint64_t hash) noexcept;
  bool test(std::uint64_t hash) const noexcept;
  /// Throws kInvalidInput for a filter of another size.
  void merge(const BloomKFilter& other);

  std::string bytes() const;

  /// All that it holds (sketch_fields.h).
  template <class Fields>
  void fields(Fields& each) {
    each(bits_, words_);
  }
  template <class Fields>
  void fields(Fields& each) const {
    each(bits_, words_);
  }

 private:
  BloomKFilter() = default;
  template <class Visit>
  void each_bit(std::uint64_t hash, Visit visit) const noexcept;

  std::uint8_t bits_ = 0;  // set for a value
  std::vector<std::uint64_t> words_;
};

}  // namespace sarsen::engine::sketch
