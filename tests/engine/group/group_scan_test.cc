// Groups of pieces of a segment: whether they meet by id or by value, they are those of one scan.

#include "engine/group/group_scan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "tests/engine/group/grouped.h"
#include "tests/support/memory_segment.h"

namespace sarsen::engine {
namespace {

using sarsen::testing::MemorySegment;
using sarsen::testing::Strings;

constexpr std::uint32_t kRows = 3 * kVectorRows + 77;
constexpr std::int64_t kHour = 3'600'000;

/// Row numbers made into columns: 500 texts, two tags, a number, and an hour for every thousand rows.
std::shared_ptr<const storage::Segment> segment(MemorySegment::Form form) {
  std::vector<std::int64_t> times;
  Strings names;
  std::vector<Strings> tags;
  std::vector<std::optional<std::int64_t>> numbers;
  for (std::int64_t row = 0; row < kRows; ++row) {
    times.push_back(row / 1000 * kHour);
    names.push_back(row % 11 == 0 ? std::nullopt : std::optional("n" + std::to_string(row * 7919 % 500)));
    tags.push_back(row % 5 == 0 ? Strings() : Strings{"t" + std::to_string(row % 9), "t" + std::to_string(row % 13)});
    numbers.push_back(row % 17 == 0 ? std::nullopt : std::optional((row * 31 % 600 - 100) * 200));
  }
  auto made = std::make_shared<MemorySegment>(std::move(times), form);
  made->strings("name", names).lists("tags", tags).longs("number", numbers);
  return made;
}

Grouping grouping(const std::string& dimensions, const std::string& granularity) {
  return make_grouping(dimensions, granularity,
                       R"([{"type":"count","name":"c"},{"type":"longSum","name":"s","fieldName":"number"}])");
}

class Scans {
 public:
  Scans(const Grouping& grouping, const std::shared_ptr<const storage::Segment>& segment)
      : grouping_(grouping), plan_(std::make_shared<const ScanPlan>(make_scan_plan(segment, kEternity, nullptr))) {}

  std::unique_ptr<GroupScan> run(std::uint32_t begin, std::uint32_t end) {
    auto scan = std::make_unique<GroupScan>(grouping_, plan_, begin, end, control_);
    scan->run(SIZE_MAX);
    return scan;
  }

 private:
  const Grouping& grouping_;
  std::shared_ptr<const ScanPlan> plan_;
  QueryControl control_;
};

struct Case {
  const char* dimensions;
  const char* granularity;
  bool by_id = true;  // over a mapped segment
};

const Case kCases[] = {
    {R"([])", R"("all")"},
    {R"([])", R"("hour")"},
    {R"(["name"])", R"("all")"},
    {R"(["name"])", R"("hour")"},
    {R"(["tags","name"])", R"("hour")"},
    {R"(["number"])", R"("all")"},
    {R"(["number","name","gone"])", R"("hour")"},
    {R"([{"type":"default","dimension":"number","outputType":"DOUBLE"}])", R"("all")"},
    {R"([{"type":"default","dimension":"name","outputType":"LONG"}])", R"("all")"},
    {R"([{"type":"extraction","dimension":"name","extractionFn":{"type":"substring","index":0,"length":2}}])",
     R"("hour")"},
    {R"([{"type":"extraction","dimension":"name","outputType":"LONG","extractionFn":{"type":"strlen"}}])", R"("all")",
     false},
    {R"([{"type":"prefixFiltered","delegate":"tags","prefix":"t1"},"name"])", R"("all")"},
};

class GroupScanTest : public ::testing::TestWithParam<MemorySegment::Form> {};

TEST_P(GroupScanTest, PiecesMeetByIdAsOneScanReadsThem) {
  const auto rows = segment(GetParam());
  for (const Case& one : kCases) {
    SCOPED_TRACE(one.dimensions);
    const Grouping by = grouping(one.dimensions, one.granularity);
    Scans scans(by, rows);
    MergedGroups whole(by);
    whole.add(scans.run(0, kRows));
    auto first = scans.run(0, kVectorRows);
    const auto second = scans.run(kVectorRows, 2 * kVectorRows + 5);
    const auto third = scans.run(2 * kVectorRows + 5, kRows);
    ASSERT_EQ(first->absorb(*second), one.by_id);
    ASSERT_EQ(first->absorb(*third), one.by_id);
    if (!one.by_id) continue;
    MergedGroups absorbed(by);
    absorbed.add(std::move(first));
    EXPECT_EQ(lines(by, absorbed), lines(by, whole));
  }
}

TEST_P(GroupScanTest, APieceInWhichNoRowIsWantedAddsNothing) {
  const auto rows = segment(GetParam());
  for (const Case& one : kCases) {
    if (!one.by_id) continue;
    SCOPED_TRACE(one.dimensions);
    const Grouping by = grouping(one.dimensions, one.granularity);
    Scans scans(by, rows);
    MergedGroups whole(by);
    whole.add(scans.run(0, kRows));
    auto first = scans.run(0, 0);
    ASSERT_TRUE(first->absorb(*scans.run(0, kRows)));
    ASSERT_TRUE(first->absorb(*scans.run(kVectorRows, kVectorRows)));
    MergedGroups absorbed(by);
    absorbed.add(std::move(first));
    EXPECT_EQ(lines(by, absorbed), lines(by, whole));
  }
}

TEST_P(GroupScanTest, PiecesMeetByValueAsOneScanReadsThem) {
  const auto rows = segment(GetParam());
  for (const Case& one : kCases) {
    SCOPED_TRACE(one.dimensions);
    const Grouping by = grouping(one.dimensions, one.granularity);
    Scans scans(by, rows);
    MergedGroups whole(by);
    whole.add(scans.run(0, kRows));
    MergedGroups merged(by);
    for (std::uint32_t begin = 0; begin < kRows; begin += kVectorRows)
      merged.add(scans.run(begin, std::min(begin + kVectorRows, kRows)));
    EXPECT_EQ(lines(by, merged), lines(by, whole));
  }
}

/// Vectors of one group, of a handful, of all eight, in one bucket and across two.
std::shared_ptr<const storage::Segment> flagged_segment(MemorySegment::Form form) {
  std::vector<std::int64_t> times;
  Strings flags;
  std::vector<std::optional<double>> prices;
  for (std::int64_t row = 0; row < kRows; ++row) {
    times.push_back(row / 1000 * kHour);
    const std::int64_t kinds = row < 2048 ? 1 : row < 4096 ? 4 : 8;
    flags.push_back("f" + std::to_string(row * 7919 / 3 % kinds));
    prices.push_back(row % 29 == 0 ? std::nullopt : std::optional(static_cast<double>(row * 7919 % 10007) / 100));
  }
  auto made = std::make_shared<MemorySegment>(std::move(times), form);
  made->strings("flag", flags).doubles("number", prices);
  return made;
}

Grouping double_grouping(const std::string& granularity) {
  return make_grouping(R"(["flag"])", granularity,
                       R"([{"type":"count","name":"c"},{"type":"doubleSum","name":"s","fieldName":"number"},
                           {"type":"doubleMin","name":"m","fieldName":"number"}])");
}

TEST_P(GroupScanTest, PartsOfTheGroupsAreThoseOfAllToTheLastBit) {
  const auto rows = flagged_segment(GetParam());
  const auto plan = std::make_shared<const ScanPlan>(make_scan_plan(rows, kEternity, nullptr));
  const QueryControl control;
  for (const char* granularity : {R"("all")", R"("hour")"}) {
    SCOPED_TRACE(granularity);
    const Grouping by = double_grouping(granularity);
    auto all = std::make_unique<GroupScan>(by, plan, 0, kRows, control);
    all->run(SIZE_MAX);
    MergedGroups expected(by);
    expected.add(std::move(all));
    MergedGroups merged(by);
    for (std::uint32_t part = 0; part < 3; ++part) {
      auto scan = std::make_unique<GroupScan>(by, plan, 0, kRows, control);
      scan->set_part(part, 3);
      scan->run(SIZE_MAX);
      merged.add(std::move(scan));
    }
    EXPECT_EQ(lines(by, merged), lines(by, expected));
    EXPECT_GT(expected.size(), 7U);
  }
}

TEST_P(GroupScanTest, SumsOfDoublesAreThoseOfALoop) {
  const auto rows = flagged_segment(GetParam());
  const auto plan = std::make_shared<const ScanPlan>(make_scan_plan(rows, kEternity, nullptr));
  const QueryControl control;
  const Grouping by = double_grouping(R"("all")");
  std::map<std::string, double> sums;
  for (std::int64_t row = 0; row < kRows; ++row) {
    const std::int64_t kinds = row < 2048 ? 1 : row < 4096 ? 4 : 8;
    if (row % 29 != 0)
      sums["f" + std::to_string(row * 7919 / 3 % kinds)] += static_cast<double>(row * 7919 % 10007) / 100;
  }
  auto scan = std::make_unique<GroupScan>(by, plan, 0, kRows, control);
  scan->run(SIZE_MAX);
  MergedGroups groups(by);
  groups.add(std::move(scan));
  ASSERT_EQ(groups.size(), sums.size());
  for (std::uint32_t group = 0; group < groups.size(); ++group) {
    const double expected = sums[value_text(groups.value(group, 0)).value()];
    EXPECT_NEAR(std::get<double>(by.aggregators->finalise(groups.states(group), 1)), expected, expected * 1e-12);
  }
}

/// A bucket for every so many rows, and what is expected of all rows and of those that have the flag.
struct Bucketed {
  std::shared_ptr<MemorySegment> segment;
  std::map<std::int64_t, std::pair<std::int64_t, std::int64_t>> all, flagged;  // rows and their sum, by bucket

  Bucketed(std::int64_t rows_per_hour, MemorySegment::Form form) {
    std::vector<std::int64_t> times;
    Strings flags;
    std::vector<std::optional<std::int64_t>> numbers;
    for (std::int64_t row = 0; row < kRows; ++row) {
      const std::int64_t hour = row / rows_per_hour * kHour;
      const std::int64_t number = row * 7919 % 10007;
      const bool flag = row / rows_per_hour % 3 != 1 && row % 7 < 3;
      times.push_back(hour + row % rows_per_hour);
      flags.push_back(flag ? "yes" : "no");
      numbers.push_back(number);
      add(all[hour], number);
      if (flag) add(flagged[hour], number);
    }
    segment = std::make_shared<MemorySegment>(std::move(times), form);
    segment->strings("flag", flags).longs("number", numbers);
  }

  static void add(std::pair<std::int64_t, std::int64_t>& bucket, std::int64_t number) {
    ++bucket.first;
    bucket.second += number;
  }
};

/// Buckets of one run, of several in a vector, and of too many to tell apart by masks; of all rows, and of those with
/// the flag, of which some buckets have none.
TEST_P(GroupScanTest, BucketsHaveTheirRowsHoweverManyMeetInAVector) {
  const QueryControl control;
  const Grouping by = grouping("[]", R"("hour")");
  const Json selector = Json::parse(R"({"type":"selector","dimension":"flag","value":"yes"})");
  for (const std::int64_t rows_per_hour : {5000, 2048, 700, 301, 90, 3}) {
    SCOPED_TRACE(rows_per_hour);
    const Bucketed rows(rows_per_hour, GetParam());
    for (const auto& [filter, expected] :
         {std::pair{FilterPtr(), rows.all}, {parse_filter(JsonField(selector)), rows.flagged}}) {
      const auto plan = std::make_shared<const ScanPlan>(make_scan_plan(rows.segment, kEternity, filter));
      auto scan = std::make_unique<GroupScan>(by, plan, 0, kRows, control);
      scan->run(SIZE_MAX);
      MergedGroups groups(by);
      groups.add(std::move(scan));
      ASSERT_EQ(groups.size(), expected.size());
      for (std::uint32_t group = 0; group < groups.size(); ++group) {
        const auto [count, sum] = expected.at(groups.bucket_ms(group));
        EXPECT_EQ(by.aggregators->finalise(groups.states(group), 0), Value(count));
        EXPECT_EQ(by.aggregators->finalise(groups.states(group), 1), Value(sum));
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Forms, GroupScanTest,
                         ::testing::Values(MemorySegment::Form::kMapped, MemorySegment::Form::kLive),
                         [](const auto& form) {
                           return form.param == MemorySegment::Form::kMapped ? "Mapped" : "Live";
                         });

TEST(MergedGroups, NumbersAscendWhereTheFirstScansIdsDo) {
  const auto rows = segment(MemorySegment::Form::kMapped);
  for (const auto& [dimensions, ascend] :
       {std::pair{R"(["name"])", true}, {R"(["number"])", false}, {R"(["gone"])", true}}) {
    const Grouping by = grouping(dimensions, R"("all")");
    Scans scans(by, rows);
    MergedGroups groups(by);
    groups.add(scans.run(0, kVectorRows));
    EXPECT_EQ(groups.numbers_ascend(0), ascend) << dimensions;
    groups.add(scans.run(kVectorRows, kRows));
    EXPECT_FALSE(groups.numbers_ascend(0)) << dimensions;
  }
}

}  // namespace
}  // namespace sarsen::engine
