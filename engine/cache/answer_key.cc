#include "engine/cache/answer_key.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

#include "storage/base/xxhash64.h"

namespace sarsen::engine {
namespace {

/// Of a query's context: what is the caller's own, or says how to work and not what to answer.
constexpr std::array kIndifferent = {"queryId",
                                     "sqlQueryId",
                                     "subQueryId",
                                     "timeout",
                                     "priority",
                                     "lane",
                                     "useCache",
                                     "populateCache",
                                     "useResultLevelCache",
                                     "populateResultLevelCache",
                                     "vectorize",
                                     "vectorizeVirtualColumns",
                                     "vectorSize",
                                     "debug"};

bool is_indifferent(const std::string& key) {
  return std::find(kIndifferent.begin(), kIndifferent.end(), key) != kIndifferent.end();
}

/// Sorted; of contexts, without what is indifferent, where `of_query`.
Json sorted(const Json& json, bool of_query, bool is_context = false) {
  if (json.is_array()) {
    Json::Array elements;
    for (const Json& element : json.array()) elements.push_back(sorted(element, of_query));
    return elements;
  }
  if (!json.is_object()) return json;
  Json::Object members;
  for (const auto& [key, value] : json.object())
    if (!is_context || !is_indifferent(key))
      members.emplace_back(key, sorted(value, of_query, of_query && key == "context"));
  std::sort(members.begin(), members.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return members;
}

bool add_entry(const storage::TimelineEntry& entry, const Interval& interval, std::string& key) {
  if (entry.segment->is_realtime()) return false;
  key += fmt::format("\n{} {} {}", entry.id.text(), interval.start_ms, interval.end_ms);
  return true;
}

/// Every entry that may be read. The tables below joins and other queries are read in intervals of their own: there all
/// entries count.
bool add_table(const Query& query, const storage::Timeline& timeline, std::string& key) {
  if (query.source().is_table()) {
    for (const Interval& interval : query.intervals())
      for (const storage::TimelineHit& hit : timeline.lookup(interval))
        if (!add_entry(*hit.entry, hit.interval, key)) return false;
    return true;
  }
  return std::all_of(timeline.entries().begin(), timeline.entries().end(),
                     [&](const auto& entry) { return add_entry(entry.second, entry.first.interval, key); });
}

}  // namespace

std::optional<std::string> answer_key(const Query& query, const Json& body,
                                      const storage::Catalog::Timelines& timelines) {
  std::string key = sorted(body, true).dump();
  if (key.find("ookup") != std::string::npos) return std::nullopt;  // registeredLookup, lookup(…) in an expression
  std::vector<std::string> tables;
  query.source().add_tables(tables);
  for (const std::string& table : tables) {
    const auto timeline = timelines.find(table);
    if (timeline != timelines.end() && !add_table(query, *timeline->second, key)) return std::nullopt;
  }
  return key;
}

Json canonical(const Json& json) { return sorted(json, false); }

std::string entity_tag(const std::string& answer_key) {
  const auto bytes = std::as_bytes(std::span(answer_key));
  return fmt::format("{:016x}{:016x}", xxhash64(bytes, 0), xxhash64(bytes, 1));
}

}  // namespace sarsen::engine
