#pragma once
// Virtual columns: columns that a query computes from others. Bound to the columns of one cursor they give the same
// sources as a stored column does, so that filters, aggregators and dimensions cannot tell them apart. A VirtualColumn
// is the parsed form, immutable and shared. Adding one: one file in this folder, one line in registry.cc, one test.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/vector/column_sources.h"
#include "engine/vector/kept_sources.h"
#include "storage/base/json.h"
#include "storage/segment/segment.h"

namespace sarsen::engine {

class VirtualColumn {
 public:
  virtual ~VirtualColumn() = default;

  const std::string& name() const noexcept { return name_; }
  /// Columns that it reads; other virtual columns may be among them.
  virtual std::vector<std::string> required_columns() const = 0;
  virtual std::optional<ColumnKind> kind(const ColumnSources& columns) const = 0;

  // Its values over the rows of `columns`, which must outlive the source; as in ColumnSources.
  virtual std::unique_ptr<NumericSource<std::int64_t>> longs(ColumnSources& columns) const = 0;
  virtual std::unique_ptr<NumericSource<float>> floats(ColumnSources& columns) const = 0;
  virtual std::unique_ptr<NumericSource<double>> doubles(ColumnSources& columns) const = 0;
  /// nullptr unless kind() is a string.
  virtual std::unique_ptr<StringSource> strings(ColumnSources& columns) const = 0;
  virtual std::unique_ptr<ValueSource> values(ColumnSources& columns) const = 0;

 protected:
  explicit VirtualColumn(std::string name) : name_(std::move(name)) {}

 private:
  std::string name_;
};

using VirtualColumnPtr = std::shared_ptr<const VirtualColumn>;

/// From {"type", "name", …}. Throws kInvalidInput naming the field; unknown types come with a suggestion.
VirtualColumnPtr parse_virtual_column(const JsonField& json);

/// The virtual columns of one query. Immutable, shared.
class VirtualColumns {
 public:
  VirtualColumns() = default;
  /// Throws kInvalidInput for a name that is used twice or is __time, and for columns that need each other.
  explicit VirtualColumns(const JsonField& list);
  /// REQUIRES: columns of different names that do not need each other in a circle.
  explicit VirtualColumns(std::vector<VirtualColumnPtr> columns) : columns_(std::move(columns)) {}

  bool empty() const noexcept { return columns_.empty(); }
  const std::vector<VirtualColumnPtr>& all() const noexcept { return columns_; }
  /// nullptr: none of that name.
  const VirtualColumn* find(std::string_view name) const noexcept;

 private:
  std::vector<VirtualColumnPtr> columns_;
};

using VirtualColumnsPtr = std::shared_ptr<const VirtualColumns>;

/// The columns of a segment and virtual ones on top; a virtual column hides a stored one of its name, and reads the
/// stored one itself. Belongs to one cursor.
class VirtualSources final : public ColumnSources {
 public:
  /// `base` and `virtual_columns` must outlive it.
  VirtualSources(ColumnSources& base, const VirtualColumns& virtual_columns)
      : base_(base), virtual_columns_(virtual_columns) {}

  const CursorPosition* position() const noexcept override { return base_.position(); }
  std::optional<ColumnKind> kind(std::string_view column) const override;
  NumericSource<std::int64_t>& longs(std::string_view column) override;
  NumericSource<float>& floats(std::string_view column) override;
  NumericSource<double>& doubles(std::string_view column) override;
  StringSource* strings(std::string_view column) override;
  ValueSource& values(std::string_view column) override;
  const storage::Column* stored(std::string_view column) const override {
    return virtual_columns_.find(column) == nullptr ? base_.stored(column) : nullptr;
  }

 private:
  /// What the virtual column reads: every column but itself.
  ColumnSources& inputs(const VirtualColumn& column);

  ColumnSources& base_;
  const VirtualColumns& virtual_columns_;
  KeptSources<ColumnSources> inputs_;
  KeptSources<NumericSource<std::int64_t>> longs_;
  KeptSources<NumericSource<float>> floats_;
  KeptSources<NumericSource<double>> doubles_;
  KeptSources<StringSource> strings_;
  KeptSources<ValueSource> values_;
};

/// The columns of one cursor: those of `segment`, and the virtual ones, where there are any. Both must outlive it, and
/// so must the cursor's position.
class CursorColumns {
 public:
  CursorColumns(const storage::Segment& segment, const VirtualColumns* virtual_columns,
                const CursorPosition* position = nullptr);
  ~CursorColumns();

  ColumnSources& sources() noexcept { return *top_; }

 private:
  std::unique_ptr<ColumnSources> stored_;
  std::unique_ptr<ColumnSources> virtual_;
  ColumnSources* top_;
};

struct VirtualColumnType {
  std::string_view type;  // "expression"
  VirtualColumnPtr (*parse)(const JsonField& json);
  std::string_view doc;
};

class VirtualColumnRegistry {
 public:
  void add(VirtualColumnType type) { types_.push_back(type); }
  const std::vector<VirtualColumnType>& types() const noexcept { return types_; }

 private:
  std::vector<VirtualColumnType> types_;
};

const VirtualColumnRegistry& virtual_columns();

}  // namespace sarsen::engine
