#pragma once
// The one place where bytes that somebody else wrote become numbers. A ByteReader walks a span; every read is proven
// against what remains, and a read past the end throws kRuntimeFailure that names the part: "truncated: offset table".
// Byte order is stated by the name of the call; no alignment is assumed. Thread safety: a value, free to copy.

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "storage/base/check.h"

namespace sarsen {

namespace detail {

template <std::size_t kSize>
struct UnsignedOfSize;
template <>
struct UnsignedOfSize<1> {
  using Type = std::uint8_t;
  static Type swap(Type value) noexcept { return value; }
};
template <>
struct UnsignedOfSize<2> {
  using Type = std::uint16_t;
  static Type swap(Type value) noexcept { return __builtin_bswap16(value); }
};
template <>
struct UnsignedOfSize<4> {
  using Type = std::uint32_t;
  static Type swap(Type value) noexcept { return __builtin_bswap32(value); }
};
template <>
struct UnsignedOfSize<8> {
  using Type = std::uint64_t;
  static Type swap(Type value) noexcept { return __builtin_bswap64(value); }
};

}  // namespace detail

template <class T>
concept WireNumber = std::is_arithmetic_v<T> && !std::same_as<T, bool> && sizeof(T) <= 8;

/// Loads a T that starts at `bytes`, written with byte order `order`. REQUIRES: sizeof(T) readable bytes.
template <WireNumber T, std::endian order>
T load(const std::byte* bytes) noexcept {
  using Unsigned = detail::UnsignedOfSize<sizeof(T)>;
  typename Unsigned::Type raw;
  std::memcpy(&raw, bytes, sizeof(raw));
  if constexpr (order != std::endian::native) raw = Unsigned::swap(raw);
  return std::bit_cast<T>(raw);
}

template <WireNumber T>
T load_be(const std::byte* bytes) noexcept {
  return load<T, std::endian::big>(bytes);
}

template <WireNumber T>
T load_le(const std::byte* bytes) noexcept {
  return load<T, std::endian::little>(bytes);
}

class ByteReader {
 public:
  ByteReader() = default;
  /// `bytes` must outlive the reader; `what` (static text) names them in complaints.
  explicit ByteReader(std::span<const std::byte> bytes, const char* what = "bytes") : bytes_(bytes), what_(what) {}

  std::size_t position() const noexcept { return position_; }
  std::size_t remaining() const noexcept { return bytes_.size() - position_; }
  bool at_end() const noexcept { return position_ == bytes_.size(); }
  const char* what() const noexcept { return what_; }

  template <WireNumber T>
  T read_be() {
    return load_be<T>(take(sizeof(T)));
  }
  template <WireNumber T>
  T read_le() {
    return load_le<T>(take(sizeof(T)));
  }
  std::uint8_t read_byte() { return std::to_integer<std::uint8_t>(*take(1)); }

  /// The next `count` bytes, as a view into the span.
  std::span<const std::byte> bytes(std::size_t count) { return {take(count), count}; }
  /// The next `count` bytes as text; UTF-8 is not checked.
  std::string_view text(std::size_t count) {
    const std::span<const std::byte> view = bytes(count);
    return {reinterpret_cast<const char*>(view.data()), view.size()};
  }
  /// All that remains; the reader is then at its end.
  std::span<const std::byte> rest() { return bytes(remaining()); }

  void skip(std::size_t count) { take(count); }
  /// Moves to an absolute position, forwards or backwards.
  void seek(std::size_t position) {
    if (position > bytes_.size()) [[unlikely]]
      fail();
    position_ = position;
  }

  /// A reader over the next `count` bytes, which this one skips.
  ByteReader reader(std::size_t count, const char* what) { return ByteReader(bytes(count), what); }

  /// Throws "<what>: <problem>" unless `valid`.
  void check(bool valid, const char* problem) const {
    if (!valid) [[unlikely]]
      throw Error(ErrorCategory::kRuntimeFailure, std::string(what_) + ": " + problem);
  }

 private:
  const std::byte* take(std::size_t count) {
    if (count > remaining()) [[unlikely]]
      fail();
    const std::byte* begin = bytes_.data() + position_;
    position_ += count;
    return begin;
  }

  [[noreturn]] void fail() const { throw Error(ErrorCategory::kRuntimeFailure, std::string("truncated: ") + what_); }

  std::span<const std::byte> bytes_;
  std::size_t position_ = 0;
  const char* what_ = "bytes";
};

}  // namespace sarsen
