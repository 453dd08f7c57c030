#include "ingest/incremental_index/live_structured_dimension.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ingest/incremental_index/persist.h"
#include "storage/segment/mapped_segment.h"
#include "tests/ingest/support/index_fixture.h"
#include "tests/ingest/support/temporary_folder.h"

namespace sarsen::ingest {
namespace {

using storage::ValueType;
using testing::ElementsAre;
using testing::HasSubstr;
using Rows = std::vector<std::string>;

/// One dimension `v` of any shape.
std::string schema(const std::string& dimension = "", bool rollup = false) {
  return R"({"dataSource":"x","timestampSpec":{"column":"t"},"granularitySpec":{"rollup":)" +
         std::string(rollup ? "true" : "false") + R"(},"dimensionsSpec":{"dimensions":[{"type":"auto","name":"v")" +
         dimension + R"(}]},"metricsSpec":[{"type":"count","name":"c"}]})";
}

class LiveStructuredDimensionTest : public testing::Test {
 protected:
  void add(const Rows& values) {
    for (const std::string& value : values) index_->add(R"({"t":1,"v":)" + value + "}");
    index_->index().flush();
    live_ = index_->index().snapshot();
  }
  const storage::Column& column() const { return *live_->column("v"); }
  std::string type() const { return column().logical_type(); }

  std::unique_ptr<IndexFixture> index_ = std::make_unique<IndexFixture>(schema());
  std::shared_ptr<const LiveSegment> live_;
};

TEST_F(LiveStructuredDimensionTest, IsWhatItsRowsHaveBeenSoFar) {
  add({"null"});
  EXPECT_EQ(type(), "STRING");
  EXPECT_EQ(column().type(), ValueType::kString);
  add({"1", "true"});
  EXPECT_EQ(type(), "LONG");
  EXPECT_EQ(rows_of(*live_), (Rows{"1|~|1", "1|1|1", "1|1|1"}));
  const auto longs = live_;
  add({"2.5"});
  EXPECT_EQ(type(), "DOUBLE");
  EXPECT_EQ(column().type(), ValueType::kVariant);
  EXPECT_EQ(rows_of(*live_), (Rows{"1|~|1", "1|1|1", "1|1|1", "1|2.5|1"}));
  add({R"(["x",1])"});
  EXPECT_EQ(type(), "ARRAY<STRING>");
  EXPECT_EQ(rows_of(*live_).back(), R"(1|["x","1"]|1)");
  add({R"({"a":true})"});
  EXPECT_EQ(type(), "COMPLEX<json>");
  EXPECT_EQ(column().complex_type(), "json");
  EXPECT_EQ(rows_of(*live_), (Rows{"1|~|1", "1|1|1", "1|true|1", "1|2.5|1", R"(1|["x",1]|1)", R"(1|{"a":true}|1)"}));
  EXPECT_EQ(longs->column("v")->logical_type(), "LONG");  // what was published stays
  EXPECT_EQ(rows_of(*longs), (Rows{"1|~|1", "1|1|1", "1|1|1"}));
}

TEST_F(LiveStructuredDimensionTest, FindsStrings) {
  add({R"("b")", R"("a")", "null", R"("b")"});
  const storage::Dictionary& strings = *column().dictionary();
  ASSERT_TRUE(strings.find("b").has_value());
  EXPECT_EQ(strings.value(*strings.find("b")), "b");
  EXPECT_EQ(strings.find("c"), std::nullopt);
  EXPECT_EQ(strings.value(*strings.find(std::nullopt)), std::nullopt);
  EXPECT_TRUE(column().may_have_nulls());
}

TEST_F(LiveStructuredDimensionTest, GivesEqualValuesOneId) {
  add({"1", "true", R"(["a",1])", R"(["a","1"])", "[1]", "[true]"});
  const auto ids = column().id_reader();
  std::vector<std::uint32_t> scratch(6);
  const std::uint32_t* read = ids->read(0, 6, scratch.data());
  EXPECT_EQ(read[0], read[1]);
  EXPECT_EQ(read[2], read[3]);
  EXPECT_EQ(read[4], read[5]);
  EXPECT_EQ(column().value_dictionary()->value(read[2]).dump(), R"(["a","1"])");
}

TEST_F(LiveStructuredDimensionTest, ShowsTheFieldsOfJson) {
  add({R"({"a":1,"b":{"c":"x"}})", R"({"a":2.5})", "null"});
  const storage::NestedFields* fields = column().nested_fields();
  ASSERT_NE(fields, nullptr);
  ASSERT_EQ(fields->size(), 2u);
  EXPECT_EQ(fields->path(0), "$.a");
  EXPECT_EQ(fields->column(0).logical_type(), "DOUBLE");
  EXPECT_EQ(fields->path(1), "$.b.c");
  EXPECT_EQ(fields->column(1).dictionary()->value(1), "x");
}

TEST_F(LiveStructuredDimensionTest, RollsUpWhatDruidTakesForOneValue) {
  index_ = std::make_unique<IndexFixture>(schema("", true));
  add({"1", "1.0", "true", R"("1")", R"({"a":1,"b":2})", R"({"b":2,"a":1})", "9007199254740992", "9007199254740993",
       "[1]", "[1]", "[1.0]"});
  EXPECT_THAT(rows_of(*live_), ElementsAre("1|1|2", "1|true|1", R"(1|"1"|1)", R"(1|{"a":1,"b":2}|2)",
                                           "1|9007199254740992|2", "1|[1]|2", "1|[1.0]|1"));
}

TEST_F(LiveStructuredDimensionTest, CastsWhereTheSpecSaysSo) {
  index_ = std::make_unique<IndexFixture>(schema(R"(,"castToType":"LONG")"));
  add({R"("5")", "2.7", "null", "[3]"});
  EXPECT_EQ(type(), "LONG");
  EXPECT_EQ(rows_of(*live_), (Rows{"1|5|1", "1|2|1", "1|~|1", "1|3|1"}));
  EXPECT_EQ(index_->add(R"({"t":1,"v":{"a":1}})"), RowOutcome::kProcessedWithError);
  ASSERT_EQ(index_->problems().size(), 1u);
  EXPECT_THAT(index_->problems()[0], HasSubstr("Cannot coerce column [v] input to requested type [LONG]"));
}

TEST_F(LiveStructuredDimensionTest, RefusesWhatIsNestedTooDeep) {
  const std::string deep = std::string(257, '[') + std::string(257, ']');
  EXPECT_EQ(index_->add(R"({"t":1,"v":)" + deep + "}"), RowOutcome::kProcessedWithError);
  EXPECT_EQ(index_->add(R"({"t":1,"v":)" + deep.substr(1, 512) + "}"), RowOutcome::kProcessed);
}

TEST_F(LiveStructuredDimensionTest, IsDiscoveredWithAllThatRowsHold) {
  IndexFixture index(R"({"dataSource":"x","timestampSpec":{"column":"t"},"granularitySpec":{"rollup":false},
      "dimensionsSpec":{"dimensions":["s"],"useSchemaDiscovery":true}})");
  index.add(R"({"t":1,"s":"p","n":5})");
  index.add(R"({"t":2,"o":{"a":[1]},"n":6,"e":null})");
  index.index().flush();
  const auto live = index.index().snapshot();
  EXPECT_THAT(live->dimensions(), ElementsAre("s", "n", "o", "e"));
  EXPECT_EQ(live->column("n")->type(), ValueType::kLong);
  EXPECT_EQ(rows_of(*live), (Rows{"1|p|5|~|~", R"(2|~|6|{"a":[1]}|~)"}));
}

TEST_F(LiveStructuredDimensionTest, IsStoredInDruidsOrder) {
  add({R"({"a":1})", "2", R"("b")", "1.5", "null", R"("a")", "-3"});
  const TemporaryFolder folder;
  persist(*live_, folder.path() / "0");
  const auto stored = storage::open_segment(folder.path() / "0");
  EXPECT_EQ(stored->column("v")->logical_type(), "COMPLEX<json>");
  EXPECT_EQ(rows_of(*stored),
            (Rows{"1|~|1", R"(1|"a"|1)", R"(1|"b"|1)", "1|-3|1", "1|1.5|1", "1|2|1", R"(1|{"a":1}|1)"}));
}

}  // namespace
}  // namespace sarsen::ingest
