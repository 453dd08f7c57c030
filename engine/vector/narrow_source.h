#pragma once
// A numeric source that can show codes in place of its numbers (storage/narrow): for those who can work on these. A
// consumer asks for it once, by a cast, when it is bound.

#include <cstdint>

#include "engine/vector/column_sources.h"
#include "storage/narrow/narrow_form.h"

namespace sarsen::engine {

template <class T>
class NarrowSource : public NumericSource<T> {
 public:
  /// Of all its codes.
  virtual const storage::NarrowForm& form() const noexcept = 0;
  /// What the integers of these rows are within, where the column's own are longs. REQUIRES: begin < end.
  virtual storage::NarrowRange range(std::uint32_t begin, std::uint32_t end) const noexcept = 0;
  /// As read(); none: read() has to be asked.
  virtual storage::NarrowCodes codes(std::uint32_t begin, std::uint32_t size) = 0;
  /// The rows that are null, as in NumericVector.
  virtual const std::uint64_t* nulls(std::uint32_t begin, std::uint32_t size) = 0;
};

}  // namespace sarsen::engine
