#include "engine/query/response_context.h"

#include <algorithm>
#include <cstdint>

#include "engine/query/query_segments.h"
#include "storage/base/json_writer.h"

namespace sarsen::engine {
namespace {

/// The gaps between what answers, of one table.
class Gaps {
 public:
  explicit Gaps(std::size_t limit) : limit_(limit) {}

  void add(const Interval& asked, const std::vector<storage::TimelineHit>& hits) {
    std::int64_t covered_to = asked.start_ms;
    for (const storage::TimelineHit& hit : hits) {
      add(covered_to, hit.interval.start_ms);
      covered_to = std::max(covered_to, hit.interval.end_ms);
    }
    add(covered_to, asked.end_ms);
  }

  std::vector<Interval> intervals;
  bool overflowed = false;

 private:
  void add(std::int64_t start_ms, std::int64_t end_ms) {
    if (start_ms >= end_ms) return;
    overflowed = overflowed || intervals.size() >= limit_;
    if (!overflowed) intervals.push_back({start_ms, end_ms});
  }

  std::size_t limit_;
};

/// Of several tables the last one that has gaps is told, as in Druid.
void find_gaps(const Query& query, const storage::Catalog::Timelines& timelines, ResponseContext& context) {
  const std::int64_t limit = query.context().int_or("uncoveredIntervalsLimit", 0);
  if (limit <= 0) return;
  for (const storage::Timeline* table : base_tables(query, timelines)) {
    Gaps gaps(static_cast<std::size_t>(limit));
    for (const Interval& interval : query.intervals()) gaps.add(interval, table->lookup(interval));
    if (gaps.intervals.empty()) continue;
    context.uncovered = std::move(gaps.intervals);
    context.uncovered_overflowed = gaps.overflowed;
  }
}

bool is_here(const SegmentAsked& asked, const std::vector<const storage::Timeline*>& tables) {
  return std::any_of(tables.begin(), tables.end(),
                     [&](const storage::Timeline* table) { return find_chunk(*table, asked) != nullptr; });
}

void find_missing(const Query& query, const storage::Catalog::Timelines& timelines, ResponseContext& context) {
  if (query.segments() == nullptr) return;
  const std::vector<const storage::Timeline*> tables = base_tables(query, timelines);
  for (const SegmentAsked& asked : *query.segments())
    if (!is_here(asked, tables)) context.missing.push_back(asked);
}

std::string element(const Interval& interval) {
  JsonWriter json(JsonStyle::kCompact);
  json.string(format_iso(interval));
  return json.take();
}

std::string element(const SegmentAsked& segment) {
  JsonWriter json(JsonStyle::kCompact);
  json.begin_object().key("itvl").string(format_iso(segment.interval)).key("ver").string(segment.version);
  json.key("part").integer(segment.partition).end_object();
  return json.take();
}

/// A list of the header, as the texts of its elements.
struct TextList {
  std::string name;
  std::vector<std::string> elements;

  template <class Element>
  TextList(std::string list_name, const std::vector<Element>& list) : name(std::move(list_name)) {
    for (const Element& one : list) elements.push_back(element(one));
  }

  std::string value() const {
    std::string text = "[";
    for (const std::string& one : elements) text += (text.size() > 1 ? "," : "") + one;
    return text + "]";
  }
  std::size_t bytes() const { return name.size() + value().size(); }
};

/// Druid's way: whole lists that are not enough go, else halves of them. Gives what still has to go.
std::int64_t shorten(TextList& list, std::int64_t excess) {
  const auto before = static_cast<std::int64_t>(list.bytes());
  if (before < excess) {
    list.elements.clear();
    return excess - before;
  }
  const auto bytes = [&] { return static_cast<std::int64_t>(list.value().size()); };
  const std::int64_t whole = bytes();
  while (!list.elements.empty() && whole - bytes() < excess) list.elements.resize(list.elements.size() / 2);
  return excess - (list.elements.empty() ? before : whole - bytes());
}

std::string joined(const std::vector<TextList>& lists, bool overflowed_is_told, bool overflowed, bool truncated) {
  std::string text;
  const auto add = [&](const std::string& name, const std::string& value) {
    text += (text.empty() ? "{\"" : ",\"") + name + "\":" + value;
  };
  for (const TextList& list : lists)
    if (!list.elements.empty()) add(list.name, list.value());
  if (overflowed_is_told) add("uncoveredIntervalsOverflowed", overflowed ? "true" : "false");
  if (truncated) add("truncated", "true");
  return text.empty() ? "{}" : text + "}";
}

}  // namespace

ResponseContext response_context(const Query& query, const storage::Catalog::Timelines& timelines) {
  ResponseContext context;
  if (const Query* below = base_query(query)) context = response_context(*below, timelines);
  find_gaps(query, timelines, context);
  find_missing(query, timelines, context);
  return context;
}

std::string text_of(const ResponseContext& context, std::size_t bytes_max) {
  std::vector<TextList> lists{{"uncoveredIntervals", context.uncovered}, {"missingSegments", context.missing}};
  const bool is_told = !context.uncovered.empty();
  const std::string whole = joined(lists, is_told, context.uncovered_overflowed, false);
  if (whole.size() <= bytes_max) return whole;
  auto excess = static_cast<std::int64_t>(whole.size() - bytes_max + std::string_view("truncated").size() + 7);
  std::stable_sort(lists.begin(), lists.end(),
                   [](const TextList& left, const TextList& right) { return left.bytes() > right.bytes(); });
  for (TextList& list : lists)
    if (excess > 0 && !list.elements.empty()) excess = shorten(list, excess);
  return joined(lists, is_told, context.uncovered_overflowed, true);
}

}  // namespace sarsen::engine
