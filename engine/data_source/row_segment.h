#pragma once
// A segment made of rows in memory: rows written in a query, the answer of another query, a lookup. Its columns are
// typed as the row signature says, or as the values tell; values that do not fit their column keep their own type.
// Rows without __time are of 1970-01-01.
//
// Thread safety: RowSegmentBuilder belongs to one thread; the segment is immutable.

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/query/row_sink.h"
#include "storage/segment/segment.h"

namespace sarsen::engine {

class RowSegment final : public storage::Segment {
 public:
  std::uint32_t row_count() const noexcept override { return row_count_; }
  Interval data_interval() const noexcept override { return kEternity; }
  bool sorted_by_time() const noexcept override { return sorted_by_time_; }
  std::optional<Interval> time_bounds() const override { return bounds_; }
  const std::vector<std::string>& dimensions() const noexcept override { return dimensions_; }
  const std::vector<std::string>& metrics() const noexcept override { return metrics_; }
  std::vector<std::string> column_names() const override { return names_; }
  const storage::Column* column(std::string_view name) const override;
  const Json& metadata() const override { return metadata_; }
  std::size_t size_bytes() const noexcept override { return 0; }

 private:
  friend class RowSegmentBuilder;

  std::uint32_t row_count_ = 0;
  bool sorted_by_time_ = true;
  std::optional<Interval> bounds_;
  std::vector<std::string> names_;       // as the rows have them
  std::vector<std::string> dimensions_;  // without __time
  std::vector<std::string> metrics_;
  Json metadata_;
  std::map<std::string, std::unique_ptr<const storage::Column>, std::less<>> columns_;
};

class RowSegmentBuilder final : public RowSink {
 public:
  void start(const RowSignature& signature) override;
  /// Of a name that comes twice, the last value counts. Throws kResourceLimit for more rows than a segment can hold.
  bool row(std::vector<Value>& values) override;

  std::uint32_t row_count() const noexcept { return rows_; }
  /// The time of rows whose signature has no __time. Before finish().
  void set_time_ms(std::int64_t time_ms) { time_ms_ = time_ms; }
  /// To be called once, after the last row.
  std::shared_ptr<const RowSegment> finish();

 private:
  RowSignature signature_;
  std::vector<std::vector<Value>> values_;  // by column
  std::uint32_t rows_ = 0;
  std::int64_t time_ms_ = 0;
};

/// A column of `values` of Druid's type `type`; empty: what the values tell.
std::unique_ptr<storage::Column> make_column(std::vector<Value> values, const std::string& type);

}  // namespace sarsen::engine
