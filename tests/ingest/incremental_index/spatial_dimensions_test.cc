// Places from the fields of rows to the stored index, asked at each step.

#include "ingest/incremental_index/spatial_dimensions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "engine/filter/filter.h"
#include "engine/vector/row_mask.h"
#include "engine/vector/segment_sources.h"
#include "ingest/incremental_index/persist.h"
#include "ingest/merge/merge_segments.h"
#include "storage/column/coordinates.h"
#include "storage/column/spatial_index.h"
#include "storage/segment/mapped_segment.h"
#include "storage/verify/segment_verification.h"
#include "tests/ingest/support/index_fixture.h"
#include "tests/ingest/support/temporary_folder.h"

namespace sarsen::ingest {
namespace {

using Rows = std::vector<std::string>;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string schema(const std::string& dimensions) {
  return R"({"dataSource":"x","timestampSpec":{"column":"t"},"granularitySpec":{"rollup":false},"dimensionsSpec":)" +
         dimensions + R"(,"metricsSpec":[{"type":"longSum","name":"row","fieldName":"row"}]})";
}

const char* const kOld = R"({"dimensions":["a"],"spatialDimensions":[{"dimName":"spot","dims":["lat","lon"]}]})";
const char* const kModern = R"({"dimensions":["a",{"type":"spatial","name":"spot","dims":["lat","lon"]}]})";

Rows live_rows(IndexFixture& fixture) {
  fixture.index().flush();
  return rows_of(*fixture.index().snapshot());
}

TEST(SpatialDimensionsTest, JoinsTheFieldsOfARow) {
  for (const char* dimensions : {kOld, kModern}) {
    IndexFixture fixture(schema(dimensions));
    fixture.add(R"({"t":1,"lat":37.5,"lon":"-122"})");
    fixture.add(R"({"t":2,"lat":1})");
    fixture.add(R"({"t":3,"lat":"north","lon":2})");
    fixture.add(R"({"t":4,"lat":1,"lon":2,"spot":" 3,4.50"})");
    fixture.add(R"({"t":5,"lat":1,"lon":2,"spot":"3;4"})");
    fixture.add(R"({"t":6,"lat":[1,2],"spot":[]})");
    fixture.add(R"({"t":7,"lat":["x",2],"lon":[5,6],"spot":null})");
    fixture.add(R"({"t":8,"lat":1,"lon":"NaN"})");
    fixture.add(R"({"t":9,"spot":["7,8"]})");
    EXPECT_THAT(live_rows(fixture), ElementsAre("1|~|37.5,-122|~", "2|~|~|~", "3|~|~|~", "4|~| 3,4.50|~", "5|~|~|~",
                                                "6|~|1,2|~", "7|~|5,6|~", "8|~|~|~", "9|~|7,8|~"));
  }
}

TEST(SpatialDimensionsTest, SaysWhatCannotBeAPlace) {
  IndexFixture fixture(schema(kModern));
  EXPECT_EQ(fixture.add(R"({"t":1,"spot":["1,2","3,4"]})"), RowOutcome::kProcessedWithError);
  EXPECT_THAT(fixture.problems(), ElementsAre(HasSubstr("spot has several values")));
  EXPECT_EQ(fixture.add(R"({"t":2,"spot":"1,2,3"})"), RowOutcome::kProcessedWithError);
  EXPECT_THAT(fixture.problems(), ElementsAre(HasSubstr("[1,2,3] as a place for spatial dimension spot")));
  EXPECT_EQ(fixture.add(R"({"t":3,"spot":"nowhere"})"), RowOutcome::kProcessed) << "vanishes, as in Druid";
  EXPECT_THAT(live_rows(fixture), ElementsAre("1|~|~|~", "2|~|~|~", "3|~|~|~"));
}

TEST(SpatialDimensionsTest, CoordinatesAreNoDimensionsOfTheirOwn) {
  // As in Druid: listed beside, they are there and always null.
  IndexFixture listed(schema(R"({"dimensions":["lat",{"type":"spatial","name":"spot","dims":["lat","lon"]}]})"));
  listed.add(R"({"t":1,"lat":1,"lon":2})");
  EXPECT_THAT(live_rows(listed), ElementsAre("1|~|1,2|~"));
  IndexFixture found(schema(R"({"dimensions":[{"type":"spatial","name":"spot","dims":["lat","lon"]}],
      "includeAllDimensions":true})"));
  found.add(R"({"t":1,"lat":1,"lon":2,"b":"c"})");
  EXPECT_THAT(live_rows(found), ElementsAre("1|1,2|c|~"));
  IndexFixture joined(schema(R"({"dimensions":[{"type":"spatial","name":"spot"}]})"));
  joined.add(R"({"t":1,"spot":"1,2"})");
  EXPECT_THAT(live_rows(joined), ElementsAre("1|1,2|~"));
}

TEST(SpatialDimensionsTest, MetricsSeeTheFieldsAsTheyAre) {
  IndexFixture fixture(R"({"dataSource":"x","timestampSpec":{"column":"t"},"dimensionsSpec":)" + std::string(kModern) +
                       R"(,"metricsSpec":[{"type":"doubleSum","name":"sum","fieldName":"lat"}]})");
  fixture.add(R"({"t":1,"lat":1.5,"lon":2})");
  fixture.add(R"({"t":1,"lat":1.5,"lon":2})");
  EXPECT_THAT(live_rows(fixture), ElementsAre("1|~|1.5,2|3"));
}

/// The values of the metric `row`, sorted, of the rows that pass: by rows, and by index where the segment can.
std::vector<std::int64_t> found(const storage::Segment& segment, const std::string& filter, bool indexed) {
  engine::SegmentSources columns(segment);
  const Json json = Json::parse(filter);
  const auto matcher = engine::parse_filter(JsonField(json))->bind(columns, {.row_count = segment.row_count()});
  std::vector<std::uint64_t> by_value(engine::mask_words(segment.row_count()));
  for (std::uint32_t begin = 0; begin < segment.row_count(); begin += engine::kVectorRows)
    matcher->match(begin, std::min(engine::kVectorRows, segment.row_count() - begin), false,
                   by_value.data() + begin / 64);
  EXPECT_EQ(matcher->index_cost(false).has_value(), indexed);
  if (indexed) {
    std::vector<std::uint64_t> by_index(by_value.size());
    matcher->index_rows(false, by_index);
    EXPECT_EQ(by_index, by_value);
  }
  std::vector<std::int64_t> scratch(segment.row_count());
  const std::int64_t* rows = segment.column("row")->long_reader()->read(0, segment.row_count(), scratch.data());
  std::vector<std::int64_t> values;
  for (std::uint32_t row = 0; row < segment.row_count(); ++row)
    if (engine::mask_has(by_value.data(), row)) values.push_back(rows[row]);
  std::sort(values.begin(), values.end());
  return values;
}

class SpatialSegmentsTest : public testing::Test {
 protected:
  static constexpr int kRows = 3000;

  SpatialSegmentsTest() {
    std::mt19937 random(5);
    for (int row = 0; row < kRows; ++row) {
      const int x = static_cast<int>(random() % 81) - 40, y = static_cast<int>(random() % 81) - 40;
      const bool none = row % 7 == 0;
      std::string json = R"({"t":)" + std::to_string(random() % 1000) + R"(,"row":)" + std::to_string(row);
      if (!none) json += R"(,"lat":)" + std::to_string(x) + R"(.5,"lon":)" + std::to_string(y);
      EXPECT_EQ((row < kRows / 2 ? first_ : second_).add(json + "}"), RowOutcome::kProcessed);
      if (!none) places_.push_back({row, x < 0 ? x - 0.5 : x + 0.5, static_cast<double>(y)});
    }
  }

  std::vector<std::int64_t> wanted(int begin, int end, const std::function<bool(double x, double y)>& inside) const {
    std::vector<std::int64_t> rows;
    for (const auto& [row, x, y] : places_)
      if (row >= begin && row < end && inside(x, y)) rows.push_back(row);
    return rows;
  }

  void expect_answers(const storage::Segment& segment, int begin, int end, bool indexed) {
    const auto bound = [](const std::string& text) {
      return R"({"type":"spatial","dimension":"spot","bound":)" + text + "}";
    };
    EXPECT_EQ(found(segment, bound(R"({"type":"rectangular","minCoords":[-10.5,-20],"maxCoords":[15,0]})"), indexed),
              wanted(begin, end, [](double x, double y) { return x >= -10.5 && x <= 15 && y >= -20 && y <= 0; }));
    EXPECT_EQ(found(segment, bound(R"({"type":"radius","coords":[0.5,3],"radius":13})"), indexed),
              wanted(begin, end, [](double x, double y) { return (x - 0.5) * (x - 0.5) + (y - 3) * (y - 3) <= 169; }));
    EXPECT_THAT(found(segment, bound(R"({"type":"rectangular","minCoords":[90,90],"maxCoords":[95,95]})"), indexed),
                IsEmpty());
  }

  std::shared_ptr<const storage::Segment> persisted(IndexFixture& fixture, const storage::IndexSpec& spec = {}) {
    const auto path = folder_.path() / std::to_string(++written_);
    fixture.index().flush();
    persist(*fixture.index().snapshot(), path, spec);
    expect_whole(path);
    return storage::open_segment(path);
  }

  void expect_whole(const std::filesystem::path& path) {
    storage::SegmentVerification verification(path, {});
    for (std::size_t step = 0; step < verification.step_count(); ++step) verification.run_step(step);
    for (const storage::Finding& finding : verification.report().findings)
      ADD_FAILURE() << finding.column << ", " << finding.part << ": " << finding.problem;
  }

  struct Placed {
    int row;
    double x, y;
  };
  std::vector<Placed> places_;
  IndexFixture first_{schema(kOld)};
  IndexFixture second_{schema(kModern)};
  const TemporaryFolder folder_;
  int written_ = 0;
};

TEST_F(SpatialSegmentsTest, LiveAndStoredSegmentsAnswerAlike) {
  first_.index().flush();
  expect_answers(*first_.index().snapshot(), 0, kRows / 2, false);
  for (const storage::BitmapEncoding bitmap : {storage::BitmapEncoding::kRoaring, storage::BitmapEncoding::kConcise}) {
    const auto stored = persisted(first_, {.bitmap = bitmap});
    ASSERT_NE(stored->column("spot")->spatial_index(), nullptr);
    EXPECT_GT(stored->column("spot")->spatial_index()->statistics().depth, 1u);
    expect_answers(*stored, 0, kRows / 2, true);
  }
}

TEST_F(SpatialSegmentsTest, MergedSegmentsKeepTheIndex) {
  const std::vector<std::shared_ptr<const storage::Segment>> parts{persisted(first_), persisted(second_)};
  const auto path = folder_.path() / "merged";
  merge_segments(parts, {}, path);
  expect_whole(path);
  const auto merged = storage::open_segment(path);
  ASSERT_NE(merged->column("spot")->spatial_index(), nullptr);
  expect_answers(*merged, 0, kRows, true);
}

TEST_F(SpatialSegmentsTest, WherePlacesAreMissingThereIsNoIndex) {
  IndexFixture fixture(schema(kModern));
  fixture.add(R"({"t":1,"lat":"nowhere","lon":2})");
  const auto stored = persisted(fixture);
  EXPECT_TRUE(stored->column("spot") == nullptr || stored->column("spot")->spatial_index() == nullptr);
}

}  // namespace
}  // namespace sarsen::ingest
