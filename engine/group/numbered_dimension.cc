#include "engine/group/numbered_dimension.h"

#include <algorithm>
#include <utility>

#include "engine/group/direct_groups.h"
#include "engine/group/long_ids.h"
#include "engine/result/value_cast.h"

namespace sarsen::engine {
namespace {

class NumberedDimension final : public DimensionReader {
 public:
  NumberedDimension(storage::NumberIds ids, storage::ValueType output_type)
      : ids_(std::move(ids)), output_type_(output_type) {}

  /// Whether a column has ids yet must not decide how its rows are added up: masks are for other dimensions.
  std::uint64_t radix() const noexcept override {
    return std::max<std::uint64_t>(ids_.size() + std::uint64_t{1}, kMaskedKeys + 1);
  }
  const std::uint32_t* read_ids(std::uint32_t begin, std::uint32_t) override { return ids_.rows() + begin; }
  bool tells_rows_apart() const noexcept override { return ids_.tells_rows_apart(); }

  Value value(std::uint32_t id) const override {
    return id == 0 ? Value() : cast_value(Value(ids_.number(id)), output_type_);
  }
  void number(std::span<const std::uint32_t> ids, ValueNumbers& numbers, std::uint32_t* out) const override {
    number_longs(*this, output_type_, ids, numbers, out, [this](std::uint32_t id) { return ids_.number(id); });
  }
  bool ids_are_distinct() const noexcept override {
    return output_type_ == storage::ValueType::kLong || output_type_ == storage::ValueType::kString;
  }
  bool understands(const DimensionReader& other) const noexcept override {
    const auto* numbered = dynamic_cast<const NumberedDimension*>(&other);
    return numbered != nullptr && numbered->ids_.is_same(ids_);
  }
  bool shares_ids(const DimensionReader& other) const noexcept override { return understands(other); }
  void translate(const DimensionReader&, std::span<std::uint32_t>) override {}

 private:
  storage::NumberIds ids_;
  storage::ValueType output_type_;
};

}  // namespace

storage::NumberedLongs* numbered_longs(const DimensionSpec& spec, ColumnSources& columns) {
  const auto* const column = dynamic_cast<const storage::HasNumberIds*>(columns.stored(spec.dimension));
  return column != nullptr ? column->numbered() : nullptr;
}

std::unique_ptr<DimensionReader> make_numbered_dimension(storage::NumberIds ids, storage::ValueType output_type) {
  return std::make_unique<NumberedDimension>(std::move(ids), output_type);
}

}  // namespace sarsen::engine
