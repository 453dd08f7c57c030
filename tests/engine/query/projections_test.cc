// Projections that stock Druid wrote answer as the rows do that they sum up, where they can, and are left alone where
// they cannot.
#include <gtest/gtest.h>

#include "storage/segment/mapped_segment.h"
#include "tests/engine/query/query_example.h"
#include "tests/support/checkout.h"

namespace sarsen::engine {
namespace {

/// hourly: city, nothing; sum of n, users. upper: concat(city, '!'); rows. by_tag: tags; rows, sum of d.
std::shared_ptr<const storage::Segment> projected_segment() {
  return storage::open_segment(source_folder() / "tests/golden/segments/druid-33.0.0-projections");
}

void serve_day(storage::Catalog& catalog, std::shared_ptr<const storage::Segment> segment, std::uint32_t partition) {
  storage::TimelineEntry entry;
  entry.id = {"t", parse_interval("2024-01-01/2024-01-02"), "v1", partition};
  entry.segment = std::make_shared<storage::ImmutableServedSegment>(std::move(segment));
  catalog.update("t", [&](storage::Timeline& timeline) { timeline.add(entry); });
}

std::string query(const std::string& fields, const std::string& context) {
  return R"({"dataSource":"t",)" + fields +
         (fields.find("granularity") == std::string::npos ? R"(,"granularity":"all")" : "") +
         (fields.find("intervals") == std::string::npos ? R"(,"intervals":"2000/2100")" : "") + R"(,"context":{)" +
         context + "}}";
}

const std::string kSum = R"("aggregations":[{"type":"longSum","name":"s","fieldName":"n"}])";
const std::string kCount = R"("aggregations":[{"type":"count","name":"c"}])";
const std::string kUpper =
    R"-("virtualColumns":[{"type":"expression","name":"w","expression":"concat(city, '!')","outputType":"STRING"}])-";

const std::string kAnswered[] = {
    R"("queryType":"groupBy","dimensions":["city"],)" + kSum,
    R"("queryType":"groupBy","dimensions":["city","nothing","nowhere"],)" + kSum,
    R"("queryType":"groupBy","dimensions":["city"],"granularity":"hour",)" + kSum,
    R"("queryType":"timeseries",)" + kSum,
    R"("queryType":"timeseries","granularity":"hour",)" + kSum,
    R"("queryType":"timeseries","granularity":"week","descending":true,)" + kSum,
    R"("queryType":"timeseries","intervals":"2024-01-01T01/2024-01-01T03",)" + kSum,
    R"("queryType":"timeseries","intervals":["2024-01-01T00/2024-01-01T01","2024-01-01T03/2030"],)" + kSum,
    R"("queryType":"topN","dimension":"city","metric":"s","threshold":3,)" + kSum,
    R"("queryType":"topN","dimension":"city","metric":"s","threshold":3,"filter":{"type":"not","field":{"type":"in","dimension":"city","values":["Bern",null]}},)" +
        kSum,
    R"("queryType":"groupBy","dimensions":["w"],)" + kUpper + "," + kCount,
    R"("queryType":"groupBy","dimensions":["w"],)" + kUpper + "," + kSum,
    R"("queryType":"groupBy","dimensions":[{"type":"extraction","dimension":"city","extractionFn":{"type":"upper"}}],)" +
        kSum,
    R"-("queryType":"groupBy","dimensions":["day"],"virtualColumns":[{"type":"expression","name":"day","expression":"timestamp_floor(__time, 'P1D')","outputType":"LONG"}],)-" +
        kSum,
};

const std::string kOfRowsOnly[] = {
    R"("queryType":"timeseries","granularity":"minute",)" + kSum,
    R"("queryType":"timeseries","granularity":{"type":"period","period":"PT1H","timeZone":"Asia/Kolkata"},)" + kSum,
    R"("queryType":"timeseries","intervals":"2024-01-01T01:01/2024-01-01T03",)" + kSum,
    R"("queryType":"timeseries",)" + kCount,
    R"("queryType":"timeseries","aggregations":[{"type":"longMax","name":"s","fieldName":"n"}])",
    R"("queryType":"groupBy","dimensions":["user"],)" + kSum,
    R"("queryType":"groupBy","dimensions":[{"type":"default","dimension":"__time","outputName":"time"}],)" + kSum,
    R"("queryType":"groupBy","dimensions":["sum","v"],)" + kSum,  // columns of projections only
    // Virtual columns that hide what the projection was made of.
    R"("queryType":"groupBy","dimensions":["city"],"virtualColumns":[{"type":"expression","name":"n","expression":"small + 1","outputType":"LONG"}],)" +
        kSum,
    R"-("queryType":"groupBy","dimensions":["w"],"virtualColumns":[{"type":"expression","name":"w","expression":"concat(city, '!')","outputType":"STRING"},{"type":"expression","name":"city","expression":"upper(user)","outputType":"STRING"}],)-" +
        kCount,
    R"("queryType":"groupBy","dimensions":["tags"],)" + kCount,  // several values
    R"("queryType":"groupBy","dimensions":["city"],"filter":{"type":"selector","dimension":"user","value":"u1"},)" +
        kSum,
    R"("queryType":"groupBy","dimensions":["city"],"filter":{"type":"expression","expression":"city == 'Bern'"},)" +
        kSum,
    R"("queryType":"groupBy","dimensions":["city"],"filter":{"type":"bound","dimension":"__time","upper":"1704072600000","ordering":"numeric"},)" +
        kSum,
};

TEST(QueriesOfProjections, GiveWhatTheRowsGive) {
  storage::Catalog catalog;
  serve_day(catalog, projected_segment(), 0);
  for (const std::string& fields : kAnswered) {
    const std::string of_rows = answer(catalog, query(fields, R"("noProjections":true,"forceProjections":true)"));
    EXPECT_EQ(answer(catalog, query(fields, "")), of_rows) << fields;
    EXPECT_EQ(answer(catalog, query(fields, R"("forceProjections":true)")), of_rows) << fields;
    EXPECT_EQ(answer(catalog, query(fields, R"("forceProjections":true,"maxOnDiskStorage":1000000)")), of_rows);
  }
}

TEST(QueriesOfProjections, ReadRowsWhereProjectionsTellTooLittle) {
  storage::Catalog catalog;
  serve_day(catalog, projected_segment(), 0);
  for (const std::string& fields : kOfRowsOnly) {
    EXPECT_EQ(answer(catalog, query(fields, "")), answer(catalog, query(fields, R"("noProjections":true)"))) << fields;
    EXPECT_EQ(refusal(catalog, query(fields, R"("forceProjections":true)")),
              "Force projections specified, but none satisfy query")
        << fields;
  }
}

/// The segment, of which each projection has a filter, as those of later versions may.
class OfSomeRows final : public storage::Segment {
 public:
  explicit OfSomeRows(std::shared_ptr<const storage::Segment> base) : base_(std::move(base)) {
    for (storage::Projection projection : base_->projections()) {
      Json::Object schema = projection.schema.object();
      schema.emplace_back("filter", Json::Object{{"type", "equals"}, {"column", "city"}, {"matchValue", "Bern"}});
      projection.schema = schema;
      projections_.push_back(std::move(projection));
    }
  }
  std::uint32_t row_count() const noexcept override { return base_->row_count(); }
  Interval data_interval() const noexcept override { return base_->data_interval(); }
  bool sorted_by_time() const noexcept override { return base_->sorted_by_time(); }
  std::optional<Interval> time_bounds() const override { return base_->time_bounds(); }
  const std::vector<std::string>& dimensions() const noexcept override { return base_->dimensions(); }
  const std::vector<std::string>& metrics() const noexcept override { return base_->metrics(); }
  const storage::Column* column(std::string_view name) const override { return base_->column(name); }
  const Json& metadata() const override { return base_->metadata(); }
  std::size_t size_bytes() const noexcept override { return base_->size_bytes(); }
  const std::vector<storage::Projection>& projections() const noexcept override { return projections_; }
  std::shared_ptr<const storage::Segment> projection(std::string_view name) const override {
    return base_->projection(name);
  }

 private:
  std::shared_ptr<const storage::Segment> base_;
  std::vector<storage::Projection> projections_;
};

TEST(QueriesOfProjections, LeaveThoseOfSomeRowsAlone) {
  storage::Catalog catalog;
  serve_day(catalog, std::make_shared<OfSomeRows>(projected_segment()), 0);
  for (const std::string& fields : kAnswered)
    EXPECT_EQ(refusal(catalog, query(fields, R"("forceProjections":true)")),
              "Force projections specified, but none satisfy query")
        << fields;
}

TEST(QueriesOfProjections, MayNameOne) {
  storage::Catalog catalog;
  serve_day(catalog, projected_segment(), 0);
  const std::string by_city = R"("queryType":"groupBy","dimensions":["city"],)" + kSum;
  EXPECT_EQ(answer(catalog, query(by_city, R"("useProjection":"hourly")")),
            answer(catalog, query(by_city, R"("noProjections":true)")));
  for (const std::string name : {"by_tag", "other"})
    EXPECT_EQ(refusal(catalog, query(by_city, R"("useProjection":")" + name + "\"")),
              "Projection[" + name + "] specified, but does not satisfy query");
  EXPECT_EQ(refusal(catalog, query(R"("queryType":"scan")", R"("useProjection":"hourly")")),
            "Projection[hourly] specified, but does not satisfy query");
  EXPECT_NE(answer(catalog, query(R"("queryType":"scan")", R"("useProjection":"hourly","noProjections":true)")), "[]");
}

/// Raw text is no input of hyperUnique, and so the answer can only be that of the projection.
TEST(QueriesOfProjections, FoldWhatIsStored) {
  storage::Catalog catalog;
  serve_day(catalog, projected_segment(), 0);
  const std::string users =
      R"("queryType":"timeseries","aggregations":[{"type":"hyperUnique","name":"u","fieldName":"user","round":false}])";
  EXPECT_EQ(answer(catalog, query(users, "")),
            R"([{"timestamp":"2024-01-01T00:00:00.000Z","result":{"u":20.098296726168925}}])");
  EXPECT_NE(refusal(catalog, query(users, R"("noProjections":true)")), "");
}

TEST(QueriesOfProjections, MeetRowsOfSegmentsWithout) {
  storage::Catalog with, without;
  for (storage::Catalog* catalog : {&with, &without}) {
    auto more = std::make_shared<MemorySegment>(std::vector<std::int64_t>{1704067200000, 1704070800001}, Form::kMapped);
    more->strings("city", {"Bern", "Basel"}).longs("n", {1000, 3});
    serve_day(*catalog, std::move(more), 1);
  }
  serve_day(with, projected_segment(), 0);
  serve_day(without, projected_segment(), 0);
  for (const std::string granularity : {"all", "hour"}) {
    const std::string fields =
        R"("queryType":"groupBy","dimensions":["city"],"granularity":")" + granularity + "\"," + kSum;
    EXPECT_EQ(answer(with, query(fields, "")), answer(without, query(fields, R"("noProjections":true)")));
    EXPECT_NE(refusal(with, query(fields, R"("forceProjections":true)")), "");
  }
}

}  // namespace
}  // namespace sarsen::engine
