#include "server/api/segment_changes.h"

#include <chrono>
#include <thread>
#include <utility>

#include "ingest/deep_storage/leaving_segment.h"
#include "server/api/json_answer.h"
#include "server/api/media_type.h"
#include "server/api/parameters.h"
#include "storage/base/error.h"
#include "storage/base/log.h"

namespace sarsen::server {
namespace {

using ingest::find_announced;
using std::chrono::milliseconds;
using storage::Timeline;
using storage::TimelineEntry;

constexpr std::size_t kChangesMax = 1000;  // Druid's
constexpr milliseconds kWaitMax{1'000};
constexpr milliseconds kLookPeriod{50};

const Timeline& timeline_of(const storage::Catalog::Timelines& timelines, const std::string& data_source) {
  static const Timeline none;
  const auto found = timelines.find(data_source);
  return found == timelines.end() ? none : *found->second;
}

/// {"action":"load", …the segment's fields…}
Json change_request(const char* action, const Json& segment) {
  Json::Object request{{"action", action}};
  request.insert(request.end(), segment.object().begin(), segment.object().end());
  return request;
}

Json answer_with(const SegmentChanges::Counter& counter, Json::Array requests) {
  return Json::Object{{"resetCounter", false},
                      {"resetCause", nullptr},
                      {"counter", Json::Object{{"counter", counter.number}, {"hash", counter.hash}}},
                      {"requests", std::move(requests)}};
}

Json reset_because(const std::string& cause) {
  return Json::Object{{"resetCounter", true}, {"resetCause", cause}, {"counter", nullptr}, {"requests", nullptr}};
}

std::int64_t number(const Request& request, std::string_view name, std::int64_t otherwise) {
  const auto text = request.parameter(name);
  if (!text || text->empty()) return otherwise;
  const auto value = parse_number<std::int64_t>(*text);
  if (!value) throw Error(ErrorCategory::kInvalidInput, "The parameter \"" + std::string(name) + "\" must be a number");
  return *value;
}

/// Waits for a change where there is none.
std::optional<Json> wait_for(SegmentChanges& changes, const std::optional<SegmentChanges::Counter>& since,
                             milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + std::min(timeout, kWaitMax);
  while (true) {
    if (auto found = changes.snapshot(since)) return found;
    if (std::chrono::steady_clock::now() >= deadline) return std::nullopt;
    std::this_thread::sleep_for(kLookPeriod);
  }
}

void answer(SegmentChanges& changes, const Request& request, ResponseWriter& writer) {
  const std::int64_t timeout_ms = number(request, "timeout", 1);
  if (timeout_ms <= 0) throw Error(ErrorCategory::kInvalidInput, "timeout must be positive.");
  std::optional<SegmentChanges::Counter> since;
  if (const std::int64_t counter = number(request, "counter", -1); counter >= 0)
    since = {counter, number(request, "hash", 0)};
  const auto found = wait_for(changes, since, milliseconds(timeout_ms));
  const JsonStyle style = answer_style(request);
  if (!found) return writer.respond(204, content_type(style), "");
  JsonWriter text(style);
  write_json(text, *found);
  writer.respond(200, content_type(style), text.text());
}

}  // namespace

SegmentChanges::SegmentChanges(const storage::Catalog& catalog, Describe describe, Clock clock)
    : catalog_(catalog),
      describe_(std::move(describe)),
      clock_(std::move(clock)),
      seen_(std::make_shared<const storage::Catalog::Timelines>()),
      first_{0, clock_()} {}

/// Nullopt for one that cannot be described: it is served all the same.
std::optional<Json> SegmentChanges::request_of(const char* action, const TimelineEntry& entry) const {
  try {
    return change_request(action, describe_(entry));
  } catch (const Error& error) {
    log_error("The segment {} cannot be announced: {}", entry.id.text(), error.what());
    return std::nullopt;
  }
}

void SegmentChanges::add(const char* action, const TimelineEntry& entry) {
  auto request = request_of(action, entry);
  if (!request) return;
  const Counter before = changes_.empty() ? first_ : changes_.back().counter;
  changes_.push_back({{before.number + 1, clock_()}, std::move(*request)});
  if (changes_.size() <= kChangesMax) return;
  first_ = changes_.front().counter;
  changes_.pop_front();
}

/// What is served under the same id by something else, as after a hand-off, is no change to others.
void SegmentChanges::compare(const Timeline& before, const Timeline& now) {
  if (&before == &now) return;
  for (const auto& [id, entry] : before.entries())
    if (find_announced(before, id) != nullptr && find_announced(now, id) == nullptr) add("drop", entry);
  for (const auto& [id, entry] : now.entries())
    if (find_announced(now, id) != nullptr && find_announced(before, id) == nullptr) add("load", entry);
}

void SegmentChanges::look() {
  const auto now = catalog_.snapshot();
  if (now == seen_) return;
  for (const auto& [data_source, timeline] : *seen_)
    if (!now->contains(data_source)) compare(*timeline, timeline_of(*now, data_source));
  for (const auto& [data_source, timeline] : *now) compare(timeline_of(*seen_, data_source), *timeline);
  seen_ = now;
}

Json SegmentChanges::all() const {
  Json::Array requests;
  for (const auto& [data_source, timeline] : *seen_)
    for (const auto& [id, entry] : timeline->entries())
      if (ingest::is_leaving(entry))
        continue;
      else if (auto request = request_of("load", entry))
        requests.push_back(std::move(*request));
  return answer_with(changes_.empty() ? first_ : changes_.back().counter, std::move(requests));
}

std::optional<Json> SegmentChanges::snapshot(const std::optional<Counter>& since) {
  const std::lock_guard lock(mutex_);
  look();
  if (!since) return all();
  const Counter last = changes_.empty() ? first_ : changes_.back().counter;
  if (*since == last) return std::nullopt;
  const std::string asked = "counter " + std::to_string(since->number);
  if (since->number > last.number)
    return reset_because(asked + " is larger than the last " + std::to_string(last.number));
  if (since->number < first_.number) return reset_because(asked + " is too old");
  const auto at = static_cast<std::size_t>(since->number - first_.number);  // of the first change that is wanted
  const Counter& known = at == 0 ? first_ : changes_[at - 1].counter;
  if (*since != known) return reset_because(asked + " has another hash: " + std::to_string(since->hash));
  Json::Array requests;
  for (std::size_t next = at; next < changes_.size(); ++next) requests.push_back(changes_[next].request);
  return answer_with(last, std::move(requests));
}

void add_segment_change_routes(Router& router, SegmentChanges& changes) {
  router.add("GET", "/druid-internal/v1/segments", Execution::kPooled,
             checked([&changes](const Request& request, ResponseWriter& writer) { answer(changes, request, writer); }));
}

}  // namespace sarsen::server
