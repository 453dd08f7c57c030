#pragma once
// ColumnSources over the columns of a segment, mapped or live: reads vectors, casts numbers, parses text once per
// dictionary entry. Sources are made at first use and kept. Belongs to one cursor; the segment must outlive it.

#include <memory>
#include <string>

#include "engine/vector/column_sources.h"
#include "engine/vector/kept_sources.h"
#include "engine/vector/numeric_sources.h"
#include "storage/segment/segment.h"

namespace sarsen::engine {

class SegmentSources final : public ColumnSources {
 public:
  explicit SegmentSources(const storage::Segment& segment) : segment_(segment) {}

  /// To be called before columns are bound. `position` must outlive this.
  void follow(const CursorPosition& position) noexcept { position_ = &position; }

  const CursorPosition* position() const noexcept override { return position_; }
  std::optional<ColumnKind> kind(std::string_view column) const override;
  NumericSource<std::int64_t>& longs(std::string_view column) override;
  NumericSource<float>& floats(std::string_view column) override;
  NumericSource<double>& doubles(std::string_view column) override;
  StringSource* strings(std::string_view column) override;
  ValueSource& values(std::string_view column) override;
  const storage::Column* stored(std::string_view column) const override { return segment_.column(column); }

 private:
  template <class T>
  NumericSource<T>& numeric(KeptSources<NumericSource<T>>& sources, std::string_view column);

  const storage::Segment& segment_;
  const CursorPosition* position_ = nullptr;
  KeptSources<NumericSource<std::int64_t>> longs_;
  KeptSources<NumericSource<float>> floats_;
  KeptSources<NumericSource<double>> doubles_;
  KeptSources<StringSource> strings_;
  KeptSources<ValueSource> values_;
};

/// The values of a stored column as strings: the column's own, or the texts of numbers and mixed values by id.
/// REQUIRES: a column with a dictionary of either kind; it must outlive the source.
std::unique_ptr<StringSource> make_string_source(const storage::Column* column);

/// The values as they are; nulls where there is no column. The column must outlive the source.
std::unique_ptr<ValueSource> make_value_source(const storage::Column* column);

}  // namespace sarsen::engine
