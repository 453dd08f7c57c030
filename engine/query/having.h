#pragma once
// groupBy's having: which merged rows are answered. Asked of finalised values, by name, for all rows at once, so that a
// filter can work on vectors of them. Immutable.

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "engine/result/value.h"
#include "storage/base/json.h"
#include "storage/segment/segment.h"

namespace sarsen::engine {

/// The merged rows.
class HavingRows {
 public:
  virtual ~HavingRows() = default;
  virtual std::uint32_t size() const = 0;
  /// Null for a name that the rows do not have.
  virtual Value value(std::uint32_t row, std::string_view name) const = 0;
  /// The same rows as a segment, with their time; made when first asked for.
  virtual std::shared_ptr<const storage::Segment> segment() const = 0;
};

class Having {
 public:
  virtual ~Having() = default;
  /// One bit for each row: whether it is answered.
  virtual std::vector<bool> accepted(const HavingRows& rows) const = 0;
};

using HavingPtr = std::shared_ptr<const Having>;

/// nullptr when absent. Throws kInvalidInput naming the field.
HavingPtr parse_having(const JsonField& json);

}  // namespace sarsen::engine
