#pragma once
// Groupings from JSON, and what groups show, for tests of the scans that make them.

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/group/group_scan.h"
#include "engine/group/merged_groups.h"
#include "engine/result/value_cast.h"

namespace sarsen::engine {

/// `dimensions` and `aggregators` are JSON lists.
inline Grouping make_grouping(const std::string& dimensions, const std::string& granularity,
                              const std::string& aggregators) {
  const Json json = Json::parse(R"({"g":)" + granularity + R"(,"d":)" + dimensions + R"(,"a":)" + aggregators + "}");
  const JsonField field(json);
  Grouping grouping;
  grouping.granularity = parse_granularity(field["g"]);
  for (const JsonField& dimension : field["d"].elements()) grouping.dimensions.push_back(parse_dimension(dimension));
  AggregatorFactories factories;
  for (const JsonField& aggregator : field["a"].elements()) factories.push_back(parse_aggregator(aggregator));
  grouping.aggregators = std::make_shared<AggregatorSet>(std::move(factories));
  return grouping;
}

/// BUCKET|VALUE…|RESULT… of each group, sorted.
inline std::vector<std::string> lines(const Grouping& grouping, const MergedGroups& groups) {
  std::vector<std::string> lines;
  for (std::uint32_t group = 0; group < groups.size(); ++group) {
    std::string line = std::to_string(groups.bucket_ms(group));
    for (std::size_t i = 0; i < grouping.dimensions.size(); ++i)
      line += "|" + value_text(groups.value(group, i)).value_or("null");
    for (std::size_t i = 0; i < grouping.aggregators->size(); ++i)
      line += "|" + value_text(grouping.aggregators->finalise(groups.states(group), i)).value_or("null");
    lines.push_back(std::move(line));
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

/// The lines of pieces of so many rows, which meet by id.
inline std::vector<std::string> lines_of_pieces(const Grouping& by, const ScanPlan& rows, std::uint32_t piece_rows) {
  const auto plan = std::make_shared<const ScanPlan>(rows);
  const QueryControl control;
  std::unique_ptr<GroupScan> first;
  for (std::uint32_t begin = plan->begin_row; begin < plan->end_row; begin += piece_rows) {
    auto scan = std::make_unique<GroupScan>(by, plan, begin, std::min(begin + piece_rows, plan->end_row), control);
    scan->run(SIZE_MAX);
    if (first == nullptr) {
      first = std::move(scan);
    } else {
      EXPECT_TRUE(first->absorb(*scan));
    }
  }
  MergedGroups groups(by);
  groups.add(std::move(first));
  return lines(by, groups);
}

}  // namespace sarsen::engine
