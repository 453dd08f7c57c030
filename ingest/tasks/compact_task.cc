// compact: the visible segments of an interval become new ones, of a newer version, by way of the merge code: rows are
// merged, rolled up and cut as asked for. Where partitions go by values, or dimensions get other types, the merged rows
// then take the way of batch tasks.

#include <algorithm>
#include <filesystem>
#include <map>

#include "ingest/batch/index_task.h"
#include "ingest/merge/merge_segments.h"
#include "ingest/merge/merged_schema.h"
#include "ingest/merge/source_rows.h"
#include "ingest/tasks/compact_rebuild.h"
#include "ingest/tasks/compact_report.h"
#include "ingest/tasks/compact_spec.h"
#include "ingest/tasks/compaction_state.h"
#include "ingest/tasks/existing_schema.h"
#include "ingest/tasks/stated_publication.h"
#include "ingest/tasks/task_inputs.h"
#include "ingest/tasks/task_toolbox.h"
#include "ingest/tasks/task_types.h"
#include "ingest/tasks/without_effect.h"
#include "storage/base/error.h"
#include "storage/base/log.h"
#include "storage/segment/mapped_segment.h"

namespace sarsen::ingest {
namespace {

namespace fs = std::filesystem;

using Segments = std::vector<std::shared_ptr<const storage::Segment>>;

/// The timeline, and what points into it.
struct CompactPlan {
  std::shared_ptr<const storage::Timeline> timeline;
  std::vector<CompactChunk> chunks;

  std::vector<Interval> intervals() const {
    std::vector<Interval> all;
    for (const CompactChunk& chunk : chunks) all.push_back(chunk.interval);
    return all;
  }
  /// To be locked: chunks that meet are one.
  std::vector<Interval> locks() const {
    std::vector<Interval> all;
    for (const CompactChunk& chunk : chunks)
      if (!all.empty() && chunk.interval.start_ms <= all.back().end_ms)
        all.back().end_ms = std::max(all.back().end_ms, chunk.interval.end_ms);
      else
        all.push_back(chunk.interval);
    return all;
  }
  std::set<storage::SegmentId> segments() const {
    std::set<storage::SegmentId> ids;
    for (const CompactChunk& chunk : chunks)
      for (const storage::TimelineHit& hit : chunk.hits) ids.insert(hit.entry->id);
    return ids;
  }
};

class CompactRun {
 public:
  CompactRun(const CompactSpec& spec, TaskToolbox& toolbox)
      : spec_(spec), toolbox_(toolbox), report_(spec, toolbox.identity()) {}

  Json run() {
    log_without_effect(toolbox_.identity().payload);
    const CompactPlan plan = lock_plan();
    OutputLayout layout = toolbox_.output(spec_.lock_type);
    StatedPublication stated(*layout.publication, [this](const Interval& chunk) { return state_of(chunk); });
    if (spec_.store_state) layout.publication = &stated;
    SegmentOutput output(layout, spec_.data_source, "", false);
    log_info("Generated [{}] compaction task specs", plan.chunks.size());
    if (plan.chunks.size() > 1 && spec_.segment_granularity) note_existing(plan);
    for (const CompactChunk& chunk : plan.chunks) compact(chunk, output);
    // Without a filter every row is written again: where old segments are not hidden, they answer for nothing.
    if (spec_.drop_existing || spec_.filter == nullptr) {
      const auto read = plan.segments();
      toolbox_.replace({read.begin(), read.end()});
    }
    report_.note_written(output.publish());
    return report_.to_json();
  }

 private:
  /// What is visible may change until the locks are there, and what was published just before is served.
  CompactPlan lock_plan() {
    while (true) {
      const CompactPlan seen = plan();
      toolbox_.acquire({spec_.lock_type, spec_.data_source, seen.locks()});
      toolbox_.wait_for_hand_off(spec_.lock_type, seen.locks());
      CompactPlan locked = plan();
      if (locked.intervals() == seen.intervals()) return locked;
      toolbox_.release_locks();
    }
  }

  CompactPlan plan() const {
    const TaskServices& services = toolbox_.services();
    const InputPlaces places{services.catalog, services.metadata, services.deep_storage, toolbox_.directory()};
    CompactPlan made{.timeline = input_timeline(places, spec_.data_source, appended()), .chunks = {}};
    if (made.timeline->empty())
      throw Error(ErrorCategory::kNotFound, "There is no data source to compact: " + spec_.data_source);
    made.chunks = compact_chunks(spec_, *made.timeline, spec_.interval ? *spec_.interval : umbrella(*made.timeline));
    if (spec_.segments) check_segments(made);
    return made;
  }

  bool is_concurrent() const { return spec_.lock_type == TaskLockType::kReplace; }

  /// Ids of what was appended since the task has its locks: it is no input, but upgraded when the task publishes.
  std::set<std::string> appended() const {
    if (!is_concurrent()) return {};
    return toolbox_.services().metadata.appended_meanwhile(toolbox_.identity().id);
  }

  Interval umbrella(const storage::Timeline& timeline) const {
    std::optional<Interval> all;
    for (const auto& [id, entry] : timeline.entries()) {
      if (!spec_.segments->contains(id.text())) continue;
      all = all ? Interval{std::min(all->start_ms, id.interval.start_ms), std::max(all->end_ms, id.interval.end_ms)}
                : id.interval;
    }
    if (!all) throw Error(ErrorCategory::kNotFound, "None of the segments to compact is in use");
    return *all;
  }

  /// As Druid: it is all or nothing.
  void check_segments(const CompactPlan& plan) const {
    std::set<std::string> visible;
    for (const storage::SegmentId& id : plan.segments()) visible.insert(id.text());
    if (visible != *spec_.segments)
      throw Error(ErrorCategory::kInvalidInput,
                  "Specified segments in the spec are different from the current used segments of their intervals");
  }

  void compact(const CompactChunk& chunk, SegmentOutput& output) {
    toolbox_.interrupt().check();
    MergeOptions options = options_of(chunk);
    const Segments segments = sources(chunk, options);
    const std::uint64_t rows = spec_.filter != nullptr ? rows_before_filter(segments, options) : 0;
    std::uint64_t rows_in = 0;
    if (any_rows(segments, options))
      rows_in =
          is_rebuilt(segments) ? rebuild(chunk, segments, options, output) : merge(chunk, segments, options, output);
    if (spec_.filter != nullptr) report_.of(chunk.interval).stats.thrown_away += rows - rows_in;
  }

  /// Says how many rows it took.
  std::uint64_t merge(const CompactChunk& chunk, const Segments& segments, const MergeOptions& options,
                      SegmentOutput& output) {
    const fs::path merged = toolbox_.directory() / "merged";
    fs::remove_all(merged);
    const MergeReport done = merge_segments(segments, options, merged);
    for (const std::string& note : done.notes) log_warn("{}", note);
    log_info("Compacted {} rows of [{}] segments in {} to {}", done.rows_in, segments.size(),
             format_iso(chunk.interval), done.rows_out);
    report_.of(chunk.interval).stats.processed += done.rows_in;
    toolbox_.set_report(report_.live());
    const std::vector<RowRange> ranges = ranges_of(chunk.interval, done.rows_out);
    if (ranges.size() == 1)
      stage(chunk.interval, merged, done, output);
    else
      cut(chunk.interval, merged, ranges, output);
    return done.rows_in;
  }

  static std::uint64_t rows_before_filter(const Segments& segments, const MergeOptions& options) {
    std::uint64_t rows = 0;
    for (std::size_t i = 0; i < segments.size(); ++i)
      rows += select_rows(segments[i], {.interval = options.intervals[i]}).size();
    return rows;
  }

  MergeOptions options_of(const CompactChunk& chunk) const {
    MergeOptions options;
    options.rollup = spec_.rollup;
    options.metrics = spec_.reshaping.metrics;
    options.query_granularity = spec_.query_granularity;
    options.interval = chunk.interval;
    options.filter = spec_.filter;
    options.before_time = spec_.before_time;
    options.index_spec = spec_.tuning.index_spec;
    options.progress = [this](std::uint64_t, std::uint64_t) { toolbox_.interrupt().check(); };
    return options;
  }

  /// What chunks of one specification have in common is known before the first of them is made.
  void note_existing(const CompactPlan& plan) {
    for (const CompactChunk& chunk : plan.chunks)
      for (const storage::TimelineHit& hit : chunk.hits)
        for (const auto& segment : hit.entry->segment->acquire()) existing_of(chunk).add(hit.entry->id, *segment);
  }
  ExistingSchema& existing_of(const CompactChunk& chunk) { return existing_[report_.group_of(chunk.interval)]; }

  /// Whether metrics are wanted that only ingestion can make: of texts, with expressions or filters.
  bool ingests_metrics(const Segments& segments) const {
    try {
      for (const auto& segment : segments) reshape(segment, spec_.reshaping);
      return false;
    } catch (const Error& error) {
      if (error.category() == ErrorCategory::kUnsupported) return true;
      throw;
    }
  }

  /// The specification's, else as segments have them.
  std::vector<DimensionSchema> dimensions_of(const CompactChunk& chunk) {
    if (spec_.reshaping.dimensions) return spec_.dimension_schemas;
    const Json existing = existing_of(chunk).dimensions_spec();
    std::vector<DimensionSchema> dimensions = DimensionsSpec::parse(JsonField(existing)).dimensions;
    if (spec_.reshaping.metrics)
      for (const auto& metric : *spec_.reshaping.metrics)
        std::erase_if(dimensions, [&](const DimensionSchema& dimension) { return dimension.name == metric->name(); });
    return dimensions;
  }

  /// Where metrics are ingested, with all their columns.
  Segments sources(const CompactChunk& chunk, MergeOptions& options) {
    Segments segments = stored_sources(chunk, options);
    dimensions_ = dimensions_of(chunk);
    ingests_metrics_ = ingests_metrics(segments);
    Reshaping reshaping = ingests_metrics_ ? Reshaping() : spec_.reshaping;
    reshaping.as_logical_types = true;
    if (ingests_metrics_) {
      options.metrics.reset();
      options.rollup = false;
      options.query_granularity = nullptr;  // metrics may be made of the time
    } else {
      reshaping.dimensions.emplace();
      for (const DimensionSchema& dimension : dimensions_) reshaping.dimensions->push_back(dimension.name);
      options.dimension_order = *reshaping.dimensions;
    }
    for (auto& segment : segments) segment = reshape(segment, reshaping);
    return segments;
  }

  Segments stored_sources(const CompactChunk& chunk, MergeOptions& options) {
    Segments segments;
    for (const storage::TimelineHit& hit : chunk.hits) {
      const bool first = read_.insert(hit.entry->id).second;
      report_.note_read(chunk.interval, first ? 1 : 0);
      for (const auto& segment : hit.entry->segment->acquire()) {
        if (first) report_.of(chunk.interval).stats.processed_bytes += segment->size_bytes();
        existing_of(chunk).add(hit.entry->id, *segment);
        segments.push_back(segment);
        options.intervals.push_back(hit.interval);
      }
    }
    return segments;
  }

  Json state_of(const Interval& chunk) const {
    return compaction_state(spec_, existing_.at(report_.group_of(chunk)), chunk);
  }

  /// Whether a dimension of it is to get another type, or the index of places, or to lose it.
  bool is_retyped(const storage::Segment& segment) const {
    return std::any_of(dimensions_.begin(), dimensions_.end(), [&](const DimensionSchema& dimension) {
      const storage::Column* column = segment.column(dimension.name);
      return column != nullptr && is_retyped(dimension, *column);
    });
  }

  static bool is_retyped(const DimensionSchema& dimension, const storage::Column& column) {
    if (is_structured(column) != (dimension.type == storage::ValueType::kVariant)) return true;
    if (is_structured(column)) return dimension.cast_to != (column.enforces_type() ? column.logical_type() : "");
    return column.type() != dimension.type || (column.spatial_index() != nullptr) != dimension.spatial;
  }

  /// Whether merging is not enough: rows go by their values, or change them.
  bool is_rebuilt(const Segments& segments) const {
    return ingests_metrics_ || spec_.tuning.partitions.kind != PartitionsSpec::Kind::kDynamic || spec_.discovery ||
           std::any_of(segments.begin(), segments.end(), [&](const auto& segment) { return is_retyped(*segment); });
  }

  /// As they say themselves, as far as nobody else does.
  bool is_rolled_up(const Segments& pieces) const {
    return spec_.rollup.value_or(std::all_of(pieces.begin(), pieces.end(), [](const auto& piece) {
      const Json* stated = piece->metadata().is_object() ? piece->metadata().find("rollup") : nullptr;
      return stated != nullptr && stated->is_bool() && stated->boolean();
    }));
  }

  /// Segments become one before, but for those that do not fit together before their dimensions have one type.
  Segments pieces_of(const Segments& segments, const MergeOptions& options, const fs::path& folder,
                     std::uint64_t& rows_in) const {
    const bool together = !ingests_metrics_ && std::none_of(segments.begin(), segments.end(),
                                                            [&](const auto& segment) { return is_retyped(*segment); });
    Segments pieces;
    const auto add = [&](const Segments& merged, const MergeOptions& how) {
      if (!any_rows(merged, how)) return;
      const fs::path path = folder / std::to_string(pieces.size());
      rows_in += merge_segments(merged, how, path).rows_in;
      pieces.push_back(storage::open_segment(path));
    };
    if (together) add(segments, options);
    for (std::size_t i = 0; !together && i < segments.size(); ++i) {
      MergeOptions alone = options;
      alone.intervals = {options.intervals[i]};
      add({segments[i]}, alone);
    }
    return pieces;
  }

  /// Says how many rows it took.
  std::uint64_t rebuild(const CompactChunk& chunk, const Segments& segments, const MergeOptions& options,
                        SegmentOutput& output) {
    const fs::path folder = toolbox_.directory() / "merged";
    fs::remove_all(folder);
    fs::create_directories(folder);
    std::uint64_t rows_in = 0;
    Segments pieces = pieces_of(segments, options, folder, rows_in);
    const bool rollup = ingests_metrics_ ? spec_.rollup.value_or(existing_of(chunk).rollup()) : is_rolled_up(pieces);
    const RebuiltShape shape{dimensions_, rollup, ingests_metrics_};
    rebuilt_.push_back(std::make_unique<CompactRebuild>(spec_, chunk.interval, std::move(pieces), shape));
    RowCounts counts(spec_.tuning.saved_parse_exceptions_max);
    rebuilt_.back()->run(output, counts, [this] { toolbox_.interrupt().check(); });
    fs::remove_all(folder);
    IndexReport& report = report_.of(chunk.interval);
    const std::uint64_t bad = counts.stats().processed_with_error;
    report.stats.processed += rows_in - std::min(bad, rows_in);
    report.stats.processed_with_error += bad;
    for (RowError& error : counts.errors()) report.errors.push_back(std::move(error));
    log_info("Compacted {} rows of [{}] segments in {} by their values", rows_in, segments.size(),
             format_iso(chunk.interval));
    toolbox_.set_report(report_.live());
    return rows_in;
  }

  void stage(const Interval& chunk, const fs::path& files, const MergeReport& done, SegmentOutput& output) {
    const auto segment = storage::open_segment(files);
    fs::rename(files, output.staging_path());
    output.add(chunk, done.rows_out, done.bytes_out, segment->dimensions(), segment->metrics());
  }

  /// The rows of the chunk's segments. As in Druid, all segments of a specification end where one of them is full, and
  /// where their rows are too many together: so chunks are not cut each for itself.
  std::vector<RowRange> ranges_of(const Interval& chunk, std::uint32_t rows) {
    const PartitionsSpec& partitions = spec_.tuning.partitions;
    std::uint64_t& open = open_rows_[report_.group_of(chunk)];
    std::vector<RowRange> ranges;
    for (std::uint32_t begin = 0; begin < rows;) {
      const std::uint64_t room = std::max<std::uint64_t>(
          1, std::min<std::uint64_t>(partitions.rows_per_segment_max, partitions.total_rows_max - open));
      const auto length = static_cast<std::uint32_t>(std::min<std::uint64_t>(rows - begin, room));
      ranges.push_back({begin, begin + length});
      begin += length;
      open += length;
      if (length == room) open = 0;
    }
    return ranges;
  }

  void cut(const Interval& chunk, const fs::path& files, const std::vector<RowRange>& ranges, SegmentOutput& output) {
    const auto whole = storage::open_segment(files);
    for (const RowRange& range : ranges) {
      toolbox_.interrupt().check();
      MergeOptions options;
      options.index_spec = spec_.tuning.index_spec;
      options.rows = range;
      const MergeReport piece = merge_segments({whole}, options, output.staging_path());
      output.add(chunk, piece.rows_out, piece.bytes_out, whole->dimensions(), whole->metrics());
    }
  }

  const CompactSpec& spec_;
  TaskToolbox& toolbox_;
  CompactReport report_;
  std::vector<DimensionSchema> dimensions_;               // of the present chunk
  bool ingests_metrics_ = false;                          // the same
  std::set<storage::SegmentId> read_;                     // whose bytes are counted
  std::map<Interval, ExistingSchema> existing_;           // by group_of()
  std::map<Interval, std::uint64_t> open_rows_;           // of segments that have not ended, by group_of()
  std::vector<std::unique_ptr<CompactRebuild>> rebuilt_;  // what their segments are described by
};

class CompactTask final : public Task {
 public:
  explicit CompactTask(CompactSpec spec) : spec_(std::move(spec)) {}
  Json run(TaskToolbox& toolbox) const override { return CompactRun(spec_, toolbox).run(); }

 private:
  const CompactSpec spec_;
};

}  // namespace

std::unique_ptr<Task> make_compact_task(const JsonField& json, const fs::path&) {
  return std::make_unique<CompactTask>(CompactSpec::parse(json));
}

}  // namespace sarsen::ingest
