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
  /// The same of kRunVectors vectors from a multiple of their rows on: never none where these rows are all there.
  storage::NarrowCodes run_codes(std::uint32_t begin) { return codes(begin, kRunVectors * kVectorRows); }
  virtual bool has_nulls() const noexcept = 0;
  /// Of the kVectorRows rows from `begin`, one of their multiples, on, or as many as there are; nulls have codes, too.
  virtual storage::CodeBounds bounds(std::uint32_t begin) = 0;
  /// The rows that are null, as in NumericVector.
  virtual const std::uint64_t* nulls(std::uint32_t begin, std::uint32_t size) = 0;
};

}  // namespace sarsen::engine
