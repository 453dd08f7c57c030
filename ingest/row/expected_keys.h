#pragma once
// Keys of JSON objects by their position, as they were written in the message before: rows of one source have their
// keys in the same order nearly always. Not thread-safe.

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sarsen::ingest {

class ExpectedKey {
 public:
  ExpectedKey() = default;
  ExpectedKey(std::string_view written, std::optional<std::uint32_t> number)
      : number_(number), quoted_(std::string(written) + '"') {
    if (quoted_.size() > kWordBytes) return;
    std::memcpy(words_.data(), quoted_.data(), quoted_.size());
    std::memset(masks_.data(), 0xFF, quoted_.size());
  }

  /// Of the field; nullopt where nobody asks for it.
  std::optional<std::uint32_t> number() const noexcept { return number_; }

  /// Whether the key that begins here is this one, and is closed: what stands between the quotes of a string cannot end
  /// in the middle of an escape. REQUIRES: kPaddingBytes behind the text can be read.
  bool is(const char* begin, const char* text_end) const noexcept {
    if (quoted_.size() > kWordBytes)
      return quoted_.size() <= static_cast<std::size_t>(text_end - begin) &&
             std::memcmp(begin, quoted_.data(), quoted_.size()) == 0;
    Words read;
    std::memcpy(&read, begin, sizeof read);
    return (((read[0] ^ words_[0]) & masks_[0]) | ((read[1] ^ words_[1]) & masks_[1])) == 0;
  }
  static constexpr std::size_t kPaddingBytes = 16;

 private:
  static constexpr std::size_t kWordBytes = 16;
  using Words = std::array<std::uint64_t, kWordBytes / 8>;

  std::optional<std::uint32_t> number_;
  Words words_{};
  Words masks_{};
  std::string quoted_ = "\"";  // as written, with the quote at its end
};

class ExpectedKeys {
 public:
  /// Nullptr where nothing is known of the position.
  const ExpectedKey* at(std::size_t position) const noexcept {
    return position < keys_.size() ? &keys_[position] : nullptr;
  }
  void set(std::size_t position, std::string_view written, std::optional<std::uint32_t> number) {
    if (position >= kPositionsMax) return;
    if (position >= keys_.size()) keys_.resize(position + 1);
    keys_[position] = ExpectedKey(written, number);
  }
  void clear() noexcept { keys_.clear(); }

 private:
  static constexpr std::size_t kPositionsMax = 1024;
  std::vector<ExpectedKey> keys_;
};

}  // namespace sarsen::ingest
