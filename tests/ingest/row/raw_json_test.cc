#include "ingest/row/raw_json.h"

#include <gtest/gtest.h>

#include "ingest/row/json_rows.h"

namespace sarsen::ingest {
namespace {

/// The value of field "v" of a row that the parser has read.
std::string read(const std::string& value) {
  FieldTable fields;
  JsonRowReader reader(InputFormat{}, fields, true);
  std::string text = "none";
  const auto problem = reader.read("{\"v\":" + value + "}",
                                   [&](const RawRow& row) { text = json_of(row.value(*fields.find("v"))).dump(); });
  return problem.value_or(text);
}

std::string cast(const std::string& value, const std::string& shape) {
  const auto json = cast_json(Json::parse(value), *storage::parse_column_shape(shape));
  return json ? json->dump() : "fails";
}

TEST(RawJson, KeepsValuesAsTheyAre) {
  for (const char* value : {"null", "true", "-5", "9223372036854775807", "0.5", R"("x")", "[]", "{}", "[null,[],{}]",
                            R"({"a":{"b.c":[1,"x",null,false,{"d":2.5}],"é":{}},"":0})"})
    EXPECT_EQ(read(value), value);
  EXPECT_EQ(read("[18446744073709551616,1e2]"), "[1.8446744073709552E19,100.0]");
}

TEST(RawJson, TakesTheLastValueOfARepeatedKeyAtTheFirstsPlace) {
  EXPECT_EQ(read(R"({"a":1,"b":2,"a":3})"), R"({"a":3,"b":2})");
  std::string many;
  for (int i = 0; i < 100; ++i) many += "\"k" + std::to_string(i) + "\":0,";
  EXPECT_EQ(read("{" + many + R"("k99":1,"k3":4})").substr(0, 34), R"({"k0":0,"k1":0,"k2":0,"k3":4,"k4":)");
}

TEST(RawJson, CastsScalarsByDruidsRules) {
  EXPECT_EQ(cast(R"("12")", "LONG"), "12");
  EXPECT_EQ(cast(R"("12.9")", "LONG"), "12");
  EXPECT_EQ(cast(R"("x")", "LONG"), "null");
  EXPECT_EQ(cast(R"("TRUE")", "LONG"), "1");
  EXPECT_EQ(cast("true", "DOUBLE"), "1.0");
  EXPECT_EQ(cast("-2.7", "LONG"), "-2");
  EXPECT_EQ(cast("3", "DOUBLE"), "3.0");
  EXPECT_EQ(cast("3", "STRING"), R"("3")");
  EXPECT_EQ(cast("2.5", "STRING"), R"("2.5")");
  EXPECT_EQ(cast("null", "LONG"), "null");
  EXPECT_EQ(cast(R"({"a":1})", "LONG"), "fails");
}

TEST(RawJson, CastsArraysByDruidsRules) {
  EXPECT_EQ(cast("[5]", "LONG"), "5");
  EXPECT_EQ(cast("[5,6]", "LONG"), "fails");
  EXPECT_EQ(cast("[]", "STRING"), "fails");
  EXPECT_EQ(cast(R"([1,"2",null,"x"])", "ARRAY<LONG>"), "[1,2,null,null]");
  EXPECT_EQ(cast("[1,2.5]", "ARRAY<STRING>"), R"(["1.0","2.5"])");
  EXPECT_EQ(cast("7", "ARRAY<DOUBLE>"), "[7.0]");
  EXPECT_EQ(cast("null", "ARRAY<DOUBLE>"), "null");
  EXPECT_EQ(cast("[]", "ARRAY<DOUBLE>"), "[]");
  EXPECT_EQ(cast("[[1]]", "ARRAY<LONG>"), "fails");
}

}  // namespace
}  // namespace sarsen::ingest
