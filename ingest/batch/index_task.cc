#include "ingest/batch/index_task.h"

#include <set>

#include "ingest/batch/firehose_input.h"
#include "ingest/batch/partitioner.h"
#include "ingest/batch/segment_builder.h"
#include "ingest/realtime/clock.h"
#include "ingest/row/row_reader.h"
#include "ingest/transform/row_intake.h"
#include "storage/base/error.h"
#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

constexpr std::size_t kEventShownMax = 100;
constexpr std::size_t kTombstonesMax = 100'000;

/// The work of one task: rows in, segments out.
class IndexRun {
 public:
  IndexRun(const IndexTask& task, const OutputLayout& layout, const std::function<void(const IndexProgress&)>& progress)
      : task_(task),
        input_(task.input.listed()),
        schema_(*task.schema),
        progress_(progress),
        intake_(task.schema, fields_),
        reader_(schema_.input_format ? make_row_reader(*schema_.input_format, fields_, discovers()) : nullptr),
        partitioner_(make_partitioner(task.tuning.partitions, task.schema, fields_)),
        output_(layout, schema_.data_source, format_iso(system_clock_ms()), task.append),
        builder_(task.schema, task.tuning, fields_, partitioner_.get(), output_),
        places_{layout.root, layout.metadata, layout.deep_storage, output_.root(), layout.replacing_task} {
    builder_.on_step([this] { show_progress(state_.bytes); });
    state_.bytes_total = input_.total_bytes() * (surveys() ? 2 : 1);
  }

  void run(IndexReport& report) {
    if (surveys()) {
      state_.surveying = true;
      RowCounts counts(task_.tuning.saved_parse_exceptions_max);
      read_all(
          counts,
          [this](const Interval& interval, const RawRow& row, std::int64_t time_ms) {
            partitioner_->survey(interval, row, time_ms);
            return RowOutcome::kProcessed;
          },
          report.survey_stats, report.survey_errors);
      partitioner_->end_survey();
      state_.surveying = false;
    }
    RowCounts counts(task_.tuning.saved_parse_exceptions_max);
    read_all(
        counts,
        [this](const Interval& interval, const RawRow& row, std::int64_t time_ms) {
          return builder_.add(interval, row, time_ms, problems_);
        },
        report.stats, report.errors);
    if (!surveys() && schema_.granularity_spec.intervals().empty()) note_chunks_found(report);
    state_.writing = true;
    show_progress(state_.bytes);
    builder_.finish();
    if (task_.drop_existing) output_.bury(chunks_to_replace());
    report.segments = output_.publish();
  }

 private:
  static constexpr std::uint64_t kRowsPerReport = 4096;
  using UseRow = std::function<RowOutcome(const Interval&, const RawRow&, std::int64_t time_ms)>;

  /// Where the spec has no intervals Druid looks for the chunks in a reading of its own, which makes no columns. Here
  /// one reading does both, and its numbers are those of both.
  static void note_chunks_found(IndexReport& report) {
    report.survey_stats = report.stats;
    report.survey_stats.processed += std::exchange(report.survey_stats.processed_with_error, 0);
    for (const RowError& error : report.errors)
      if (error.outcome == RowOutcome::kUnparseable) report.survey_errors.push_back(error);
  }

  /// Chunks of the task's intervals in which there are rows now.
  std::vector<Interval> chunks_to_replace() const {
    std::set<Interval> chunks;
    for (const Interval& there : output_.intervals_with_rows())
      for (const Interval& wanted : schema_.granularity_spec.intervals()) {
        const auto first = schema_.granularity_spec.segment_interval(wanted.start_ms);
        const auto last = schema_.granularity_spec.segment_interval(wanted.end_ms - 1);
        if (!first || !last) continue;
        const Interval buckets{first->start_ms, last->end_ms};
        if (!there.overlaps(buckets)) continue;
        const Interval part = there.intersection(buckets);
        for (std::int64_t time_ms = part.start_ms; time_ms < part.end_ms;) {
          const auto chunk = schema_.granularity_spec.segment_interval(time_ms);
          if (!chunk) break;
          chunks.insert(*chunk);
          if (chunks.size() > kTombstonesMax)
            throw Error(ErrorCategory::kInvalidInput,
                        "dropExisting: more than " + std::to_string(kTombstonesMax) +
                            " chunks would be replaced; use a coarser segmentGranularity");
          time_ms = chunk->end_ms;
        }
      }
    return {chunks.begin(), chunks.end()};
  }

  bool discovers() const { return schema_.dimensions_spec.discovery; }
  bool surveys() const { return partitioner_ && partitioner_->surveys(); }

  void show_progress(std::uint64_t bytes) {
    state_.bytes = bytes;
    if (counts_ != nullptr) state_.stats = counts_->stats();
    if (progress_) progress_(state_);
  }

  /// One reading of the whole input; what it counted is told even where it fails.
  void read_all(RowCounts& counts, const UseRow& use, RowStats& stats, std::vector<RowError>& errors) {
    counts_ = &counts;
    use_ = &use;
    try {
      const std::uint64_t bytes_before = state_.bytes;
      read_inputs(bytes_before);
    } catch (...) {
      stats = counts.stats();
      errors = counts.errors();
      throw;
    }
    stats = counts.stats();
    errors = counts.errors();
  }

  void read_inputs(std::uint64_t bytes_before) {
    for (std::size_t i = 0; i < input_.size(); ++i) {
      const SegmentInput* segments = input_[i].segments();
      segments != nullptr ? read_segments(*segments, bytes_before) : read_lines(i, bytes_before);
      bytes_before += input_[i].bytes();
      state_.bytes = bytes_before;
    }
  }

  void read_lines(std::size_t i, std::uint64_t bytes_before) {
    const std::vector<SystemField> system_fields = input_[i].system_fields();  // its texts are told below
    std::vector<std::pair<std::uint32_t, RawValue>> told;
    for (const SystemField& field : system_fields)
      told.emplace_back(fields_.add(field.name), field.value ? RawValue::of(*field.value) : RawValue::null());
    const RowSink take = [&](RawRow& row) {
      for (const auto& [number, value] : told) row.set_unlisted(number, value);
      take_row(row);
    };
    const auto lines = input_[i].open(places_.scratch);
    reader_->start_input();
    std::uint64_t content_bytes = 0;
    while (const auto line = lines->next()) {
      line_ = *line;
      const std::uint64_t before = std::exchange(content_bytes, lines->content_bytes());
      counts_->add_bytes(content_bytes - before);
      if (const auto problem = reader_->read(*line, take)) count_unreadable(*problem);
      if (++state_.rows % kRowsPerReport == 0) show_progress(bytes_before + lines->bytes_read());
    }
  }

  void read_segments(const SegmentInput& segments, std::uint64_t bytes_before) {
    const RowSink take = [&](RawRow& row) {
      take_row(row);
      if (++state_.rows % kRowsPerReport == 0) show_progress(bytes_before);
    };
    read_segment_rows(segments, places_, fields_, discovers(), take, [this](std::string_view id) { line_ = id; });
  }

  void take_row(RawRow& row) {
    const RowIntake::Result taken = intake_.take(row);
    if (taken.verdict == RowIntake::Verdict::kFiltered) return counts_->count(RowOutcome::kThrownAway);
    if (taken.verdict == RowIntake::Verdict::kUnparseable)
      return count_problem(RowOutcome::kUnparseable,
                           {taken.problem + " Event: " + std::string(line_.substr(0, kEventShownMax))});
    const auto interval = schema_.granularity_spec.segment_interval(taken.time_ms);
    if (!interval || !schema_.granularity_spec.wants(taken.time_ms)) return counts_->count(RowOutcome::kThrownAway);
    problems_.clear();
    const RowOutcome outcome = (*use_)(*interval, row, taken.time_ms);
    if (outcome == RowOutcome::kProcessedWithError) return count_problem(outcome, problems_);
    counts_->count(outcome);
  }

  void count_unreadable(const std::string& problem) {
    count_problem(RowOutcome::kUnparseable,
                  {"Unable to parse row [" + std::string(line_.substr(0, kEventShownMax)) + "]: " + problem});
  }

  void count_problem(RowOutcome outcome, std::vector<std::string> details) {
    const std::string first = details.front();
    if (task_.tuning.log_parse_exceptions) log_error("A row could not be read: {}", first);
    counts_->count_error(outcome, line_, std::move(details));
    const RowStats stats = counts_->stats();
    const std::uint64_t most = task_.tuning.parse_exceptions_max;
    if (stats.unparseable + stats.processed_with_error > most)
      throw Error(ErrorCategory::kInvalidInput,
                  "Max parse exceptions[" + std::to_string(most) + "] exceeded: " + first);
  }

  const IndexTask& task_;
  const InputSource input_;
  const DataSchema& schema_;
  const std::function<void(const IndexProgress&)>& progress_;
  FieldTable fields_;
  RowIntake intake_;
  std::unique_ptr<RowReader> reader_;
  std::unique_ptr<Partitioner> partitioner_;
  SegmentOutput output_;
  SegmentBuilder builder_;
  const SegmentPlaces places_;
  IndexProgress state_;
  RowCounts* counts_ = nullptr;  // of this reading
  const UseRow* use_ = nullptr;
  std::string_view line_;              // being taken
  std::vector<std::string> problems_;  // scratch
};

/// The input format of the task, by lines as Druid reads files.
InputFormat parse_format(const JsonField& io, const DataSchema& schema) {
  InputFormat format = schema.input_format && !io["inputFormat"].present() ? *schema.input_format
                                                                           : InputFormat::parse(io["inputFormat"]);
  format.first_object_only = true;
  return format;
}

/// Old specs have a firehose. Rows of segments bring their times, as __time.
InputSource parse_input(const JsonField& io, const std::filesystem::path& base_directory, DataSchema& schema) {
  const JsonField firehose = io["firehose"];
  if (!firehose.present()) return InputSource::parse(io["inputSource"], base_directory);
  const Json source = input_source_of(firehose);
  if (reads_segments(firehose)) {
    const Json time = Json::Object{{"column", storage::kTimeColumn}, {"format", "millis"}};
    schema.timestamp_spec = TimestampSpec::parse(JsonField(time));
    schema.dimensions_spec.exclusions.emplace(storage::kTimeColumn);
  }
  try {
    return InputSource::parse(JsonField(source), base_directory);
  } catch (const Error& error) {
    throw Error(error.category(), firehose.path() + ": " + error.what());
  }
}

}  // namespace

IndexTask IndexTask::parse(const Json& json, const std::filesystem::path& base_directory) {
  const JsonField root(json);
  check_index_type(root["type"], true);
  const JsonField spec = root["spec"];
  if (!spec.present()) spec.fail("missing");
  const JsonField io = spec["ioConfig"];
  if (!io.present()) io.fail("missing");
  check_index_type(io["type"], false);
  DataSchema schema = DataSchema::parse(spec["dataSchema"]);
  IndexTask task;
  task.append = io["appendToExisting"].boolean_or(false);
  task.drop_existing = io["dropExisting"].boolean_or(false);
  if (task.append && task.drop_existing)
    io["dropExisting"].fail(
        "Cannot simultaneously replace and append to existing segments. Either dropExisting or appendToExisting should "
        "be set to false");
  if (task.drop_existing && schema.granularity_spec.intervals().empty())
    io["dropExisting"].fail("GranularitySpec's intervals cannot be empty for replace.");
  task.tuning = IndexTuning::parse(spec["tuningConfig"]);
  if (task.append && task.tuning.partitions.guarantees_rollup())
    io["appendToExisting"].fail("Perfect rollup cannot be guaranteed when appending to existing dataSources");
  task.input = parse_input(io, base_directory, schema);
  if (task.input.needs_format()) schema.input_format = parse_format(io, schema);
  task.schema = std::make_shared<const DataSchema>(std::move(schema));
  return task;
}

IndexReport run_index_task(const IndexTask& task, const OutputLayout& layout,
                           const std::function<void(const IndexProgress&)>& progress, IndexReport* report) {
  IndexReport own;
  IndexReport& result = report == nullptr ? own : *report;
  IndexRun(task, layout, progress).run(result);
  return result;
}

}  // namespace sarsen::ingest
