#include "storage/segment/projection_segment.h"

#include <algorithm>
#include <utility>

#include "storage/base/error.h"
#include "storage/column/column_source.h"
#include "storage/segment/segment_metadata.h"
#include "storage/segment/time_bounds.h"

namespace sarsen::storage {

ProjectionSegment::ProjectionSegment(const Segment& base, const Smoosh& files, std::string path,
                                     const Projection& projection)
    : base_(&base), files_(&files), path_(std::move(path)), name_(projection.name), row_count_(projection.row_count) {
  at_place({path_, name_, ""}, [&] {
    check_format(row_count_ <= base_->row_count(), "more rows than the table it sums up");
    read_schema(JsonField(projection.schema));
    columns_.try_emplace(std::string(kTimeColumn));
    for (const auto* names : {&dimensions_, &metrics_})
      for (const std::string& name : *names)
        check_format(columns_.try_emplace(name).second, "a column is listed twice");
  });
  const std::string prefix = name_ + '/';
  const auto& logical = files.logical_files();
  for (auto file = logical.lower_bound(prefix); file != logical.end() && file->first.starts_with(prefix); ++file)
    size_bytes_ += file->second.size();
}

void ProjectionSegment::read_schema(const JsonField& schema) {
  time_column_ = schema["timeColumnName"].string_or("");
  if (schema["groupingColumns"].present()) {
    for (const JsonField& column : schema["groupingColumns"].elements()) {
      if (column.string() != time_column_) dimensions_.push_back(column.string());
    }
  }
  if (schema["aggregators"].present()) {
    for (const JsonField& aggregator : schema["aggregators"].elements())
      metrics_.push_back(aggregator["name"].string());
  }
  if (schema["ordering"].present()) ordering_ = read_sort_keys(schema["ordering"]);
  for (SortKey& key : ordering_) {
    if (key.column == time_column_) key.column = kTimeColumn;
  }
  sorted_by_time_ = time_column_.empty() || is_by_time(ordering_);
}

std::optional<Interval> ProjectionSegment::time_bounds() const {
  return time_bounds_of(*column(kTimeColumn), sorted_by_time_);
}

const Column* ProjectionSegment::column(std::string_view name) const {
  const auto found = columns_.find(name);
  if (found == columns_.end()) return nullptr;
  return found->second.get([&] { return parse(found->first); });
}

std::unique_ptr<Column> ProjectionSegment::parse(const std::string& name) const {
  if (std::ranges::find(dimensions_, name) != dimensions_.end()) return parse_grouping_column(name);
  const bool time = name == kTimeColumn;
  if (time && time_column_.empty()) return make_constant_column(base_->data_interval().start_ms, row_count_);
  const std::string file_name = name_ + '/' + (time ? time_column_ : name);
  const Place place{path_, file_name, ""};
  const auto file = files_->find(file_name);
  if (!file) throw Error(ErrorCategory::kRuntimeFailure, place.text() + ": no such logical file");
  std::unique_ptr<Column> column = parse_column(*file, row_count_, *files_, place);
  at_place(place, [&] { check_format(!time || column->long_reader() != nullptr, "not a column of longs"); });
  return column;
}

// Druid 32 and 33 leave out the file of a column that has no value.
std::unique_ptr<Column> ProjectionSegment::parse_grouping_column(const std::string& name) const {
  const std::string file_name = name_ + '/' + name;
  const auto file = files_->find(file_name);
  if (!file) return make_null_column(ValueType::kString, "", row_count_);
  return parse_column(*file, row_count_, *files_, {path_, file_name, ""}, base_->column(name));
}

}  // namespace sarsen::storage
