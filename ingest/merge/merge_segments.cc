#include "ingest/merge/merge_segments.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "ingest/merge/folded_metric.h"
#include "ingest/merge/merged_column.h"
#include "ingest/merge/merged_dictionary.h"
#include "ingest/merge/merged_metadata.h"
#include "ingest/merge/row_merge.h"
#include "storage/base/error.h"
#include "storage/segment/segment_writer.h"

namespace sarsen::ingest {
namespace {

using Segments = std::vector<std::shared_ptr<const storage::Segment>>;
using Dictionaries = std::map<const MergedColumn*, MergedDictionary>;

/// What the options want of segment number `i`.
RowChoice choice_of(const MergeOptions& options, std::size_t i) {
  RowChoice choice{.interval = options.interval, .filter = options.filter};
  if (!options.intervals.empty())
    choice.interval = options.intervals[i].intersection(options.interval.value_or(options.intervals[i]));
  if (options.rows) {
    choice.begin = options.rows->begin;
    choice.end = options.rows->end;
  }
  return choice;
}

Sources select_sources(const Segments& segments, const MergeOptions& options) {
  if (segments.empty()) throw Error(ErrorCategory::kInvalidInput, "There are no segments to merge");
  if (segments.size() > MergedRows::kSourcesMax)
    throw Error(ErrorCategory::kInvalidInput,
                "So many segments cannot be merged at a time: " + std::to_string(segments.size()));
  Sources sources;
  std::uint64_t row_count = 0;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    sources.push_back(select_rows(segments[i], choice_of(options, i)));
    row_count += sources.back().size();
  }
  if (row_count == 0)
    throw Error(ErrorCategory::kInvalidInput,
                options.interval ? "No segment has rows in the interval: " + format_iso(*options.interval)
                                 : std::string("The segments have no rows"));
  return sources;
}

Interval merged_interval(const Sources& sources, const MergeOptions& options) {
  Interval interval = sources.front().segment->data_interval();
  for (const SourceRows& source : sources) {
    const Interval other = source.segment->data_interval();
    interval = {std::min(interval.start_ms, other.start_ms), std::max(interval.end_ms, other.end_ms)};
  }
  return options.interval ? interval.intersection(*options.interval) : interval;
}

void add_dictionary(const MergedColumn& column, Dictionaries& dictionaries) {
  if (column.kind != MergedKind::kString) return;
  try {
    dictionaries.try_emplace(&column, column.columns);
  } catch (const Error& error) {
    throw Error(error.category(), "Cannot merge column \"" + column.name + "\": " + error.what());
  }
}

Dictionaries merge_dictionaries(const MergedSchema& schema) {
  Dictionaries dictionaries;
  for (const MergedColumn& column : schema.dimensions) add_dictionary(column, dictionaries);
  for (const MergedColumn& column : schema.metrics) add_dictionary(column, dictionaries);
  return dictionaries;
}

SortColumn sort_by(const MergedColumn& column, const Dictionaries& dictionaries) {
  SortColumn sort{.column = &column};
  if (column.kind == MergedKind::kStructured) sort.kind = KeyKind::kText;
  if (column.kind != MergedKind::kString) return sort;
  sort.dictionary = &dictionaries.at(&column);
  sort.kind = column.multiple_values ? KeyKind::kIds : KeyKind::kId;
  sort.null_is_zero = sort.dictionary->has_null();
  return sort;
}

SortPlan sort_plan(const MergeInput& input, const Dictionaries& dictionaries) {
  SortPlan plan{.columns = {}, .time = input.time};
  for (const MergedColumn& column : input.schema.dimensions) plan.columns.push_back(sort_by(column, dictionaries));
  plan.columns.emplace(plan.columns.begin() + static_cast<std::ptrdiff_t>(input.schema.time_place));
  return plan;
}

/// The aggregators that fold the metrics, by column.
using Folds = std::map<const MergedColumn*, std::unique_ptr<engine::AggregatorFactory>>;

Folds folds_of(const MergedSchema& schema, const KnownAggregators& aggregators) {
  Folds folds;
  for (const MergedColumn& metric : schema.metrics) {
    const auto found = aggregators.find(metric.name);
    if (found == aggregators.end())
      throw Error(
          ErrorCategory::kInvalidInput,
          "Rows cannot be rolled up, for the segments do not say by which aggregator; name it among the metrics, "
          "or merge without rollup: \"" +
              metric.name + "\"");
    if (found->second.factory == nullptr)
      throw Error(
          ErrorCategory::kUnsupported,
          "Rows cannot be rolled up by an aggregator that is not part of this version; merge without rollup: \"" +
              metric.name + "\" is " + found->second.json.dump());
    folds.emplace(&metric, folding_aggregator(*found->second.factory));
  }
  return folds;
}

std::vector<std::string> notes_of(const Sources& sources) {
  for (const SourceRows& source : sources)
    if (!source.segment->projections().empty())
      return {"Projections are not written: the merged segment has only the rows they were made from"};
  return {};
}

/// Progress in rows: each row is merged once, and once more per column.
class Progress {
 public:
  Progress(const MergeOptions& options, const MergeInput& input)
      : report_(options.progress), columns_(input.schema.dimensions.size() + input.schema.metrics.size() + 1) {
    for (const SourceRows& source : input.sources) rows_ += source.size();
  }

  void rows_merged(std::uint64_t rows) const { report(rows); }
  void column_begun() { report(rows_ * ++columns_begun_); }

 private:
  void report(std::uint64_t done) const {
    if (report_) report_(done, rows_ * (1 + columns_));
  }

  const std::function<void(std::uint64_t, std::uint64_t)>& report_;
  std::uint64_t columns_;
  std::uint64_t rows_ = 0;
  std::uint64_t columns_begun_ = 0;
};

/// The columns, each made when the writer gets to it.
storage::SegmentData segment_data(const MergeInput& input, const Dictionaries& dictionaries, const Folds& folds,
                                  Progress& progress) {
  storage::SegmentData data;
  data.sorted_by_time = input.schema.time_place == 0;
  data.row_count = static_cast<std::uint32_t>(input.rows.rows_out());
  data.make_times = [&] {
    progress.column_begun();
    return make_times(input);
  };
  const auto later = [&](const MergedColumn& column) {
    return storage::ColumnData{.name = column.name, .data = {}, .make = [&] {
                                 progress.column_begun();
                                 const auto fold = folds.find(&column);
                                 if (fold != folds.end()) return make_folded_metric(input, column, *fold->second);
                                 const auto dictionary = dictionaries.find(&column);
                                 return make_column(input, column,
                                                    dictionary == dictionaries.end() ? nullptr : &dictionary->second);
                               }};
  };
  for (const MergedColumn& column : input.schema.dimensions) data.dimensions.push_back(later(column));
  for (const MergedColumn& column : input.schema.metrics) data.metrics.push_back(later(column));
  return data;
}

bool decide_rollup(const Sources& sources, const MergeOptions& options) {
  if (options.rollup) return *options.rollup;
  return stated_rollup(sources) && (sources.size() > 1 || options.query_granularity != nullptr);
}

/// How many of the plan's columns the segment says that it is sorted by.
std::size_t stated_columns(const SortPlan& plan, const storage::Segment& segment) {
  std::size_t count = 0;
  for (const std::string& name : stated_ordering(segment)) {
    const auto is_named = [&](const SortColumn& sort) {
      return name == (sort.column == nullptr ? storage::kTimeColumn : std::string_view(sort.column->name));
    };
    if (count < plan.columns.size() && is_named(plan.columns[count]))
      ++count;
    else if (std::any_of(plan.columns.begin(), plan.columns.end(), is_named))
      break;  // otherwise the column is not stored
  }
  return count;
}

/// A segment alone keeps its order if that is what it says, and the time has the place that it is to have; segments
/// that are merged are sorted by all columns.
void sort_sources(const SortPlan& plan, MergeInput& input, bool keep_order) {
  for (std::size_t i = 0; i < input.sources.size(); ++i) {
    SourceRows& source = input.sources[i];
    const std::size_t stated = keep_order ? stated_columns(plan, *source.segment) : 0;
    const std::size_t columns = stated > input.schema.time_place ? stated : plan.columns.size();
    if (!is_sorted(plan, source, i, columns)) sort_source(plan, source, i);
  }
}

}  // namespace

bool any_rows(const Segments& segments, const MergeOptions& options) {
  for (std::size_t i = 0; i < segments.size(); ++i)
    if (select_rows(segments[i], choice_of(options, i)).size() != 0) return true;
  return false;
}

MergeReport merge_segments(const Segments& segments, const MergeOptions& options,
                           const std::filesystem::path& directory) {
  MergeInput input;
  input.sources = select_sources(segments, options);
  input.schema = merge_schemas(input.sources, options);
  for (MergedColumn& column : input.schema.dimensions)
    if (options.without_bitmap_index.contains(column.name)) column.bitmap_index = false;
  MergeReport report;
  report.interval = merged_interval(input.sources, options);
  report.rollup = decide_rollup(input.sources, options);
  report.notes = notes_of(input.sources);
  input.time = {.granularity = options.query_granularity, .start_ms = report.interval.start_ms};

  const KnownAggregators aggregators = known_aggregators(input.sources, input.schema, options);
  const Folds folds = report.rollup ? folds_of(input.schema, aggregators) : Folds();
  const Dictionaries dictionaries = merge_dictionaries(input.schema);
  Progress progress(options, input);
  const SortPlan plan = sort_plan(input, dictionaries);
  sort_sources(plan, input, input.sources.size() == 1 && !report.rollup && options.query_granularity == nullptr);
  input.rows = merge_rows(plan, input.sources, report.rollup, [&](std::uint64_t rows) { progress.rows_merged(rows); });

  const bool any_fold = input.rows.rows_out() != input.rows.rows_in();
  const Folds none;
  storage::SegmentData data = segment_data(input, dictionaries, any_fold ? folds : none, progress);
  data.interval = report.interval;
  data.metadata = merge_metadata(input.sources, input.schema, aggregators, options);
  for (const auto& segment : segments) report.bytes_in += segment->size_bytes();
  report.rows_in = input.rows.rows_in();
  report.rows_out = data.row_count;
  report.bytes_out = storage::write_segment(directory, data, options.index_spec);
  return report;
}

}  // namespace sarsen::ingest
