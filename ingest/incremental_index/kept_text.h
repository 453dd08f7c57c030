#pragma once
// A text of a growing dictionary, or null, in 16 bytes: up to twelve bytes lie within, so that most values are compared
// without a look elsewhere; of longer ones the first four do, and the whole where they are kept.

#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

namespace sarsen::ingest {

class KeptText {
 public:
  static constexpr std::size_t kInlineMax = 12;

  KeptText() = default;  // says nothing
  static KeptText null() noexcept { return KeptText(kNullSize); }
  /// REQUIRES: a longer text than kInlineMax stays where it is. Texts are shorter than 2^32 - 1 bytes.
  static KeptText of(std::string_view text) noexcept {
    KeptText kept(static_cast<std::uint32_t>(text.size()));
    if (text.empty()) return kept;
    std::memcpy(kept.bytes_, text.data(), text.size() <= kInlineMax ? text.size() : kPrefixBytes);
    if (text.size() <= kInlineMax) return kept;
    const char* data = text.data();
    std::memcpy(kept.bytes_ + kPrefixBytes, &data, sizeof data);
    return kept;
  }

  /// Good as long as this stays where it is.
  std::optional<std::string_view> view() const noexcept {
    if (size_ == kNullSize) return std::nullopt;
    return std::string_view(size_ <= kInlineMax ? bytes_ : data(), size_);
  }

  bool is(std::optional<std::string_view> value) const noexcept {
    if (!value) return size_ == kNullSize;
    if (size_ != value->size()) return false;
    if (size_ <= kInlineMax) return size_ == 0 || std::memcmp(bytes_, value->data(), size_) == 0;
    return std::memcmp(bytes_, value->data(), kPrefixBytes) == 0 && std::memcmp(data(), value->data(), size_) == 0;
  }

 private:
  static constexpr std::uint32_t kNullSize = UINT32_MAX;
  static constexpr std::size_t kPrefixBytes = kInlineMax - sizeof(const char*);

  explicit KeptText(std::uint32_t size) noexcept : size_(size) {}

  const char* data() const noexcept {
    const char* data = nullptr;
    std::memcpy(&data, bytes_ + kPrefixBytes, sizeof data);
    return data;
  }

  std::uint32_t size_;
  char bytes_[kInlineMax];
};

static_assert(sizeof(KeptText) == 16);

}  // namespace sarsen::ingest
