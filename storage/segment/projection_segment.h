#pragma once
// A projection as a segment: its columns are logical files "<projection>/<column>" of the segment it lies in. A
// grouping column that the base table has, too, shares that one's dictionary. Time is the grouping column that the
// schema names; where it names none, all rows have the start of the data interval.
//
// Format: storage/FORMAT.md, "Projections". Thread safety: as any Segment, shared by threads.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "storage/column/lazy_column.h"
#include "storage/segment/segment.h"
#include "storage/segment/smoosh.h"

namespace sarsen::storage {

class ProjectionSegment final : public Segment {
 public:
  /// `files` are those of `base`; both must outlive it. Throws kRuntimeFailure that names the field where the schema is
  /// not understood.
  ProjectionSegment(const Segment& base, const Smoosh& files, std::string path, const Projection& projection);

  std::uint32_t row_count() const noexcept override { return row_count_; }
  Interval data_interval() const noexcept override { return base_->data_interval(); }
  bool sorted_by_time() const noexcept override { return sorted_by_time_; }
  std::vector<SortKey> ordering() const override { return ordering_; }
  std::optional<Interval> time_bounds() const override;
  const std::vector<std::string>& dimensions() const noexcept override { return dimensions_; }
  const std::vector<std::string>& metrics() const noexcept override { return metrics_; }
  const Column* column(std::string_view name) const override;
  const Json& metadata() const override { return metadata_; }
  std::size_t size_bytes() const noexcept override { return size_bytes_; }

 private:
  void read_schema(const JsonField& schema);
  std::unique_ptr<Column> parse(const std::string& name) const;
  std::unique_ptr<Column> parse_grouping_column(const std::string& name) const;

  const Segment* base_;
  const Smoosh* files_;
  std::string path_;
  std::string name_;
  std::uint32_t row_count_;
  std::string time_column_;  // its stored name; empty: constant time
  std::vector<std::string> dimensions_;
  std::vector<std::string> metrics_;
  std::vector<SortKey> ordering_;
  bool sorted_by_time_ = true;
  std::size_t size_bytes_ = 0;
  Json metadata_;  // null: the schema is no metadata of a segment
  std::map<std::string, LazyColumn, std::less<>> columns_;
};

}  // namespace sarsen::storage
