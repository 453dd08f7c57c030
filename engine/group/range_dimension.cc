#include "engine/group/range_dimension.h"

#include <algorithm>
#include <array>

#include "engine/group/direct_groups.h"
#include "engine/group/long_ids.h"
#include "engine/result/value_cast.h"
#include "engine/vector/narrow_source.h"
#include "engine/vector/row_mask.h"

namespace sarsen::engine {
namespace {

/// So many ids cost little, however few rows there are.
constexpr std::uint64_t kFewIds = 1 << 16;

/// Id 0 is null, 1 the least number.
class RangeDimension final : public DimensionReader {
 public:
  RangeDimension(NarrowSource<std::int64_t>& source, storage::NarrowRange range, storage::ValueType output_type,
                 bool has_nulls)
      : source_(source), range_(range), output_type_(output_type), has_nulls_(has_nulls) {}

  static std::uint64_t ids(storage::NarrowRange range) noexcept {
    return static_cast<std::uint64_t>(range.greatest - range.least) + 2;
  }

  /// Whether a column has a narrow form must not decide how its rows are added up: masks are for other dimensions.
  std::uint64_t radix() const noexcept override { return std::max<std::uint64_t>(ids(range_), kMaskedKeys + 1); }

  const std::uint32_t* read_ids(std::uint32_t begin, std::uint32_t size) override {
    if (begin == begin_ && size == size_) return ids_.data();
    const storage::NarrowCodes codes = source_.codes(begin, size);
    if (codes.codes != nullptr) {
      storage::visit_code_type(codes.form.width, [&]<class Code>(Code) {
        read(reinterpret_cast<const Code*>(codes.codes), size, codes.form.base - range_.least);
      });
      note_nulls(source_.nulls(begin, size), size);
    } else {
      const NumericVector<std::int64_t> vector = source_.read(begin, size);
      read(vector.values, size, -range_.least);
      note_nulls(vector.nulls, size);
    }
    begin_ = begin;
    size_ = size;
    return ids_.data();
  }

  Value value(std::uint32_t id) const override {
    return id == 0 ? Value() : cast_value(Value(long_of(id)), output_type_);
  }
  void number(std::span<const std::uint32_t> ids, ValueNumbers& numbers, std::uint32_t* out) const override {
    number_longs(*this, output_type_, ids, numbers, out, [this](std::uint32_t id) { return long_of(id); });
  }
  bool ids_are_distinct() const noexcept override {
    return output_type_ == storage::ValueType::kLong || output_type_ == storage::ValueType::kString;
  }
  bool ids_ascend() const noexcept override { return output_type_ == storage::ValueType::kLong && !has_nulls_; }
  bool understands(const DimensionReader& other) const noexcept override {
    const auto* ranged = dynamic_cast<const RangeDimension*>(&other);
    return ranged != nullptr && ranged->range_.least == range_.least && ranged->range_.greatest == range_.greatest;
  }
  bool shares_ids(const DimensionReader& other) const noexcept override { return understands(other); }
  void translate(const DimensionReader&, std::span<std::uint32_t>) override {}

 private:
  std::int64_t long_of(std::uint32_t id) const noexcept { return range_.least + std::int64_t{id} - 1; }

  /// Numbers and what they are below an id, in 32 bits, where they may wrap.
  template <class Number>
  void read(const Number* numbers, std::uint32_t size, std::int64_t offset) noexcept {
    const auto first = static_cast<std::uint32_t>(offset + 1);
    for (std::uint32_t row = 0; row < size; ++row) ids_[row] = static_cast<std::uint32_t>(numbers[row]) + first;
  }

  void note_nulls(const std::uint64_t* nulls, std::uint32_t size) noexcept {
    if (nulls == nullptr) return;
    for (std::uint32_t row = 0; row < size; ++row)
      if (mask_has(nulls, row)) ids_[row] = 0;
  }

  NarrowSource<std::int64_t>& source_;
  storage::NarrowRange range_;
  storage::ValueType output_type_;
  bool has_nulls_;
  std::uint32_t begin_ = UINT32_MAX;
  std::uint32_t size_ = 0;
  std::array<std::uint32_t, kVectorRows> ids_;
};

}  // namespace

std::unique_ptr<DimensionReader> bind_range(const DimensionSpec& spec, storage::ValueType output_type,
                                            ColumnSources& columns, RowRange rows) {
  const storage::Column* const stored = columns.stored(spec.dimension);
  if (stored == nullptr || stored->type() != storage::ValueType::kLong || rows.begin >= rows.end) return nullptr;
  auto* const source = dynamic_cast<NarrowSource<std::int64_t>*>(&columns.longs(spec.dimension));
  if (source == nullptr) return nullptr;
  const storage::NarrowRange range = source->range(rows.begin, rows.end);
  if (RangeDimension::ids(range) > std::max<std::uint64_t>(kFewIds, rows.end - rows.begin)) return nullptr;
  return std::make_unique<RangeDimension>(*source, range, output_type, stored->may_have_nulls());
}

}  // namespace sarsen::engine
