#pragma once
// A computed column whose value in a row is a function of another column's value there and of nothing else, or always
// the same: who knows the other's value need not read rows. Belongs to one cursor, as the sources of the column do.

#include <memory>
#include <string>
#include <utility>

#include "engine/vector/column_sources.h"

namespace sarsen::engine {

class ColumnFunction {
 public:
  virtual ~ColumnFunction() = default;

  /// The other column: longs, or text with one value a row. Empty: there is none, the column is constant.
  const std::string& column() const noexcept { return column_; }
  /// `value`: a long, text or null, as the other column has it. Gives what the column has in such rows, in its own
  /// type. Does not fail.
  virtual Value apply(const Value& value) = 0;

 protected:
  explicit ColumnFunction(std::string column) : column_(std::move(column)) {}

 private:
  std::string column_;
};

/// A computed column that may be such a function. Consumers find out by a cast of a VirtualColumn.
class MayBeFunction {
 public:
  virtual ~MayBeFunction() = default;
  /// Over the columns of a cursor, itself among them. nullptr: it is none there.
  virtual std::unique_ptr<ColumnFunction> function(ColumnSources& columns) const = 0;
};

}  // namespace sarsen::engine
