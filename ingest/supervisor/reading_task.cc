#include "ingest/supervisor/reading_task.h"

#include <chrono>

#include "ingest/tasks/pending_segments.h"
#include "storage/base/error.h"
#include "storage/base/log.h"
#include "storage/base/thread_priority.h"

namespace sarsen::ingest {
namespace {

constexpr int kPollMs = 200;  // how often an idle task looks at its timers
constexpr std::chrono::seconds kOffsetRetry{30};
constexpr std::size_t kEventShownMax = 100;

// Druid's names for what goes wrong.
constexpr const char* kOffsetFailure = "org.apache.kafka.clients.consumer.OffsetOutOfRangeException";
constexpr const char* kLockFailure = "org.apache.druid.java.util.common.ISE";

std::int64_t steady_us() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

bool discovers(const DataSchema& schema) { return schema.dimensions_spec.discovery; }

}  // namespace

ReadingTask::ReadingTask(std::shared_ptr<const SupervisorSpec> spec, const SupervisorServices& services, Stream& stream,
                         ReadingTaskOptions options)
    : spec_(std::move(spec)),
      services_(services),
      stream_(stream),
      options_(std::move(options)),
      created_ms_(services.clock()),
      note_(services.notes(), options_.id),
      locks_(services.locks, *spec_, options_.id, [this](const std::string& reason) { note_wait(reason); }),
      intake_(spec_->schema, fields_),
      records_(spec_->io.input_format, fields_, discovers(*spec_->schema), spec_->io.stream),
      take_row_([this](RawRow& row) { take_row(row); }),
      take_problem_([this](std::string problem) { count_problem(RowOutcome::kUnparseable, {std::move(problem)}); }),
      position_(options_.start),
      counts_(spec_->tuning.saved_parse_exceptions_max) {
  progress_.current = progress_.published = options_.start;
}

ReadingTask::~ReadingTask() {
  abort("the task is not wanted any more");
  if (thread_.joinable()) thread_.join();
  if (publisher_) publisher_->stop();
  const bool uncertain = publisher_ && publisher_->is_uncertain();
  publisher_ = nullptr;
  sequence_ = nullptr;
  if (uncertain)
    note_.keep();  // by the next start it is known
  else
    discard_pending();
}

/// What it was to fill and has not published.
void ReadingTask::discard_pending() {
  try {
    discard(services_.store.pending_of(id()), services_.store, services_.deep_storage);
  } catch (const std::exception& error) {
    note_.keep();
    log_warn("Task[{}] leaves pending segments until the next start: {}", id(), error.what());
  }
}

void ReadingTask::start() {
  SequencePublisher::Listener listener;
  listener.published = [this](const Position& position) {
    const std::lock_guard lock(mutex_);
    progress_.published = position;
    if (source_) source_->committed(position);
  };
  // The last sequence may have been pushed since the publisher found that it had no other.
  listener.idle = [this] {
    if (progress().state == State::kPublishing && publisher_->is_idle()) set_state(State::kSucceeded);
  };
  listener.failed = [this](const std::string& reason, bool inconsistent) { fail(reason, inconsistent); };
  publisher_ =
      std::make_unique<SequencePublisher>(spec_, services_, locks_, "publish-" + spec_->id, std::move(listener));
  thread_ = std::thread([this] { run(); });
}

void ReadingTask::finish() {
  finishing_ = true;
  const std::lock_guard lock(mutex_);
  if (source_) source_->close();
  woken_.notify_all();
}

void ReadingTask::abort(const std::string& reason) {
  if (progress().state != State::kSucceeded) fail(reason, false);
}

ReadingTask::Progress ReadingTask::progress() const {
  const std::lock_guard lock(mutex_);
  return progress_;
}

void ReadingTask::set_state(State state) {
  {
    const std::lock_guard lock(mutex_);
    if (progress_.state == State::kFailed || progress_.state == State::kSucceeded) return;
    progress_.state = state;
    if (state == State::kPublishing) progress_.publishing_since_ms = services_.clock();
    if (state == State::kSucceeded) progress_.ended_ms = services_.clock();
  }
  options_.changed();
}

void ReadingTask::fail(const std::string& reason, bool inconsistent) {
  {
    const std::lock_guard lock(mutex_);
    if (progress_.state != State::kFailed && progress_.state != State::kSucceeded) {
      progress_.state = State::kFailed;
      progress_.error = reason;
      progress_.inconsistent = inconsistent;
      progress_.ended_ms = services_.clock();
    }
    stopping_ = true;
    locks_.stop();
    if (source_) source_->close();
    if (writing_ != nullptr) writing_->begin_to_stop();
    woken_.notify_all();
  }
  if (publisher_) publisher_->begin_to_stop();
  options_.changed();
}

void ReadingTask::run() {
  set_thread_name("kafka-" + spec_->id + "-" + std::to_string(options_.group));
  set_thread_priority(ThreadPriority::kReading);
  try {
    open_sequence();
    while (should_read()) read();
    if (!stopping_) end_reading();
  } catch (const std::exception& error) {
    log_error("Task[{}] has failed: {}", id(), error.what());
    fail(error.what(), false);
  }
}

/// With one source, until the task is to end or the source cannot go on.
void ReadingTask::read() {
  {
    const std::shared_ptr<Source> source = stream_.open();
    const std::lock_guard lock(mutex_);
    source_ = source;
  }
  try {
    source_->start(position_);
    while (should_read()) poll(*source_);
  } catch (const OffsetOutOfRange& error) {
    wait_out(error);
  }
  const std::lock_guard lock(mutex_);
  source_ = nullptr;
}

void ReadingTask::poll(Source& source) {
  const std::int64_t now_ms = services_.clock();
  window_ = RowWindow::of(spec_->io, created_ms_, now_ms);
  rates_.tick(now_ms, counts_.stats());
  locks_.check();
  take(wait_for_messages(source));
  if (sequence_->persist_is_due()) sequence_->persist(position_);
  const auto& hand_off_period_ms = spec_->tuning.intermediate_hand_off_period_ms;
  if (hand_off_period_ms && now_ms - sequence_->created_ms() >= *hand_off_period_ms) cut_if_due();
}

Batch ReadingTask::wait_for_messages(Source& source) {
  const std::int64_t begin_us = steady_us();
  Batch batch = source.poll(kPollMs);
  idle_ratio_.note(begin_us, steady_us());
  return batch;
}

/// As Druid: with resetOffsetAutomatically an offset that has become too old is given up, with the rows before; all
/// else is waited out, for an operator.
void ReadingTask::wait_out(const OffsetOutOfRange& error) {
  const bool reset = spec_->tuning.reset_offset_automatically && error.wanted < error.available.low;
  if (reset) {
    {
      const std::lock_guard lock(mutex_);
      progress_.reset_wanted = error.partition;
    }
    throw Error(ErrorCategory::kRuntimeFailure, error.what());
  }
  log_warn("Task[{}]: {}: trying again in {} seconds; the supervisor's reset API gives the offset up", id(),
           error.what(), kOffsetRetry.count());
  std::unique_lock lock(mutex_);
  progress_.trouble = {services_.clock(), kOffsetFailure, error.what(), true};
  woken_.wait_for(lock, kOffsetRetry, [this] { return !should_read(); });
  progress_.trouble.reset();
}

void ReadingTask::note_wait(const std::string& reason) {
  const std::lock_guard lock(mutex_);
  progress_.trouble.reset();
  if (!reason.empty()) progress_.trouble = {services_.clock(), kLockFailure, reason, false};
}

void ReadingTask::take(const Batch& batch) {
  for (const Message& message : batch.messages) {
    take(message);
    next_offsets_.of(message, position_.next_offsets, [](const StreamPartition&) {}) = message.offset + 1;
    if (sequence_->is_full()) {
      cut_if_due();
    } else if (sequence_->memory_is_full()) {
      sequence_->persist(position_);
    }
  }
  sequence_->flush();
  if (batch.messages.empty()) return;
  const std::lock_guard lock(mutex_);
  progress_.current = position_;
}

void ReadingTask::take(const Message& message) {
  message_ = &message;
  if (message.bytes) counts_.add_bytes(message.bytes->size());
  if (!records_.read(message, take_row_, take_problem_)) counts_.count(RowOutcome::kThrownAway);
}

void ReadingTask::take_row(RawRow& row) {
  const RowIntake::Result taken = intake_.take(row);
  if (taken.verdict == RowIntake::Verdict::kUnparseable) {
    const std::string_view event = message_->bytes.value_or("");
    return count_problem(RowOutcome::kUnparseable,
                         {taken.problem + " Event: " + std::string(event.substr(0, kEventShownMax))});
  }
  if (taken.verdict == RowIntake::Verdict::kFiltered || !window_.contains(taken.time_ms))
    return counts_.count(RowOutcome::kThrownAway);
  problems_.clear();
  const RowOutcome outcome = sequence_->add(row, taken.time_ms, problems_);
  if (outcome == RowOutcome::kProcessedWithError) return count_problem(outcome, problems_);
  counts_.count(outcome);
}

void ReadingTask::count_problem(RowOutcome outcome, std::vector<std::string> details) {
  if (spec_->tuning.log_parse_exceptions)
    log_warn("Task[{}] has met a row with a problem: {}", id(), details.empty() ? "" : details.front());
  counts_.count_error(outcome, message_->bytes.value_or(""), std::move(details));
  const RowStats stats = counts_.stats();
  if (stats.unparseable + stats.processed_with_error > spec_->tuning.parse_exceptions_max)
    throw Error(ErrorCategory::kInvalidInput,
                "Max parse exceptions[" + std::to_string(spec_->tuning.parse_exceptions_max) + "] exceeded");
}

void ReadingTask::open_sequence() {
  sequence_ = std::make_unique<Sequence>(spec_, services_, locks_, id() + "_" + std::to_string(sequences_++), fields_,
                                         position_);
  const std::lock_guard lock(mutex_);
  writing_ = sequence_.get();
  if (stopping_) writing_->begin_to_stop();
}

/// Nothing has been read: nothing is to be published.
void ReadingTask::close_sequence() {
  if (sequence_->start() == position_) return;
  sequence_->close(position_);
  {
    const std::lock_guard lock(mutex_);
    writing_ = nullptr;
  }
  publisher_->push(std::move(sequence_));
}

void ReadingTask::cut_if_due() {
  if (sequence_->start() == position_) return;
  close_sequence();
  open_sequence();
}

/// The publisher may have been done before it was known that nothing else comes.
void ReadingTask::end_reading() {
  close_sequence();
  {
    const std::lock_guard lock(mutex_);
    progress_.current = position_;
  }
  set_state(State::kPublishing);
  if (publisher_->is_idle()) set_state(State::kSucceeded);
}

}  // namespace sarsen::ingest
