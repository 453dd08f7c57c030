#pragma once
// A small data source in memory and the way to ask it: what tests of query types and data sources share.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/exec/worker_pool.h"
#include "engine/query/query.h"
#include "engine/query/query_engine.h"
#include "storage/base/error.h"
#include "storage/segment/catalog.h"
#include "tests/support/memory_segment.h"

namespace sarsen::engine {

using sarsen::testing::MemorySegment;
using sarsen::testing::Strings;
using Form = MemorySegment::Form;

inline constexpr std::int64_t kHourMs = 3600000;

inline void serve(storage::Catalog& catalog, const std::string& name, std::shared_ptr<const storage::Segment> segment,
                  std::uint32_t partition = 0) {
  storage::TimelineEntry entry;
  entry.id = {name, parse_interval("1970-01-01/1970-02-01"), "v1", partition};
  entry.segment = std::make_shared<storage::ImmutableServedSegment>(std::move(segment));
  catalog.update(name, [&](storage::Timeline& timeline) { timeline.add(entry); });
}

inline std::string answer(const storage::Catalog& catalog, const std::string& query, std::size_t threads = 2,
                          QueryLimits limits = {}, JsonStyle style = JsonStyle::kCompact) {
  WorkerPool pool(threads);
  QueryControl control;
  std::string text;
  const QueryEngine engine(catalog, pool, limits);
  engine.run(*parse_query(Json::parse(query)), control, style, [&](std::string_view piece) { text += piece; });
  return text;
}

/// Six rows over three hours; hour 1 is empty.
inline void serve_example(storage::Catalog& catalog) {
  auto segment = std::make_shared<MemorySegment>(
      std::vector<std::int64_t>{10, 20, 2 * kHourMs, 2 * kHourMs + 1, 2 * kHourMs + 2, 3 * kHourMs}, Form::kMapped);
  segment->strings("page", {"b", "a", "a", std::nullopt, "c", "a"})
      .lists("tags", {{"x", "y"}, {"x"}, {}, {"y"}, {"x"}, {"z", "z"}})
      .longs("n", {1, 2, 3, 4, std::nullopt, 10})
      .doubles("d", {0.5, 0.5, std::nullopt, 1e7, 2.0, 0.25});
  serve(catalog, "t", segment);
}

/// What the query is refused with; empty where it is answered.
inline std::string refusal(const storage::Catalog& catalog, const std::string& query) {
  try {
    answer(catalog, query);
    return "";
  } catch (const Error& error) {
    return error.category() == ErrorCategory::kInvalidInput ? error.what() : std::string("otherwise: ") + error.what();
  }
}

}  // namespace sarsen::engine
