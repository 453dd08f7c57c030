#include "engine/group/numbered_rows.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "engine/group/value_translation.h"
#include "engine/vector/row_mask.h"
#include "engine/vector/selection.h"
#include "engine/virtual_column/virtual_column.h"

namespace sarsen::engine {
namespace {

class RowLongs final : public NumberedRows {
 public:
  RowLongs(NumericSource<std::int64_t>& source, ValueNumbers& numbers) : source_(source), numbers_(numbers) {}

  void read(std::uint32_t begin, std::uint32_t size, std::span<const std::uint32_t> rows,
            std::uint32_t* numbers) override {
    const NumericVector<std::int64_t> vector = source_.read(begin, size);
    if (vector.nulls != nullptr) return read_nullable(vector, rows, numbers);
    if (rows.size() == size) return numbers_.numbers_of(std::span(vector.values, size), numbers);
    for (std::size_t i = 0; i < rows.size(); ++i) longs_[i] = vector.values[rows[i]];
    numbers_.numbers_of(std::span<const std::int64_t>(longs_.data(), rows.size()), numbers);
  }

 private:
  void read_nullable(const NumericVector<std::int64_t>& vector, std::span<const std::uint32_t> rows,
                     std::uint32_t* numbers) {
    for (const std::uint32_t row : rows)
      *numbers++ = mask_has(vector.nulls, row) ? numbers_.number_of(Value()) : numbers_.number_of(vector.values[row]);
  }

  NumericSource<std::int64_t>& source_;
  ValueNumbers& numbers_;
  std::array<std::int64_t, kVectorRows> longs_;
};

class RowTexts final : public NumberedRows {
 public:
  RowTexts(StringSource& source, ValueNumbers& numbers, std::uint32_t rows)
      : source_(source),
        numbers_(numbers),
        translation_(numbers, dynamic_cast<const storage::StoredDictionary*>(&source.dictionary()), rows) {}

  void read(std::uint32_t begin, std::uint32_t size, std::span<const std::uint32_t> rows,
            std::uint32_t* numbers) override {
    const std::uint32_t* ids = source_.read_ids(begin, size);
    if (rows.size() != size) {
      for (std::size_t i = 0; i < rows.size(); ++i) ids_[i] = ids[rows[i]];
      ids = ids_.data();
    }
    translation_.apply(ids, 1, static_cast<std::uint32_t>(rows.size()), numbers,
                       [this](std::span<const std::uint32_t> asked, std::uint32_t* out) { number(asked, out); });
  }

 private:
  void number(std::span<const std::uint32_t> ids, std::uint32_t* out) {
    texts_.clear();
    for (const std::uint32_t id : ids) texts_.push_back(storage::KeptText::of(source_.dictionary().value(id)));
    numbers_.numbers_of(texts_, out);
  }

  StringSource& source_;
  ValueNumbers& numbers_;
  ValueTranslation translation_;
  std::vector<storage::KeptText> texts_;
  std::array<std::uint32_t, kVectorRows> ids_;
};

}  // namespace

bool can_number_rows(const DimensionSpec& spec, const ScanPlan& plan) {
  const storage::Column* const column = plan.segment->column(spec.dimension);
  const bool is_virtual = plan.virtual_columns != nullptr && plan.virtual_columns->find(spec.dimension) != nullptr;
  if (column == nullptr || is_virtual || spec.function != nullptr || !spec.filters.empty() ||
      !spec.array_type.empty() || column->type() != spec.output_type)
    return false;
  if (spec.output_type == storage::ValueType::kLong) return true;
  return spec.output_type == storage::ValueType::kString && !spec.by_id && !column->multiple_values() &&
         dynamic_cast<const storage::StoredDictionary*>(column->dictionary()) != nullptr;
}

std::unique_ptr<NumberedRows> number_rows(const DimensionSpec& spec, ColumnSources& columns, ValueNumbers& numbers,
                                          std::uint32_t rows) {
  if (spec.output_type == storage::ValueType::kLong)
    return std::make_unique<RowLongs>(columns.longs(spec.dimension), numbers);
  return std::make_unique<RowTexts>(*columns.strings(spec.dimension), numbers, rows);
}

}  // namespace sarsen::engine
