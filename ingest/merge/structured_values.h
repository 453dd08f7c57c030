#pragma once
// Whole values of columns that Druid calls auto and json, and of other columns that are merged with such, row by row.
// Not thread-safe. The column must outlive it.

#include <cstdint>
#include <memory>
#include <string>

#include "storage/base/json.h"
#include "storage/column/column.h"

namespace sarsen::ingest {

class StructuredValues {
 public:
  /// `column` may be null: every row is.
  explicit StructuredValues(const storage::Column* column);
  ~StructuredValues();
  StructuredValues(StructuredValues&&) noexcept;

  Json read(std::uint32_t row);

 private:
  template <class T>
  Json number(storage::NumericReader<T>& reader, std::uint32_t row);

  const storage::Column* column_;
  std::unique_ptr<storage::StructuredReader> values_;
  std::unique_ptr<storage::StringReader> strings_;
  std::unique_ptr<storage::NumericReader<std::int64_t>> longs_;
  std::unique_ptr<storage::NumericReader<float>> floats_;
  std::unique_ptr<storage::NumericReader<double>> doubles_;
};

/// A text whose bytes are ordered as the values are: null, then texts, then numbers, then the rest by its JSON.
std::string structured_key(const Json& value);

}  // namespace sarsen::ingest
