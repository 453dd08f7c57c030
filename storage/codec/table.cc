// Positions in a table of distinct values: u8 version 1, i32 BE size, size x i64 BE; then packed integers of the
// smallest width that holds all positions.
#include <algorithm>
#include <array>
#include <vector>

#include "storage/codec/long_encoding.h"
#include "storage/codec/packed_integers.h"

namespace sarsen::storage {

namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::uint32_t kTableSizeMax = 256;

class TableEncoding final : public LongEncoding {
 public:
  explicit TableEncoding(std::vector<std::int64_t> table)
      : table_(std::move(table)), bits_(packed_width_of(std::max<std::size_t>(table_.size(), 1))) {}

  std::uint32_t bits_per_value() const noexcept override { return bits_; }
  std::string name() const override { return "table of " + std::to_string(table_.size()) + " values"; }

  void decode(const std::byte* block, std::size_t first, std::size_t count, std::int64_t* out) const override {
    std::array<std::uint64_t, 256> positions;
    for (std::size_t done = 0; done < count;) {
      const std::size_t step = std::min(count - done, positions.size());
      decode_packed(block, bits_, first + done, step, positions.data());
      const std::uint64_t largest = *std::max_element(positions.begin(), positions.begin() + static_cast<long>(step));
      check_format(largest < table_.size(), "value outside the table of longs");
      for (std::size_t i = 0; i < step; ++i) out[done + i] = table_[positions[i]];
      done += step;
    }
  }

 private:
  std::vector<std::int64_t> table_;
  std::uint32_t bits_;
};

}  // namespace

std::unique_ptr<LongEncoding> read_table_encoding(ByteReader& reader) {
  reader.check(reader.read_byte() == kVersion, "unknown version of table encoding");
  const std::uint32_t size = reader.read_be<std::uint32_t>();
  reader.check(size <= kTableSizeMax, "table of longs too large");
  std::vector<std::int64_t> table(size);
  for (std::int64_t& value : table) value = reader.read_be<std::int64_t>();
  return std::make_unique<TableEncoding>(std::move(table));
}

}  // namespace sarsen::storage
