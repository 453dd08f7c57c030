#include "engine/group/dependent_dimension.h"

#include <array>
#include <cstddef>
#include <utility>

#include "engine/result/value_cast.h"
#include "engine/vector/column_function.h"
#include "engine/vector/selection.h"

namespace sarsen::engine {
namespace {

using Function = std::unique_ptr<ColumnFunction>;

class DependentDimension final : public DimensionReader {
 public:
  /// `on` must outlive it. `input_type`: that of the column which `function` is of.
  DependentDimension(DimensionReader& on, Function function, storage::ValueType input_type,
                     storage::ValueType output_type)
      : on_(on), function_(std::move(function)), input_type_(input_type), output_type_(output_type) {}

  std::uint64_t radix() const noexcept override { return on_.radix(); }
  bool counts_ids() const noexcept override { return on_.counts_ids(); }
  bool tells_rows_apart() const noexcept override { return on_.tells_rows_apart(); }
  const std::uint32_t* read_ids(std::uint32_t begin, std::uint32_t size) override { return on_.read_ids(begin, size); }
  std::uint32_t null_id() const noexcept override { return on_.null_id(); }

  /// A long may be shown as its text, and text is cast back to the same long.
  Value value(std::uint32_t id) const override {
    return cast_value(function_->apply(cast_value(on_.value(id), input_type_)), output_type_);
  }

  bool understands(const DimensionReader& other) const noexcept override {
    const auto* dependent = dynamic_cast<const DependentDimension*>(&other);
    return dependent != nullptr && on_.understands(dependent->on_);
  }
  bool shares_ids(const DimensionReader& other) const noexcept override {
    return understands(other) && on_.shares_ids(static_cast<const DependentDimension&>(other).on_);
  }
  void translate(const DimensionReader& other, std::span<std::uint32_t> ids) override {
    on_.translate(static_cast<const DependentDimension&>(other).on_, ids);
  }
  const DimensionReader& on() const noexcept { return on_; }

 private:
  DimensionReader& on_;
  Function function_;
  storage::ValueType input_type_;
  storage::ValueType output_type_;
};

class ConstantDimension final : public DimensionReader {
 public:
  explicit ConstantDimension(Value value) : value_(std::move(value)) { ids_.fill(0); }
  std::uint64_t radix() const noexcept override { return 1; }
  const std::uint32_t* read_ids(std::uint32_t, std::uint32_t) override { return ids_.data(); }
  Value value(std::uint32_t) const override { return value_; }
  bool ids_are_distinct() const noexcept override { return true; }
  bool ids_ascend() const noexcept override { return true; }
  bool understands(const DimensionReader& other) const noexcept override {
    return dynamic_cast<const ConstantDimension*>(&other) != nullptr;
  }
  bool shares_ids(const DimensionReader& other) const noexcept override { return understands(other); }
  void translate(const DimensionReader&, std::span<std::uint32_t>) override {}

 private:
  Value value_;
  std::array<std::uint32_t, kVectorRows> ids_;
};

/// The column's values, one a row and all of them: whoever has one has that of any function of the column.
bool is_plain(const DimensionSpec& spec) {
  return spec.function == nullptr && spec.filters.empty() && spec.array_type.empty() && !spec.by_id;
}

class Binder {
 public:
  Binder(const std::vector<DimensionSpec>& specs, const VirtualColumns& virtual_columns, ColumnSources& columns,
         RowRange rows)
      : specs_(specs),
        virtual_columns_(virtual_columns),
        columns_(columns),
        rows_(rows),
        functions_(specs.size()),
        readers_(specs.size()) {}

  std::vector<std::unique_ptr<DimensionReader>> bind() {
    for (std::size_t i = 0; i < specs_.size(); ++i) {
      const auto* const column = dynamic_cast<const MayBeFunction*>(virtual_columns_.find(specs_[i].dimension));
      if (column != nullptr && is_plain(specs_[i])) functions_[i] = column->function(columns_);
    }
    for (std::size_t i = 0; i < specs_.size(); ++i) bind(i);
    return std::move(readers_);
  }

 private:
  /// What it depends on comes first. Virtual columns need each other in no circle, so this ends.
  void bind(std::size_t i) {
    if (readers_[i] != nullptr) return;
    const std::size_t on = found_on(i);
    if (functions_[i] != nullptr && functions_[i]->column().empty()) {
      readers_[i] = std::make_unique<ConstantDimension>(cast_value(functions_[i]->apply({}), specs_[i].output_type));
    } else if (on == specs_.size()) {
      readers_[i] = bind_dimension(specs_[i], columns_, rows_);
    } else {
      bind(on);
      readers_[i] = std::make_unique<DependentDimension>(
          *readers_[on], std::move(functions_[i]), columns_.kind(specs_[on].dimension)->type, specs_[i].output_type);
    }
  }

  /// The dimension that it depends on; their number: none.
  std::size_t found_on(std::size_t i) const {
    std::size_t on = 0;
    while (on < specs_.size() && !depends(i, on)) ++on;
    return on;
  }

  bool depends(std::size_t i, std::size_t on) const {
    if (functions_[i] == nullptr || !is_plain(specs_[on])) return false;
    const DimensionSpec& other = specs_[on];
    if (other.dimension != functions_[i]->column() || other.dimension == specs_[i].dimension) return false;
    return other.output_type == storage::ValueType::kString ||
           other.output_type == columns_.kind(other.dimension)->type;
  }

  const std::vector<DimensionSpec>& specs_;
  const VirtualColumns& virtual_columns_;
  ColumnSources& columns_;
  RowRange rows_;
  std::vector<Function> functions_;
  std::vector<std::unique_ptr<DimensionReader>> readers_;
};

}  // namespace

std::vector<std::unique_ptr<DimensionReader>> bind_dimensions(const std::vector<DimensionSpec>& specs,
                                                              const VirtualColumns* virtual_columns,
                                                              ColumnSources& columns, RowRange rows) {
  if (virtual_columns != nullptr && specs.size() > 1) return Binder(specs, *virtual_columns, columns, rows).bind();
  std::vector<std::unique_ptr<DimensionReader>> readers;
  for (const DimensionSpec& spec : specs) readers.push_back(bind_dimension(spec, columns, rows));
  return readers;
}

const DimensionReader* depends_on(const DimensionReader& reader) noexcept {
  const auto* const dependent = dynamic_cast<const DependentDimension*>(&reader);
  if (dependent == nullptr) return nullptr;
  const DimensionReader* const further = depends_on(dependent->on());
  return further != nullptr ? further : &dependent->on();
}

}  // namespace sarsen::engine
