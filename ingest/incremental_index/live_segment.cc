#include "ingest/incremental_index/live_segment.h"

#include <algorithm>

#include "ingest/incremental_index/live_columns.h"
#include "ingest/incremental_index/metric_column.h"
#include "storage/base/java_order.h"

namespace sarsen::ingest {
namespace {

Json ordering(const std::vector<std::string>& dimensions, std::size_t time_place) {
  Json::Array columns;
  const auto add = [&columns](std::string_view name) {
    Json::Object column;
    column.emplace_back("columnName", Json(name));
    column.emplace_back("order", Json("ascending"));
    columns.emplace_back(std::move(column));
  };
  for (std::size_t i = 0; i <= dimensions.size(); ++i) {
    if (i == time_place) add(storage::kTimeColumn);
    if (i < dimensions.size()) add(dimensions[i]);
  }
  return Json(std::move(columns));
}

Json combining_aggregators(engine::AggregatorFactories metrics) {
  std::sort(metrics.begin(), metrics.end(),
            [](const auto& left, const auto& right) { return JavaLess{}(left->name(), right->name()); });
  Json::Array aggregators;
  for (const auto& metric : metrics) aggregators.push_back(metric->combining()->to_json());
  return Json(std::move(aggregators));
}

}  // namespace

Json segment_metadata(const DataSchema& schema, const std::vector<std::string>& dimensions) {
  Json::Object metadata;
  metadata.emplace_back("container", Json(Json::Object()));
  metadata.emplace_back("aggregators", combining_aggregators(schema.metrics));
  metadata.emplace_back("timestampSpec", schema.timestamp_spec.to_json());
  metadata.emplace_back("queryGranularity", schema.granularity_spec.query_granularity().to_json());
  metadata.emplace_back("rollup", Json(schema.granularity_spec.rollup()));
  metadata.emplace_back("ordering", ordering(dimensions, schema.dimensions_spec.time_place));
  return Json(std::move(metadata));
}

LiveSegment::LiveSegment(std::shared_ptr<const IndexRows> rows, Published published)
    : rows_(std::move(rows)), published_(std::move(published)) {
  columns_.emplace(storage::kTimeColumn, make_time_column(*rows_, row_count()));
  for (const PublishedDimension& dimension : published_.dimensions) {
    const std::string& name = dimension_names_.emplace_back(dimension.dimension->schema().name);
    columns_.emplace(name, make_dimension_column(dimension, row_count()));
  }
  for (std::size_t i = 0; i < rows_->metrics.size(); ++i) {
    const std::string& name = metric_names_.emplace_back(rows_->metrics.factory(i).name());
    columns_.emplace(name, make_metric_column(*rows_, i, row_count()));
  }
  metadata_ = segment_metadata(*rows_->schema, dimension_names_);
}

LiveSegment::~LiveSegment() = default;

std::optional<Interval> LiveSegment::time_bounds() const {
  if (row_count() == 0) return std::nullopt;
  return Interval{published_.min_time_ms, published_.max_time_ms};
}

const storage::Column* LiveSegment::column(std::string_view name) const {
  const auto entry = columns_.find(name);
  return entry == columns_.end() ? nullptr : entry->second.get();
}

}  // namespace sarsen::ingest
