#include "ingest/realtime/fire_department.h"

#include <algorithm>

#include "ingest/row/text_lines.h"
#include "storage/base/log.h"
#include "storage/base/thread_priority.h"

namespace sarsen::ingest {
namespace {

constexpr int kPollMs = 200;  // how often an idle department looks at its timers
constexpr std::size_t kEventShownMax = 100;

}  // namespace

FireDepartment::FireDepartment(FireDepartmentSpec spec, std::unique_ptr<Source> source, storage::Catalog& catalog,
                               SegmentAnnouncer& announcer, FireDepartmentOptions options)
    : spec_(std::move(spec)),
      source_(std::move(source)),
      plumber_(
          spec_.schema, spec_.tuning, options.persist_directory, fields_, catalog, announcer, options.clock,
          [this](const Position& position) { source_->committed(position); }, options.hand_off),
      intake_(spec_.schema, fields_),
      reader_(make_row_reader(*spec_.schema->input_format, fields_, spec_.schema->dimensions_spec.discovery)),
      take_row_([this](RawRow& row) { take_row(row); }) {}

FireDepartment::~FireDepartment() { stop(); }

void FireDepartment::start() {
  const std::string stream = spec_.firehose->stream();
  position_ = plumber_.restore();
  if (!position_.empty() && position_.stream != stream) {
    log_warn("The position stored for data source {} is of {}, not {}: it is not used", data_source(), position_.stream,
             stream);
    position_ = {};
  }
  position_.stream = stream;
  source_->start(position_);
  chief_ = std::thread([this] { run(); });
}

void FireDepartment::stop() {
  stopping_ = true;
  source_->close();
  plumber_.begin_to_finish();
  if (!chief_.joinable()) return;
  chief_.join();
  finish();
}

void FireDepartment::run() {
  set_thread_name("chief-" + data_source());
  set_thread_priority(ThreadPriority::kReading);
  try {
    read_to_the_end();
    if (stopping_) {
      take_rest();
    } else {
      log_info("The firehose of data source {} has ended", data_source());
      plumber_.end(position_);
    }
  } catch (const std::exception& error) {
    log_error("Reading for data source {} has ended: {}", data_source(), error.what());
    keep_rows();
  }
  ended_ = true;
}

/// Those from before a failure, as far as it does not concern them.
void FireDepartment::keep_rows() {
  try {
    plumber_.flush();
    plumber_.persist(position_);
  } catch (const std::exception& error) {
    log_error("The last rows of data source {} cannot be persisted; they are read again after the next start: {}",
              data_source(), error.what());
  }
}

void FireDepartment::read_to_the_end() {
  bool exhausted = false;
  while (!stopping_ && !exhausted) {
    const Batch batch = source_->poll(kPollMs);
    take(batch);
    if (batch.persist_wanted || plumber_.persist_is_due()) plumber_.persist(position_);
    plumber_.advance_hand_off(position_);
    exhausted = batch.exhausted;
  }
}

/// What was promised to be kept, once the source is closed.
void FireDepartment::take_rest() {
  for (Batch batch = source_->poll(0); !batch.messages.empty(); batch = source_->poll(0)) take(batch);
}

void FireDepartment::finish() {
  try {
    if (!plumber_.finish(position_))
      log_error("Rows of data source {} could not be persisted; they are read again after the next start",
                data_source());
  } catch (const std::exception& error) {
    log_error("Rows of data source {} could not be persisted: {}", data_source(), error.what());
  }
}

void FireDepartment::take(const Batch& batch) {
  batch_ = &batch;
  const auto spent = [](const RowLimit& limit) { return limit.rows_left != nullptr && *limit.rows_left <= 0; };
  for (const Message& message : batch.messages) {
    if (std::any_of(batch.limits.begin(), batch.limits.end(), spent)) break;
    take(message);
    if (plumber_.is_full()) plumber_.persist(position_);
  }
  plumber_.flush();
  if (!batch.messages.empty()) plumber_.note_progress();
  batch_ = nullptr;
}

std::int64_t& FireDepartment::next_offset(const Message& message) {
  return next_offsets_.of(message, position_.next_offsets, [&](const StreamPartition& partition) {
    plumber_.note_first_offset(position_.stream, partition, message.offset);
  });
}

void FireDepartment::take(const Message& message) {
  replaying_ = message.replayed;
  std::int64_t& offset = next_offset(message);
  if (!message.bytes) {
    counts_.count(RowOutcome::kThrownAway);
  } else {
    message_ = *message.bytes;
    message.row != nullptr ? take_values(*message.row) : take_bytes(message);
  }
  if (!replaying_) offset = message.offset + 1;
}

void FireDepartment::take_bytes(const Message& message) {
  if (!replaying_) counts_.add_bytes(message_.size());
  if (message.begins_input) reader_->start_input();
  if (message.begins_input && spec_.schema->input_format->by_lines())
    for_each_line(message_, [this](std::string_view line) { take_record(line); });
  else
    take_record(message_);
}

void FireDepartment::take_values(const NamedValues& values) {
  row_.clear();
  for (const auto& [name, value] : values) {
    const auto field = spec_.schema->dimensions_spec.discovery ? std::optional(fields_.add(name)) : fields_.find(name);
    if (field) row_.set(*field, value);
  }
  take_row(row_);
}

void FireDepartment::take_record(std::string_view record) {
  auto problem = reader_->read(record, take_row_);
  if (!problem || replaying_) return;
  count_against_limits();
  count_problem(RowOutcome::kUnparseable, {std::move(*problem)});
}

/// Whether the wrappers around the source let the row through.
bool FireDepartment::within_limits(std::int64_t time_ms) {
  for (const RowLimit& limit : batch_->limits) {
    if (!limit.interval.contains(time_ms)) return false;
    if (limit.rows_left == nullptr) continue;
    if (*limit.rows_left <= 0) return false;
    --*limit.rows_left;
  }
  return true;
}

/// A row without a time.
void FireDepartment::count_against_limits() {
  for (const RowLimit& limit : batch_->limits)
    if (limit.rows_left != nullptr && *limit.rows_left > 0) --*limit.rows_left;
}

void FireDepartment::take_row(RawRow& row) {
  if (replaying_) return;
  const RowIntake::Result taken = intake_.take(row);
  if (taken.verdict != RowIntake::Verdict::kTaken)
    count_against_limits();
  else if (!within_limits(taken.time_ms))
    return;
  if (taken.verdict == RowIntake::Verdict::kFiltered) return counts_.count(RowOutcome::kThrownAway);
  if (taken.verdict == RowIntake::Verdict::kUnparseable)
    return count_problem(RowOutcome::kUnparseable,
                         {taken.problem + " Event: " + std::string(message_.substr(0, kEventShownMax))});
  problems_.clear();
  const RowOutcome outcome = plumber_.add(row, taken.time_ms, problems_);
  if (outcome == RowOutcome::kProcessedWithError) return count_problem(outcome, problems_);
  counts_.count(outcome);
}

void FireDepartment::count_problem(RowOutcome outcome, std::vector<std::string> details) {
  const std::string first = details.empty() ? "" : details.front();
  counts_.count_error(outcome, message_, std::move(details));
  if (spec_.tuning.report_parse_exceptions)
    throw Error(ErrorCategory::kInvalidInput, "A row could not be read, and reportParseExceptions is set: " + first);
}

}  // namespace sarsen::ingest
