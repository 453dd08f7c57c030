#pragma once
// Columns of values in memory: what rows that a query brings along become. Numbers and dictionary ids lie in arrays, so
// that reading copies nothing. Thread safety: immutable once made.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/result/value.h"
#include "storage/column/column.h"

namespace sarsen::engine {

/// T is std::int64_t, float or double. Null rows hold 0; `nulls` has a bit for each row, or is empty: none is null.
template <class T>
class MemoryNumbers final : public storage::Column {
 public:
  /// `logical_type` as Druid would name it; empty where Druid would not know it.
  MemoryNumbers(std::vector<T> values, std::vector<std::uint64_t> nulls, std::string logical_type)
      : values_(std::move(values)), nulls_(std::move(nulls)), logical_type_(std::move(logical_type)) {}

  const std::vector<T>& values() const noexcept { return values_; }
  const std::vector<std::uint64_t>& nulls() const noexcept { return nulls_; }

  storage::ValueType type() const noexcept override;
  std::string logical_type() const override { return logical_type_; }
  std::uint32_t row_count() const noexcept override { return static_cast<std::uint32_t>(values_.size()); }
  bool may_have_nulls() const noexcept override { return !nulls_.empty(); }
  std::unique_ptr<storage::NumericReader<std::int64_t>> long_reader() const override;
  std::unique_ptr<storage::NumericReader<float>> float_reader() const override;
  std::unique_ptr<storage::NumericReader<double>> double_reader() const override;

 private:
  template <class Wanted>
  std::unique_ptr<storage::NumericReader<Wanted>> reader() const;

  std::vector<T> values_;
  std::vector<std::uint64_t> nulls_;
  std::string logical_type_;
};

/// Strings: sorted distinct values, null first, and their ids.
class MemoryStrings final : public storage::Column, public storage::Dictionary {
 public:
  using Text = std::optional<std::string>;

  /// `rows`: the strings of each row; a row of none counts as null. `multiple`: whether a row may have several.
  /// `logical_type`: as above.
  MemoryStrings(const std::vector<std::vector<Text>>& rows, bool multiple, std::string logical_type);
  /// One string for each row.
  MemoryStrings(const std::vector<Text>& rows, std::string logical_type);

  const std::vector<std::uint32_t>& ids() const noexcept { return ids_; }
  const std::vector<std::uint32_t>& offsets() const noexcept { return offsets_; }  // empty: one id a row

  storage::ValueType type() const noexcept override { return storage::ValueType::kString; }
  std::string logical_type() const override { return logical_type_; }
  std::uint32_t row_count() const noexcept override;
  bool multiple_values() const noexcept override { return !offsets_.empty(); }
  const storage::Dictionary* dictionary() const override { return this; }
  std::unique_ptr<storage::StringReader> string_reader() const override;

  std::uint32_t size() const noexcept override { return static_cast<std::uint32_t>(values_.size()); }
  std::optional<std::string_view> value(std::uint32_t id) const override;
  bool sorted() const noexcept override { return true; }
  std::optional<std::uint32_t> find(std::optional<std::string_view> value) const override;
  std::uint32_t lower_bound(std::string_view value) const override;

 private:
  std::vector<Text> values_;
  std::vector<std::uint32_t> ids_;
  std::vector<std::uint32_t> offsets_;
  std::string logical_type_;
};

/// Serialised values of a complex type, as an aggregator of that type reads them.
std::unique_ptr<storage::Column> make_complex_column(std::vector<std::optional<std::string>> rows, std::string type);

/// Arrays, values of several types, JSON. `logical_type` as above; `json`: the column is COMPLEX<json>.
std::unique_ptr<storage::Column> make_mixed_column(std::vector<Json> rows, std::string logical_type, bool json);

}  // namespace sarsen::engine
