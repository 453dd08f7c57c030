#pragma once
// A growing index at one moment, as a segment: what a query reads. Times and dimensions are read in place, up to the
// rows that were published; a metric is copied out of its states when it is first asked for, so that its values may be
// newer than the moment: sums only grow. Dictionaries are unsorted, there are no bitmap indexes.
//
// Thread safety: as any Segment, shared by threads.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ingest/incremental_index/index_rows.h"
#include "storage/segment/segment.h"

namespace sarsen::ingest {

class LiveSegment final : public storage::Segment {
 public:
  LiveSegment(std::shared_ptr<const IndexRows> rows, Published published);
  ~LiveSegment() override;

  std::uint32_t row_count() const noexcept override { return published_.row_count; }
  Interval data_interval() const noexcept override { return rows_->interval; }
  bool sorted_by_time() const noexcept override { return published_.sorted_by_time; }
  std::optional<Interval> time_bounds() const override;
  const std::vector<std::string>& dimensions() const noexcept override { return dimension_names_; }
  const std::vector<std::string>& metrics() const noexcept override { return metric_names_; }
  const storage::Column* column(std::string_view name) const override;
  const Json& metadata() const override { return metadata_; }
  std::size_t size_bytes() const noexcept override { return 0; }  // nothing is stored

  const IndexRows& rows() const noexcept { return *rows_; }
  const Published& published() const noexcept { return published_; }

 private:
  const std::shared_ptr<const IndexRows> rows_;
  const Published published_;
  std::vector<std::string> dimension_names_;
  std::vector<std::string> metric_names_;
  Json metadata_;
  std::map<std::string, std::unique_ptr<const storage::Column>, std::less<>> columns_;
};

/// metadata.drd of a segment with these dimensions, as Druid 33 writes it: combining aggregators by name,
/// timestampSpec, queryGranularity, rollup, ordering.
Json segment_metadata(const DataSchema& schema, const std::vector<std::string>& dimensions);

}  // namespace sarsen::ingest
