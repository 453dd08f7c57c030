#pragma once
// A text, or null, in 16 bytes: up to twelve bytes lie within, so that most values are compared
// and hashed as two words, without a look elsewhere; of longer ones the first four do, and the whole where they are
// kept.

#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

namespace sarsen::storage {

class KeptText {
 public:
  static constexpr std::size_t kInlineMax = 12;

  KeptText() = default;  // says nothing
  static KeptText null() noexcept { return KeptText(0, std::uint64_t{kNullSize} << 32); }
  /// REQUIRES: a longer text than kInlineMax stays where it is. Texts are shorter than 2^32 - 1 bytes.
  static KeptText of(std::string_view text) noexcept {
    const std::uint64_t size = std::uint64_t{text.size()} << 32;
    const char* bytes = text.data();
    if (text.size() > kInlineMax) return KeptText(std::bit_cast<std::uint64_t>(bytes), size | word(bytes));
    if (text.size() >= 8) return KeptText(long_word(bytes), size | last_of_twelve(bytes, text.size()));
    return KeptText(few(bytes, text.size()), size);
  }
  static KeptText of(std::optional<std::string_view> text) noexcept { return text ? of(*text) : null(); }

  /// Whether it is a text that lies elsewhere.
  bool is_long() const noexcept { return size() > kInlineMax && size() != kNullSize; }
  /// REQUIRES: is_long().
  std::string_view long_view() const noexcept { return {data(), size()}; }
  /// Whether all of it lies within.
  bool is_short() const noexcept { return size() <= kInlineMax; }
  std::uint64_t first_word() const noexcept { return first_; }
  std::uint64_t second_word() const noexcept { return second_; }

  /// Good as long as this stays where it is.
  std::optional<std::string_view> view() const noexcept {
    if (size() == kNullSize) return std::nullopt;
    return std::string_view(is_short() ? reinterpret_cast<const char*>(this) : data(), size());
  }

  friend bool operator==(const KeptText& left, const KeptText& right) noexcept {
    if (left.second_ != right.second_) return false;
    if (left.first_ == right.first_) return true;
    return !left.is_short() && std::memcmp(left.data(), right.data(), left.size()) == 0;
  }

 private:
  static constexpr std::uint32_t kNullSize = UINT32_MAX;

  KeptText(std::uint64_t first, std::uint64_t second) noexcept : first_(first), second_(second) {}

  static std::uint64_t long_word(const char* bytes) noexcept {
    std::uint64_t word;
    std::memcpy(&word, bytes, sizeof word);
    return word;
  }
  static std::uint64_t word(const char* bytes) noexcept {
    std::uint32_t word;
    std::memcpy(&word, bytes, sizeof word);
    return word;
  }
  static std::uint64_t byte(const char* bytes) noexcept { return static_cast<unsigned char>(*bytes); }

  /// Bytes 8 to 11 of a text of 8 to 12, zero where it has none.
  static std::uint64_t last_of_twelve(const char* bytes, std::size_t size) noexcept {
    return word(bytes + size - 4) >> 8 * (kInlineMax - size);
  }
  /// All bytes of a text shorter than eight, some read twice.
  static std::uint64_t few(const char* bytes, std::size_t size) noexcept {
    if (size >= 4) return word(bytes) | word(bytes + size - 4) << 8 * (size - 4);
    if (size == 0) return 0;
    return byte(bytes) | byte(bytes + size / 2) << 8 * (size / 2) | byte(bytes + size - 1) << 8 * (size - 1);
  }

  std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(second_ >> 32); }
  const char* data() const noexcept { return std::bit_cast<const char*>(first_); }

  std::uint64_t first_;   // bytes 0 to 7, or where a longer text is
  std::uint64_t second_;  // bytes 8 to 11, or 0 to 3 of a longer text; above them the size
};

static_assert(sizeof(KeptText) == 16 && std::endian::native == std::endian::little);

}  // namespace sarsen::storage
