// Positions in a table of distinct values (the format is described in table.cc).
#include <algorithm>
#include <unordered_map>
#include <vector>

#include "storage/codec/long_encoding_writer.h"
#include "storage/codec/packed_integers.h"

namespace sarsen::storage {
namespace {

constexpr std::uint8_t kId = 1;
constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kTableSizeMax = 256;

class TableEncoder final : public LongEncoder {
 public:
  /// False where the table is full.
  bool add(std::int64_t value) {
    if (!positions_.try_emplace(value, table_.size()).second) return true;
    table_.push_back(value);
    return table_.size() <= kTableSizeMax;
  }

  std::uint8_t id() const noexcept override { return kId; }
  std::uint32_t bits_per_value() const noexcept override {
    return packed_width_of(std::max<std::size_t>(table_.size(), 1));
  }

  void write_header(ByteWriter& out) const override {
    out.write_be(kVersion);
    out.write_be(static_cast<std::uint32_t>(table_.size()));
    for (const std::int64_t value : table_) out.write_be(value);
  }

  void encode(std::span<const std::int64_t> values, std::byte* block) const override {
    PackedWriter packed(block, bits_per_value());
    for (const std::int64_t value : values) packed.add(positions_.at(value));
  }

 private:
  std::vector<std::int64_t> table_;
  std::unordered_map<std::int64_t, std::uint64_t> positions_;
};

}  // namespace

std::unique_ptr<LongEncoder> make_table_encoder(std::span<const std::int64_t> values) {
  auto table = std::make_unique<TableEncoder>();
  for (const std::int64_t value : values)
    if (!table->add(value)) return nullptr;
  return table;
}

}  // namespace sarsen::storage
