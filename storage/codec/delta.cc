// Distances from a base: u8 version 1, i64 BE base, i32 BE bits per value; then packed integers.
#include <algorithm>
#include <array>

#include "storage/codec/long_encoding.h"
#include "storage/codec/packed_integers.h"

namespace sarsen::storage {

namespace {

constexpr std::uint8_t kVersion = 1;

class DeltaEncoding final : public LongEncoding {
 public:
  DeltaEncoding(std::int64_t base, std::uint32_t bits) : base_(base), bits_(bits) {}

  std::uint32_t bits_per_value() const noexcept override { return bits_; }
  std::string name() const override { return "delta of " + std::to_string(bits_) + " bits"; }

  void decode(const std::byte* block, std::size_t first, std::size_t count, std::int64_t* out) const override {
    std::array<std::uint64_t, 256> packed;
    const auto base = static_cast<std::uint64_t>(base_);  // the sum wraps, as Java's does
    for (std::size_t done = 0; done < count;) {
      const std::size_t step = std::min(count - done, packed.size());
      decode_packed(block, bits_, first + done, step, packed.data());
      for (std::size_t i = 0; i < step; ++i) out[done + i] = static_cast<std::int64_t>(base + packed[i]);
      done += step;
    }
  }

 private:
  std::int64_t base_;
  std::uint32_t bits_;
};

}  // namespace

std::unique_ptr<LongEncoding> read_delta_encoding(ByteReader& reader) {
  reader.check(reader.read_byte() == kVersion, "unknown version of delta encoding");
  const std::int64_t base = reader.read_be<std::int64_t>();
  const std::uint32_t bits = reader.read_be<std::uint32_t>();
  reader.check(is_packed_width(bits), "impossible number of bits in delta encoding");
  return std::make_unique<DeltaEncoding>(base, bits);
}

}  // namespace sarsen::storage
