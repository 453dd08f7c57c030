// Where a supervisor's tasks begin, and what an operator may do about it.
#include <algorithm>

#include "ingest/supervisor/supervisor.h"
#include "ingest/supervisor/task_report.h"
#include "storage/base/error.h"
#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

Position only(const Position& position, const std::set<StreamPartition>& partitions) {
  Position part{.stream = position.stream, .next_offsets = {}};
  for (const auto& [partition, offset] : position.next_offsets)
    if (partitions.contains(partition)) part.next_offsets.emplace(partition, offset);
  return part;
}

}  // namespace

void Supervisor::handle_requests() {
  std::vector<Request> requests;
  {
    const std::lock_guard lock(mutex_);
    requests.swap(requests_);
  }
  for (const Request& request : requests) handle(request);
}

void Supervisor::handle(const Request& request) {
  std::vector<std::shared_ptr<ReadingTask>> gone;
  {
    const std::lock_guard lock(mutex_);
    const StreamOffsets& wanted = request.offsets.next_offsets;
    std::erase_if(entries_, [&](const Entry& entry) {
      const StreamOffsets& read = entry.task->start_position().next_offsets;
      const bool concerned =
          std::any_of(read.begin(), read.end(), [&](const auto& part) { return wanted.contains(part.first); });
      if (!request.all && !concerned) return false;
      entry.task->abort("DataSourceMetadata is updated while reset");
      ended_tasks_.push_back(status_of(*entry.task));
      gone.push_back(entry.task);
      return true;
    });
    for (const auto& task : gone)
      for (const auto& [partition, offset] : task->start_position().next_offsets) continuation_.erase(partition);
    for (const auto& [partition, offset] : request.offsets.next_offsets) continuation_.erase(partition);
    if (request.all) continuation_.clear();
  }
  gone.clear();  // nothing of them can be published from here on
  if (request.all) {
    const bool deleted = services_.store.remove_offsets(spec_->id);
    log_info("Reset dataSource[{}] - dataSource metadata entry deleted? [{}]", spec_->id, deleted);
    return;
  }
  Position stored = services_.metadata.offsets(spec_->id);
  if (stored.stream != request.offsets.stream) stored = {.stream = request.offsets.stream, .next_offsets = {}};
  for (const auto& [partition, offset] : request.offsets.next_offsets) stored.next_offsets[partition] = offset;
  services_.store.set_offsets(spec_->id, stored);
  log_info("Reset offsets for dataSource[{}] with metadata[{}]", spec_->id, request.offsets.to_json().dump());
}

/// resetOffsetAutomatically: the partition begins anew, as useEarliestOffset says.
void Supervisor::give_up(const StreamPartition& partition) {
  Position stored = services_.metadata.offsets(spec_->id);
  log_warn("Offsets of partition[{}] were reset automatically, potential data duplication or loss", partition.text());
  if (stored.next_offsets.erase(partition) != 0) services_.store.set_offsets(spec_->id, stored);
  const std::lock_guard lock(mutex_);
  continuation_.erase(partition);
}

/// Throws where the stream does not have the offset any more.
void Supervisor::check_available(const StreamPartition& partition, std::int64_t offset) {
  const OffsetRange range = ranges_->at(partition);
  if (offset >= range.low && offset <= range.high) return;
  const std::string lost = "Previous sequenceNumber [" + std::to_string(offset) +
                           "] is no longer available for partition [" + partition.text() + "]";
  const std::string has = " It has " + std::to_string(range.low) + " to " + std::to_string(range.high) + ".";
  if (spec_->tuning.reset_offset_automatically && offset < range.low) {
    give_up(partition);
    throw Error(ErrorCategory::kRuntimeFailure, lost + " - automatically resetting sequence." + has);
  }
  throw Error(ErrorCategory::kRuntimeFailure,
              lost +
                  ". You can clear the previous sequenceNumber and start reading from a valid message by using the "
                  "supervisor's reset API." +
                  has);
}

std::int64_t Supervisor::start_of(const StreamPartition& partition, const Position& stored) {
  if (const auto known = continuation_.find(partition); known != continuation_.end()) return known->second;
  const OffsetRange range = ranges_->at(partition);
  const auto kept = stored.next_offsets.find(partition);
  if (kept != stored.next_offsets.end()) {
    check_available(partition, kept->second);
    return kept->second;
  }
  const bool from_beginning = spec_->io.use_earliest_offset || !first_partitions_.contains(partition);
  return from_beginning ? range.low : range.high;
}

/// nullopt where the group has no partitions.
std::optional<Position> Supervisor::start_of(std::uint32_t group) {
  Position stored = services_.metadata.offsets(spec_->id);
  if (!stored.empty() && stored.stream != spec_->io.stream) {
    log_warn("Topic/stream in metadata storage [{}] doesn't match spec topic/stream [{}], ignoring stored sequences",
             stored.stream, spec_->io.stream);
    stored = {};
  }
  Position start{.stream = spec_->io.stream, .next_offsets = {}};
  for (const StreamPartition& partition : partitions_)
    if (group_of(partition) == group && ranges_->contains(partition))
      start.next_offsets[partition] = start_of(partition, stored);
  if (start.empty()) return std::nullopt;
  return start;
}

/// Where reading begins is kept before it does. Else a crash before the first publication would begin at another end of
/// the stream; and a task could publish before the one before it, as nothing stored agrees with everything.
void Supervisor::remember_first_offsets(const Position& start) {
  const Position stored = services_.metadata.offsets(spec_->id);
  if (!stored.empty() && stored.stream != spec_->io.stream) return;
  std::set<StreamPartition> unknown;
  for (const auto& [partition, offset] : start.next_offsets)
    if (!stored.next_offsets.contains(partition)) unknown.insert(partition);
  if (unknown.empty()) return;
  const Position first = only(start, unknown);
  services_.metadata.publish({}, OffsetsChange{spec_->id, first, first});
}

}  // namespace sarsen::ingest
