#include "ingest/incremental_index/persist.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "ingest/row/double_storage.h"
#include "storage/segment/mapped_segment.h"
#include "tests/ingest/support/index_fixture.h"
#include "tests/ingest/support/temporary_folder.h"

namespace sarsen::ingest {
namespace {

using Rows = std::vector<std::string>;

Rows persisted(IndexFixture& fixture) {
  const TemporaryFolder folder;
  fixture.index().flush();
  persist(*fixture.index().snapshot(), folder.path() / "0");
  return rows_of(*storage::open_segment(folder.path() / "0"));
}

TEST(PersistTest, SortsRowsByTimeAndThenByDimensionsWithNullsFirst) {
  IndexFixture fixture(R"({"dataSource":"x","timestampSpec":{"column":"t"},"granularitySpec":{"rollup":false},
      "dimensionsSpec":{"dimensions":["a",{"type":"long","name":"n"},{"type":"double","name":"d"}]},
      "metricsSpec":[{"type":"longSum","name":"row","fieldName":"row"}]})");
  for (const char* row : {R"({"t":2,"a":"a","row":1})", R"({"t":1,"a":"\ud83d\ude00","row":2})",
                          R"({"t":1,"a":"\uffee","row":3})", R"({"t":1,"n":5,"row":4})", R"({"t":1,"n":-5,"row":5})",
                          R"({"t":1,"row":6,"d":0.0})", R"({"t":1,"row":7,"d":-0.0})", R"({"t":1,"row":8})",
                          R"({"t":1,"a":"","row":9})", R"({"t":1,"a":"b","row":10})", R"({"t":1,"a":"b","row":11})"})
    fixture.add(row);
  // U+1F600 is two surrogates in UTF-16, which sort before U+FFEE.
  EXPECT_EQ(persisted(fixture),
            (Rows{"1|~|~|~|8", "1|~|~|-0|7", "1|~|~|0|6", "1|~|-5|~|5", "1|~|5|~|4", "1||~|~|9", "1|b|~|~|10",
                  "1|b|~|~|11", "1|\xF0\x9F\x98\x80|~|~|2", "1|\xEF\xBF\xAE|~|~|3", "2|a|~|~|1"}));
}

TEST(PersistTest, SortsListsValueByValueAndThenByLength) {
  IndexFixture fixture(R"({"dataSource":"x","timestampSpec":{"column":"t"},"granularitySpec":{"rollup":false},
      "dimensionsSpec":{"dimensions":[{"name":"a","multiValueHandling":"ARRAY"}]}})");
  for (const char* a : {R"(["b","a"])", R"(["a","b"])", R"("a")", R"(["a","b","a"])", "null", R"(["a",null])", "[]"})
    fixture.add(R"({"t":1,"a":)" + std::string(a) + "}");
  EXPECT_EQ(persisted(fixture), (Rows{"1|~", "1|~", "1|a", "1|[a,~]", "1|[a,b]", "1|[a,b,a]", "1|[b,a]"}));
}

TEST(PersistTest, KeepsEveryRowOfARandomIndex) {
  IndexFixture fixture(R"({"dataSource":"x","timestampSpec":{"column":"t"},
      "dimensionsSpec":{"dimensions":["a","b",{"type":"float","name":"f"}]},
      "metricsSpec":[{"type":"count","name":"c"},{"type":"floatMax","name":"m","fieldName":"none"},{"type":"doubleSum","name":"s","fieldName":"x"}],
      "granularitySpec":{"queryGranularity":"second"}})");
  std::mt19937 random(3);
  for (int i = 0; i < 5000; ++i) {
    std::string row = R"({"t":)" + std::to_string(random() % 100'000) + R"(,"x":)" + std::to_string(random() % 100);
    if (random() % 3 != 0) row += R"(,"a":"v)" + std::to_string(random() % 1000) + "\"";
    if (random() % 2 != 0) row += R"(,"b":["x)" + std::to_string(random() % 9) + R"(","y"])";
    if (random() % 4 != 0) row += R"(,"f":)" + std::to_string(random() % 5);
    ASSERT_EQ(fixture.add(row + "}"), RowOutcome::kProcessed);
  }
  const Rows stored = persisted(fixture);
  Rows live = rows_of(*fixture.index().snapshot());
  Rows sorted = stored;
  std::sort(live.begin(), live.end());
  std::sort(sorted.begin(), sorted.end());
  EXPECT_EQ(sorted, live);
}

TEST(PersistTest, WritesTheMetadataThatDruidWrites) {
  IndexFixture fixture(
      R"({"dataSource":"x","timestampSpec":{"column":"t","format":"iso"},"dimensionsSpec":{"dimensions":["b","a"]},
      "metricsSpec":[{"type":"longSum","name":"s","fieldName":"x"},{"type":"count","name":"c"}],
      "granularitySpec":{"queryGranularity":"hour"}})");
  fixture.add(R"({"t":"2020-01-01","a":"1"})");
  fixture.index().flush();
  EXPECT_EQ(
      fixture.index().snapshot()->metadata().dump(),
      R"({"container":{},"aggregators":[{"type":"longSum","name":"c","fieldName":"c"},{"type":"longSum","name":"s","fieldName":"s"}],)"
      R"("timestampSpec":{"column":"t","format":"iso","missingValue":null},"queryGranularity":"HOUR","rollup":true,)"
      R"("ordering":[{"columnName":"__time","order":"ascending"},{"columnName":"b","order":"ascending"},)"
      R"({"columnName":"a","order":"ascending"}]})");
}

/// As in Druid: what a spec lists or asks for is kept.
TEST(PersistTest, StoresNoDiscoveredColumnOfNothing) {
  const auto columns = [](const std::string& dimensions) {
    IndexFixture fixture(R"({"dataSource":"x","timestampSpec":{"column":"t"},"dimensionsSpec":{)" + dimensions +
                         R"(},"granularitySpec":{"rollup":false}})");
    fixture.add(R"({"t":1,"a":[],"b":"b"})");
    const TemporaryFolder folder;
    fixture.index().flush();
    persist(*fixture.index().snapshot(), folder.path() / "0");
    return storage::open_segment(folder.path() / "0")->dimensions();
  };
  EXPECT_EQ(columns(R"("dimensions":[])"), Rows{"b"});
  EXPECT_EQ(columns(R"("dimensions":["a"])"), Rows{"a"});
  EXPECT_EQ(columns(R"("dimensions":["b"],"includeAllDimensions":true)"), (Rows{"b", "a"}));
}

/// As Druid up to 0.10, and later ones with druid.indexing.doubleStorage=float.
TEST(PersistTest, DoublesAreStoredWith32BitsWhereThatIsWanted) {
  constexpr const char* kSums = R"({"dataSource":"d","timestampSpec":{"column":"t"},
      "dimensionsSpec":{"dimensions":[{"type":"double","name":"d"}]},
      "metricsSpec":[{"type":"doubleSum","name":"s","fieldName":"v"},{"type":"longSum","name":"l","fieldName":"v"}],
      "granularitySpec":{"queryGranularity":"NONE","rollup":true}})";
  const auto stored = [&](bool as_floats) {
    stored_doubles_are_floats = as_floats;
    TemporaryFolder folder;
    IndexFixture fixture(kSums);
    for (const char* value : {"8388608", "8388609"})
      fixture.add(R"({"t":"2024-01-01","d":0.1,"v":)" + std::string(value) + "}");
    fixture.index().flush();
    EXPECT_EQ(fixture.index().snapshot()->column("s")->logical_type(), as_floats ? "FLOAT" : "DOUBLE") << "live";
    persist(*fixture.index().snapshot(), folder.path() / "0");
    stored_doubles_are_floats = false;
    const auto segment = storage::open_segment(folder.path() / "0");
    const std::string type(segment->column("s")->logical_type());
    EXPECT_EQ(segment->column("d")->logical_type(), type);
    EXPECT_EQ(segment->column("l")->logical_type(), "LONG");
    std::vector<double> scratch(1);
    std::vector<float> floats(1);
    return as_floats ? static_cast<double>(*segment->column("s")->float_reader()->read(0, 1, floats.data()))
                     : *segment->column("s")->double_reader()->read(0, 1, scratch.data());
  };
  EXPECT_EQ(stored(false), 16777217.0);
  EXPECT_EQ(stored(true), 16777216.0) << "2^24 + 1 has no place in 24 bits";
}

TEST(PersistTest, SumsOfExpressionsOverLongsAreExact) {
  IndexFixture fixture(R"({"dataSource":"x","timestampSpec":{"column":"t"},"dimensionsSpec":{"dimensions":["a"]},
      "metricsSpec":[{"type":"longSum","name":"s","expression":"n * 2"}]})");
  fixture.add(R"({"t":1,"n":9007199254740993})");
  EXPECT_EQ(persisted(fixture), Rows{"1|~|18014398509481986"});
}

}  // namespace
}  // namespace sarsen::ingest
