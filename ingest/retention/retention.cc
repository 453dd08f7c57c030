#include "ingest/retention/retention.h"

#include <map>
#include <utility>
#include <vector>

#include "storage/base/log.h"

namespace sarsen::ingest {

using storage::SegmentDescriptor;
using storage::SegmentId;

void Retention::run() {
  const std::lock_guard lock(run_mutex_);
  std::map<std::string, std::vector<SegmentDescriptor>> by_source;
  for (SegmentDescriptor& segment : metadata_.used_segments())
    by_source[segment.id.data_source].push_back(std::move(segment));
  for (const auto& [data_source, segments] : by_source) run_by_source(data_source, segments);
}

void Retention::run_by_source(const std::string& data_source, const std::vector<SegmentDescriptor>& segments) {
  const Rules rules = rules_.with_default(data_source);
  const std::int64_t now_ms = clock_();
  std::set<std::string> dropped;
  std::vector<SegmentId> without_copies;
  std::vector<SegmentDescriptor> with_copies;
  for (const SegmentDescriptor& segment : segments) {
    const Rule* rule = rule_for(rules, segment.id.interval, now_ms);
    if (rule == nullptr)
      log_warn("No rule applies to a segment, which stays as it is: {}", segment.id.text());
    else if (rule->action() == Rule::Action::kDrop)
      dropped.insert(segment.id.text());
    else if (!rule->wants_copies())
      without_copies.push_back(segment.id);
    else
      with_copies.push_back(segment);
  }
  if (!dropped.empty()) {
    const std::size_t count = use_.mark_unused(data_source, {.interval = {}, .versions = {}, .ids = dropped});
    log_info("Put {} segments of [{}] out of use, as its rules say", count, data_source);
    for (const std::string& id : dropped) not_served_.erase(id);
  }
  serve_no_more(without_copies);
  serve_again(with_copies);
}

void Retention::serve_no_more(const std::vector<SegmentId>& ids) {
  std::vector<SegmentId> served;
  for (const SegmentId& id : ids)
    if (not_served_.insert(id.text()).second) served.push_back(id);
  if (!served.empty()) served_.drop(served);
}

void Retention::serve_again(const std::vector<SegmentDescriptor>& segments) {
  std::vector<SegmentDescriptor> wanted;
  for (const SegmentDescriptor& segment : segments)
    if (not_served_.contains(segment.id.text())) wanted.push_back(segment);
  if (wanted.empty()) return;
  served_.serve(wanted);
  for (const SegmentDescriptor& segment : wanted) not_served_.erase(segment.id.text());
}

void Retention::start(std::chrono::milliseconds period) {
  duties_.start(
      "retention", std::chrono::milliseconds(0), period, "The rules of retention could not be applied",
      [this] { return pauses_ && pauses_(); }, [this] { run(); });
}

}  // namespace sarsen::ingest
