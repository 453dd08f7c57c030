// Distances from the smallest value (the format is described in delta.cc).
#include <algorithm>

#include "storage/codec/long_encoding_writer.h"
#include "storage/codec/packed_integers.h"

namespace sarsen::storage {
namespace {

constexpr std::uint8_t kId = 0;
constexpr std::uint8_t kVersion = 1;

class DeltaEncoder final : public LongEncoder {
 public:
  DeltaEncoder(std::int64_t base, std::uint32_t bits) : base_(base), bits_(bits) {}

  std::uint8_t id() const noexcept override { return kId; }
  std::uint32_t bits_per_value() const noexcept override { return bits_; }

  void write_header(ByteWriter& out) const override {
    out.write_be(kVersion);
    out.write_be(base_);
    out.write_be(bits_);
  }

  void encode(std::span<const std::int64_t> values, std::byte* block) const override {
    PackedWriter packed(block, bits_);
    for (const std::int64_t value : values)
      packed.add(static_cast<std::uint64_t>(value) - static_cast<std::uint64_t>(base_));
  }

 private:
  std::int64_t base_;
  std::uint32_t bits_;
};

}  // namespace

std::unique_ptr<LongEncoder> make_delta_encoder(std::span<const std::int64_t> values) {
  if (values.empty()) return nullptr;
  const auto [min, max] = std::minmax_element(values.begin(), values.end());
  std::int64_t distance = 0;
  if (__builtin_sub_overflow(*max, *min, &distance) || distance == INT64_MAX) return nullptr;
  return std::make_unique<DeltaEncoder>(*min, packed_width_of(static_cast<std::uint64_t>(distance) + 1));
}

}  // namespace sarsen::storage
