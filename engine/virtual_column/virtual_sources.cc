#include "engine/vector/routed_sources.h"
#include "engine/vector/segment_sources.h"
#include "engine/virtual_column/virtual_column.h"

namespace sarsen::engine {
namespace {

/// Every column but one: a virtual column that is named like one that it reads means the stored one.
class WithoutOne final : public RoutedSources {
 public:
  WithoutOne(ColumnSources& all, ColumnSources& stored, std::string_view name)
      : all_(all), stored_(stored), name_(name) {}

  const CursorPosition* position() const noexcept override { return all_.position(); }

 private:
  ColumnSources& of(std::string_view column) const override { return column == name_ ? stored_ : all_; }

  ColumnSources& all_;
  ColumnSources& stored_;
  std::string_view name_;
};

}  // namespace

ColumnSources& VirtualSources::inputs(const VirtualColumn& column) {
  return kept(inputs_, column.name(), [&] { return std::make_unique<WithoutOne>(*this, base_, column.name()); });
}

std::optional<ColumnKind> VirtualSources::kind(std::string_view column) const {
  const VirtualColumn* found = virtual_columns_.find(column);
  if (found == nullptr) return base_.kind(column);
  return found->kind(const_cast<VirtualSources*>(this)->inputs(*found));  // NOLINT: only caches
}

NumericSource<std::int64_t>& VirtualSources::longs(std::string_view column) {
  const VirtualColumn* found = virtual_columns_.find(column);
  if (found == nullptr) return base_.longs(column);
  return kept(longs_, column, [&] { return found->longs(inputs(*found)); });
}

NumericSource<float>& VirtualSources::floats(std::string_view column) {
  const VirtualColumn* found = virtual_columns_.find(column);
  if (found == nullptr) return base_.floats(column);
  return kept(floats_, column, [&] { return found->floats(inputs(*found)); });
}

NumericSource<double>& VirtualSources::doubles(std::string_view column) {
  const VirtualColumn* found = virtual_columns_.find(column);
  if (found == nullptr) return base_.doubles(column);
  return kept(doubles_, column, [&] { return found->doubles(inputs(*found)); });
}

StringSource* VirtualSources::strings(std::string_view column) {
  const VirtualColumn* found = virtual_columns_.find(column);
  if (found == nullptr) return base_.strings(column);
  const auto known = strings_.find(column);
  if (known != strings_.end()) return known->second.get();
  return strings_.emplace(std::string(column), found->strings(inputs(*found))).first->second.get();
}

ValueSource& VirtualSources::values(std::string_view column) {
  const VirtualColumn* found = virtual_columns_.find(column);
  if (found == nullptr) return base_.values(column);
  return kept(values_, column, [&] { return found->values(inputs(*found)); });
}

CursorColumns::CursorColumns(const storage::Segment& segment, const VirtualColumns* virtual_columns,
                             const CursorPosition* position) {
  auto stored = std::make_unique<SegmentSources>(segment);
  if (position != nullptr) stored->follow(*position);
  stored_ = std::move(stored);
  top_ = stored_.get();
  if (virtual_columns == nullptr || virtual_columns->empty()) return;
  virtual_ = std::make_unique<VirtualSources>(*stored_, *virtual_columns);
  top_ = virtual_.get();
}

CursorColumns::~CursorColumns() = default;

}  // namespace sarsen::engine
