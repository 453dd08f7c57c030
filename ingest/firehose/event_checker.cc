#include "ingest/firehose/event_checker.h"

#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

constexpr std::size_t kEventShownMax = 100;

}  // namespace

EventChecker::EventChecker(const std::shared_ptr<const DataSchema>& schema)
    : intake_(schema, fields_), reader_(make_row_reader(*schema->input_format, fields_, false)) {}

void EventChecker::check(std::string_view event) {
  problem_.clear();
  const auto problem = reader_->read(event, [this](RawRow& row) {
    RowIntake::Result result = intake_.take(row);
    if (result.verdict == RowIntake::Verdict::kUnparseable) problem_ = std::move(result.problem);
  });
  if (problem) problem_ = *problem;
  if (!problem_.empty())
    throw Error(ErrorCategory::kInvalidInput, problem_ + " Event: " + std::string(event.substr(0, kEventShownMax)));
}

void EventCheckers::check(const JsonObjects& events) {
  std::unique_ptr<EventChecker> checker = borrow();  // one that has thrown is not given back
  for (const std::string_view event : events.objects) checker->check(event);
  give_back(std::move(checker));
}

std::unique_ptr<EventChecker> EventCheckers::borrow() {
  {
    const std::lock_guard lock(mutex_);
    if (!free_.empty()) {
      auto checker = std::move(free_.back());
      free_.pop_back();
      return checker;
    }
  }
  return std::make_unique<EventChecker>(schema_);
}

void EventCheckers::give_back(std::unique_ptr<EventChecker> checker) {
  const std::lock_guard lock(mutex_);
  free_.push_back(std::move(checker));
}

}  // namespace sarsen::ingest
