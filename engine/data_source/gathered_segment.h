#pragma once
// A segment whose columns are gathered from other segments by row number: the result of a join or of unnesting. Its
// times are those of the segment that it began with, also where rows were left out, as Druid has it. Built by one
// thread, then immutable; columns are made when first asked for.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/data_source/gathered_column.h"
#include "engine/filter/filter.h"
#include "storage/column/lazy_column.h"
#include "storage/segment/segment.h"

namespace sarsen::engine {

class GatheredSegment final : public storage::Segment {
 public:
  /// `base`: the segment that it begins with.
  GatheredSegment(std::shared_ptr<const storage::Segment> base, std::uint32_t row_count)
      : base_(std::move(base)), row_count_(row_count) {}

  /// Adds `name`, the column `from` of `segment`. A column of that name that is there already stays.
  void add(const std::string& name, std::shared_ptr<const storage::Segment> segment, const std::string& from,
           std::shared_ptr<const RowNumbers> rows);
  /// Adds all columns of `segment`; and its time, which is not listed where `segment` does not list it.
  void add_all(const std::shared_ptr<const storage::Segment>& segment, const std::shared_ptr<const RowNumbers>& rows);
  /// Adds a column of its own, or puts it in place of one; what it needs to live may be kept with it.
  void set(const std::string& name, std::unique_ptr<storage::Column> column, std::shared_ptr<const void> keeps = {});

  /// Filters that all of its rows are known to pass.
  const std::vector<FilterPtr>& passed() const noexcept { return passed_; }
  void set_passed(std::vector<FilterPtr> filters) { passed_ = std::move(filters); }

  std::uint32_t row_count() const noexcept override { return row_count_; }
  Interval data_interval() const noexcept override { return base_->data_interval(); }
  bool sorted_by_time() const noexcept override { return base_->sorted_by_time(); }
  std::optional<Interval> time_bounds() const override { return base_->time_bounds(); }
  const std::vector<std::string>& dimensions() const noexcept override { return dimensions_; }
  const std::vector<std::string>& metrics() const noexcept override { return metrics_; }
  std::vector<std::string> column_names() const override { return names_; }
  const storage::Column* column(std::string_view name) const override;
  const Json& metadata() const override { return base_->metadata(); }
  std::size_t size_bytes() const noexcept override { return 0; }

 private:
  struct Entry {
    std::shared_ptr<const storage::Segment> segment;
    std::string from;
    std::shared_ptr<const RowNumbers> rows;
    storage::LazyColumn gathered;
    std::shared_ptr<const void> keeps;
    std::unique_ptr<const storage::Column> own;
  };

  Entry* entry(const std::string& name, bool listed = true);

  std::shared_ptr<const storage::Segment> base_;
  std::uint32_t row_count_;
  std::vector<FilterPtr> passed_;
  std::vector<std::string> names_;
  std::vector<std::string> dimensions_;
  std::vector<std::string> metrics_;
  std::map<std::string, Entry, std::less<>> columns_;
};

}  // namespace sarsen::engine
