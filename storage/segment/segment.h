#pragma once
// A segment: the immutable rows of one data source, interval, version and partition. The mapped form is opened by
// mapped_segment.h; the live index gives snapshots of this same type (ingest/incremental_index/live_segment.h).
// Thread safety: shared by threads. A query holds a std::shared_ptr<const Segment> for as long as it reads.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/base/interval.h"
#include "storage/base/json.h"
#include "storage/column/column.h"

namespace sarsen::storage {

inline constexpr std::string_view kTimeColumn = "__time";

/// Druid's SegmentId: text form "<dataSource>_<start>_<end>_<version>[_<partition>]", partition 0 left out.
struct SegmentId {
  std::string data_source;
  Interval interval;
  std::string version;
  std::uint32_t partition = 0;

  std::string text() const;
  auto operator<=>(const SegmentId&) const = default;
};

/// One column of a sort order.
struct SortKey {
  std::string column;
  bool descending = false;
  bool operator==(const SortKey&) const = default;
};

/// A table of aggregates that is stored inside a segment.
struct Projection {
  std::string name;
  std::uint32_t row_count = 0;
  Json schema;  // Druid's: timeColumnName, virtualColumns, groupingColumns, aggregators, ordering
};

class Segment {
 public:
  virtual ~Segment() = default;

  virtual std::uint32_t row_count() const noexcept = 0;
  /// The data interval that the segment states for itself; all rows lie in it.
  virtual Interval data_interval() const noexcept = 0;
  /// True where __time ascends with the row number: time ranges are then row ranges.
  virtual bool sorted_by_time() const noexcept = 0;
  /// The columns by which the rows are sorted, the first one first; empty where they are in no order.
  virtual std::vector<SortKey> ordering() const;
  /// Times of the first and the last row in time; empty where there is no row.
  virtual std::optional<Interval> time_bounds() const = 0;  // [min, max], end_ms inclusive here

  /// Stored column names without __time: dimensions in their order, then metrics.
  virtual const std::vector<std::string>& dimensions() const noexcept = 0;
  virtual const std::vector<std::string>& metrics() const noexcept = 0;
  /// All columns in the order in which Druid lists them: those of ordering() that there are, __time, dimensions,
  /// metrics.
  virtual std::vector<std::string> column_names() const;

  /// The column, __time included; nullptr where there is none of that name. Parses it at first touch: throws where its
  /// bytes are corrupt or of a kind not understood, naming file, column and part.
  virtual const Column* column(std::string_view name) const = 0;

  /// metadata.drd, or null JSON: aggregators, timestampSpec, queryGranularity, rollup.
  virtual const Json& metadata() const = 0;

  virtual std::size_t size_bytes() const noexcept = 0;

  virtual const std::vector<Projection>& projections() const noexcept;
  /// The projection as a segment of its own, which keeps this one; nullptr where there is none of that name. Its
  /// columns may share dictionaries with those of this segment.
  virtual std::shared_ptr<const Segment> projection(std::string_view name) const;
};

}  // namespace sarsen::storage
