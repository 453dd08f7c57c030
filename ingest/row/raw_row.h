#pragma once
// A row as the parser hands it on: raw values by field number (field_table.h), and the fields that it holds in their
// order.

#include <cstdint>
#include <span>
#include <vector>

#include "ingest/row/raw_value.h"

namespace sarsen::ingest {

class RawRow {
 public:
  const RawValue& value(std::uint32_t field) const noexcept {
    return field < values_.size() ? values_[field] : kMissingValue;
  }
  /// Fields in the order of the document; one named twice is here once.
  std::span<const std::uint32_t> fields() const noexcept { return fields_; }

  /// A field set again takes the later value, as in Jackson.
  void set(std::uint32_t field, const RawValue& value) {
    if (field >= values_.size()) values_.resize(field + 1);
    if (values_[field].kind == RawValue::Kind::kMissing) fields_.push_back(field);
    values_[field] = value;
  }

  void clear() noexcept {
    for (const std::uint32_t field : fields_) values_[field] = RawValue{};
    fields_.clear();
  }

 private:
  static constexpr RawValue kMissingValue{};

  std::vector<RawValue> values_;
  std::vector<std::uint32_t> fields_;
};

}  // namespace sarsen::ingest
