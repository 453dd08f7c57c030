#include "ingest/transform/row_intake.h"

#include <gtest/gtest.h>

#include "ingest/row/json_rows.h"
#include "ingest/row/raw_json.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

std::shared_ptr<const DataSchema> schema_with(const std::string& transform_spec) {
  const Json json =
      Json::parse(R"({"dataSource":"x","timestampSpec":{"column":"t"},"transformSpec":)" + transform_spec + "}");
  DataSchema schema = DataSchema::parse(JsonField(json));
  schema.input_format = InputFormat{};
  return std::make_shared<const DataSchema>(std::move(schema));
}

/// What becomes of each row: the value of `field`, "filtered", or "problem".
std::vector<std::string> take(const std::string& transform_spec, std::string_view rows, std::string_view field = "x") {
  FieldTable fields;
  RowIntake intake(schema_with(transform_spec), fields);
  JsonRowReader reader(InputFormat{}, fields, false);
  std::vector<std::string> taken;
  const auto problem = reader.read(rows, [&](RawRow& row) {
    const auto result = intake.take(row);
    if (result.verdict == RowIntake::Verdict::kFiltered) return taken.emplace_back("filtered"), void();
    if (result.verdict == RowIntake::Verdict::kUnparseable) return taken.emplace_back("problem"), void();
    if (field == "__time") return taken.push_back(std::to_string(result.time_ms));
    const auto number = fields.find(field);
    taken.push_back(json_of(number ? row.value(*number) : RawValue{}).dump());
  });
  EXPECT_FALSE(problem) << *problem;
  return taken;
}

using Texts = std::vector<std::string>;

constexpr const char* kExpression = R"({"transforms":[{"type":"expression","name":"x","expression":")";

Texts transformed(const std::string& expression, std::string_view rows) {
  return take(kExpression + expression + "\"}]}", rows);
}

TEST(RowIntakeTest, ComputesFields) {
  EXPECT_EQ(transformed("upper(a)", R"({"t":1,"a":"é1"}{"t":1})"), (Texts{R"("É1")", "null"}));
  EXPECT_EQ(transformed("a + 1", R"({"t":1,"a":4}{"t":1,"a":2.5}{"t":1,"a":"7"})"), (Texts{"5", "3.5", "8.0"}));
  EXPECT_EQ(transformed("__time + 1", R"({"t":1})"), Texts{"2"});
  EXPECT_EQ(transformed("array_length(a)", R"({"t":1,"a":[1,2,3]})"), Texts{"3"});
}

TEST(RowIntakeTest, HidesFieldsOfTheSameNameAndSeesOnlyTheInput) {
  EXPECT_EQ(transformed("concat(x, '!')", R"({"t":1,"x":"a"})"), Texts{R"("a!")"});
  EXPECT_EQ(take(R"({"transforms":[{"type":"expression","name":"a","expression":"'new'"},
                                   {"type":"expression","name":"x","expression":"a"}]})",
                 R"({"t":1,"a":"old"})"),
            Texts{R"("old")"});
}

TEST(RowIntakeTest, SetsTheTime) {
  constexpr const char* kTime = R"({"transforms":[{"type":"expression","name":"__time","expression":"a"}]})";
  EXPECT_EQ(take(kTime, R"({"t":1,"a":5}{"t":1,"a":"6"}{"t":1}{"t":"no","a":1})", "__time"),
            (Texts{"5", "6", "problem", "problem"}));
}

TEST(RowIntakeTest, FiltersWhatTheTransformsMade) {
  EXPECT_EQ(take(R"({"transforms":[{"type":"expression","name":"x","expression":"a + 1"}],
                     "filter":{"type":"selector","dimension":"x","value":"3"}})",
                 R"({"t":1,"a":2}{"t":1,"a":3}{"t":1,"a":2}{"t":1})"),
            (Texts{"3", "filtered", "3", "filtered"}));
}

TEST(RowIntakeTest, AFailureCountsWhereTheValueIsAskedFor) {
  const std::string fails = R"j({"transforms":[{"type":"expression","name":"x","expression":"parse_json(a)"}])j";
  constexpr const char* kUnlisted = R"({"t":1,"a":"{"})";
  constexpr const char* kListed = R"({"t":1,"a":"{","x":1})";
  EXPECT_EQ(take(fails + "}", kUnlisted), Texts{"null"});
  EXPECT_EQ(take(fails + "}", kListed), Texts{"problem"});
  EXPECT_EQ(take(fails + R"(,"filter":{"type":"selector","dimension":"x","value":"1"}})", kUnlisted), Texts{"problem"});
  EXPECT_EQ(take(fails + R"(,"filter":{"type":"selector","dimension":"a","value":"no"}})", kListed), Texts{"filtered"});
  EXPECT_EQ(take(fails + R"(,"filter":{"type":"expression","expression":"x == 1"}})", kUnlisted), Texts{"problem"});
}

TEST(RowIntakeTest, WhatTheRowDoesNotListStaysUnlisted) {
  FieldTable fields;
  RowIntake intake(schema_with(kExpression + std::string("a\"}]}")), fields);
  JsonRowReader reader(InputFormat{}, fields, true);
  std::vector<std::size_t> listed;
  const auto give = [&](RawRow& row) {
    intake.take(row);
    listed.push_back(row.fields().size());
  };
  EXPECT_FALSE(reader.read(R"({"t":1,"a":2}{"t":1,"a":2,"x":{"y":1}}{"t":1,"a":2,"x":3})", give));
  EXPECT_EQ(listed, (std::vector<std::size_t>{2, 2, 3}));
}

struct FilterCase {
  const char* filter;
  const char* row;
  bool passes;
};

TEST(RowIntakeTest, AsksFiltersOfRawValues) {
  const FilterCase cases[] = {
      {R"({"type":"selector","dimension":"x","value":"b"})", R"({"t":1,"x":["a","b"]})", true},
      {R"({"type":"selector","dimension":"x","value":null})", R"({"t":1})", true},
      {R"({"type":"selector","dimension":"x","value":"5"})", R"({"t":1,"x":5})", true},
      {R"({"type":"selector","dimension":"x","value":"true"})", R"({"t":1,"x":true})", true},
      {R"({"type":"not","field":{"type":"selector","dimension":"x","value":"b"}})", R"({"t":1,"x":"b"})", false},
      {R"({"type":"bound","dimension":"x","lower":"9","ordering":"numeric"})", R"({"t":1,"x":10})", true},
      {R"({"type":"in","dimension":"x","values":["p","q"]})", R"({"t":1,"x":"q"})", true},
      {R"({"type":"like","dimension":"x","pattern":"a%"})", R"({"t":1,"x":"abc"})", true},
      {R"({"type":"regex","dimension":"x","pattern":"^a"})", R"({"t":1,"x":"ba"})", false},
      {R"({"type":"interval","dimension":"__time","intervals":["1970/1971"]})", R"({"t":1})", true},
      {R"({"type":"range","column":"x","matchValueType":"LONG","lower":3})", R"({"t":1,"x":4})", true},
      {R"({"type":"expression","expression":"x > 3"})", R"({"t":1,"x":4})", true},
      {R"({"type":"expression","expression":"x > 3"})", R"({"t":1,"x":2})", false},
      {R"({"type":"equals","column":"x","matchValueType":"STRING","matchValue":"a"})", R"({"t":1,"x":"a"})", true},
      // As in Druid, null in a list is the text "null" to filters, and null to expressions.
      {R"({"type":"selector","dimension":"x","value":null})", R"({"t":1,"x":[null,"c"]})", false},
      {R"({"type":"selector","dimension":"x","value":null})", R"({"t":1,"x":[]})", true},
      {R"({"type":"in","dimension":"x","values":["null"]})", R"({"t":1,"x":[null,"c"]})", true},
      {R"x({"type":"expression","expression":"isnull(x)"})x", R"({"t":1,"x":[null,"c"]})", true},
      {R"({"type":"expression","expression":"x == 'b'"})", R"({"t":1,"x":["a","b"]})", true},
      {R"({"type":"expression","expression":"x == 'b'"})", R"({"t":1,"x":["b"]})", true},
      {R"({"type":"expression","expression":"x == 'b'"})", R"({"t":1,"x":["a","c"]})", false},
      {R"({"type":"expression","expression":"array_length(x) == 2"})", R"({"t":1,"x":["a","b"]})", true},
      // Within other filters an expression sees the row as it does alone.
      {R"x({"type":"not","field":{"type":"expression","expression":"isnull(x)"}})x", R"({"t":1,"x":[null,"c"]})",
       false},
      {R"({"type":"not","field":{"type":"expression","expression":"x > 3"}})", R"({"t":1,"x":10})", false},
      {R"({"type":"not","field":{"type":"expression","expression":"x > 3"}})", R"({"t":1,"x":2})", true},
      {R"({"type":"not","field":{"type":"expression","expression":"x == 'b'"}})", R"({"t":1,"x":["b"]})", false},
      {R"({"type":"or","fields":[{"type":"selector","dimension":"x","value":"a"},
                                 {"type":"expression","expression":"x + y == 12"}]})",
       R"({"t":1,"x":10,"y":2})", true},
      {R"({"type":"and","fields":[{"type":"selector","dimension":"x","value":"a"},
                                  {"type":"selector","dimension":"y","value":"b"}]})",
       R"({"t":1,"x":"a","y":"b"})", true}};
  for (const FilterCase& one : cases) {
    const Texts taken = take(std::string(R"({"filter":)") + one.filter + "}", one.row);
    EXPECT_EQ(taken != Texts{"filtered"}, one.passes) << one.filter << one.row;
  }
}

TEST(RowIntakeTest, TellsNeighboursApart) {
  const Texts taken = take(R"({"filter":{"type":"expression","expression":"x + y > 3"}})",
                           R"({"t":1,"x":1,"y":1}{"t":1,"x":2,"y":2}{"t":1,"x":1,"y":1}{"t":1,"x":3,"y":3})");
  EXPECT_EQ(taken, (Texts{"filtered", "2", "filtered", "3"}));
}

TEST(RowIntakeTest, RefusesBadSpecs) {
  for (const char* spec :
       {R"({"transforms":[{"type":"lookup"}]})", R"({"transforms":[{"type":"expression","name":"a"}]})",
        R"({"transforms":[{"type":"expression","name":"a","expression":"1"},
                                             {"type":"expression","name":"a","expression":"2"}]})",
        R"({"filter":{"type":"nope"}})"})
    EXPECT_THROW(schema_with(spec), Error) << spec;
}

}  // namespace
}  // namespace sarsen::ingest
