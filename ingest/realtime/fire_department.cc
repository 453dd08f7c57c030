#include "ingest/realtime/fire_department.h"

#include "ingest/row/text_lines.h"
#include "storage/base/log.h"

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
  position_ = plumber_.restore();
  if (!position_.empty() && position_.stream != spec_.firehose.feed) {
    log_warn("The position stored for data source {} is of topic {}, not {}: it is not used", data_source(),
             position_.stream, spec_.firehose.feed);
    position_ = {};
  }
  position_.stream = spec_.firehose.feed;
  source_->start(position_);
  chief_ = std::thread([this] { run(); });
}

void FireDepartment::stop() {
  stopping_ = true;
  source_->close();
  plumber_.begin_to_finish();
  if (chief_.joinable()) chief_.join();
}

void FireDepartment::run() {
  set_thread_name("chief-" + data_source());
  try {
    while (!stopping_) {
      const Batch batch = source_->poll(kPollMs);
      take(batch);
      if (plumber_.persist_is_due()) plumber_.persist(position_);
      plumber_.advance_hand_off(position_);
      if (batch.exhausted) break;
    }
  } catch (const std::exception& error) {
    log_error("Reading for data source {} has ended: {}", data_source(), error.what());
  }
  try {
    if (!plumber_.finish(position_))
      log_error("Rows of data source {} could not be persisted; they are read again after the next start",
                data_source());
  } catch (const std::exception& error) {
    log_error("Rows of data source {} could not be persisted: {}", data_source(), error.what());
  }
  ended_ = true;
}

void FireDepartment::take(const Batch& batch) {
  for (const Message& message : batch.messages) {
    if (!position_.next_offsets.contains(message.partition))
      plumber_.note_first_offset(position_.stream, message.partition, message.offset);
    take(message);
    position_.advance(message.partition, message.offset);
    if (plumber_.persist_is_due()) plumber_.persist(position_);
  }
  plumber_.flush();
}

void FireDepartment::take(const Message& message) {
  if (!message.bytes) return counts_.count(RowOutcome::kThrownAway);
  message_ = *message.bytes;
  counts_.add_bytes(message_.size());
  reader_->start_input();
  if (spec_.schema->input_format->by_lines())
    for_each_line(message_, [this](std::string_view line) { take_record(line); });
  else
    take_record(message_);
}

void FireDepartment::take_record(std::string_view record) {
  if (auto problem = reader_->read(record, take_row_)) count_problem(RowOutcome::kUnparseable, {std::move(*problem)});
}

void FireDepartment::take_row(RawRow& row) {
  const RowIntake::Result taken = intake_.take(row);
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
