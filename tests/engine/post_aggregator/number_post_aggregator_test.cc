// Post-aggregators over numbers, one line a case: function, fields, answer. All are what stock Druid 33 answers.

#include <gtest/gtest.h>

#include <limits>
#include <sstream>

#include "engine/post_aggregator/post_aggregator.h"
#include "storage/base/error.h"

namespace sarsen::engine {
namespace {

const std::vector<std::string> kNames = {"l", "max", "min", "d", "z", "mz", "nan", "n", "s"};

class Numbers final : public RowValues {
 public:
  Value finalised(std::size_t i) const override { return kNames[i] == "s" ? Value(std::string("final")) : value(i); }
  Value intermediate(std::size_t i) const override { return value(i); }

 private:
  static Value value(std::size_t i) {
    using Longs = std::numeric_limits<std::int64_t>;
    const Value values[] = {
        std::int64_t{7}, Longs::max(),    Longs::min(), 2.5, 0.0, -0.0, std::numeric_limits<double>::quiet_NaN(),
        Value(),         std::string("x")};
    return values[i];
  }
};

std::string answer(const std::string& members) {
  const Json document = Json::parse(R"({"name":"x",)" + members + "}");
  try {
    return json_of(parse_post_aggregator(JsonField(document), NameScope(kNames))->compute(Numbers())).dump();
  } catch (const Error&) {
    return "refused";
  }
}

struct Case {
  std::string function;
  std::string fields;
  std::string answer;
};

std::string field_list(const std::string& names) {
  std::string list;
  std::stringstream words(names);
  for (std::string name; words >> name;)
    list += (list.empty() ? "" : ",") + (R"({"type":"fieldAccess","fieldName":")" + name + "\"}");
  return R"("fields":[)" + list + "]";
}

TEST(NumberPostAggregator, ArithmeticIsOfDoubles) {
  const std::vector<Case> cases = {{"+", "l d", "9.5"},
                                   {"+", "l n", "null"},
                                   {"+", "n n", "null"},
                                   {"+", "l z", "7.0"},
                                   {"+", "z z", "0.0"},
                                   {"+", "l mz", "7.0"},
                                   {"+", "nan l", R"("NaN")"},
                                   {"+", "max l", "9.223372036854776E18"},
                                   {"+", "l d d", "12.0"},
                                   {"-", "l d", "4.5"},
                                   {"-", "l n", "null"},
                                   {"-", "n n", "null"},
                                   {"-", "l z", "7.0"},
                                   {"-", "z z", "0.0"},
                                   {"-", "l mz", "7.0"},
                                   {"-", "nan l", R"("NaN")"},
                                   {"-", "max l", "9.223372036854776E18"},
                                   {"-", "l d d", "2.0"},
                                   {"*", "l d", "17.5"},
                                   {"*", "l n", "null"},
                                   {"*", "n n", "null"},
                                   {"*", "l z", "0.0"},
                                   {"*", "z z", "0.0"},
                                   {"*", "l mz", "-0.0"},
                                   {"*", "nan l", R"("NaN")"},
                                   {"*", "max l", "6.456360425798343E19"},
                                   {"*", "l d d", "43.75"},
                                   {"/", "l d", "2.8"},
                                   {"/", "l n", "null"},
                                   {"/", "n n", "null"},
                                   {"/", "l z", "0.0"},
                                   {"/", "z z", "0.0"},
                                   {"/", "l mz", "0.0"},
                                   {"/", "nan l", R"("NaN")"},
                                   {"/", "l d d", "1.1199999999999999"},
                                   {"quotient", "l d", "2.8"},
                                   {"quotient", "l n", "null"},
                                   {"quotient", "n n", "null"},
                                   {"quotient", "l z", R"("Infinity")"},
                                   {"quotient", "z z", R"("NaN")"},
                                   {"quotient", "l mz", R"("-Infinity")"},
                                   {"quotient", "nan l", R"("NaN")"},
                                   {"quotient", "l d d", "1.1199999999999999"},
                                   {"pow", "l d", "129.64181424216494"},
                                   {"pow", "l n", "null"},
                                   {"pow", "n n", "null"},
                                   {"pow", "l z", "1.0"},
                                   {"pow", "z z", "1.0"},
                                   {"pow", "l mz", "1.0"},
                                   {"pow", "nan l", R"("NaN")"},
                                   {"pow", "max l", "5.678427533559429E132"},
                                   {"pow", "l d d", "191365.1059071828"},
                                   {"%", "l d", "refused"},
                                   {"+", "l", "refused"},
                                   {"+", "s l", "refused"}};
  for (const Case& each : cases)
    EXPECT_EQ(answer(R"("type":"arithmetic","fn":")" + each.function + "\"," + field_list(each.fields)), each.answer)
        << each.function << " " << each.fields;
}

TEST(NumberPostAggregator, ExtremesPassOverNulls) {
  const std::vector<Case> cases = {{"doubleGreatest", "l d", "7.0"},
                                   {"doubleGreatest", "l n", "7.0"},
                                   {"doubleGreatest", "n", "null"},
                                   {"doubleGreatest", "z mz", "0.0"},
                                   {"doubleGreatest", "mz z", "0.0"},
                                   {"doubleGreatest", "nan l", R"("NaN")"},
                                   {"doubleGreatest", "l nan", R"("NaN")"},
                                   {"doubleGreatest", "max min", "9.223372036854776E18"},
                                   {"doubleGreatest", "s", "refused"},
                                   {"doubleGreatest", "", "refused"},
                                   {"doubleGreatest", "d l", "7.0"},
                                   {"doubleLeast", "l d", "2.5"},
                                   {"doubleLeast", "l n", "7.0"},
                                   {"doubleLeast", "n", "null"},
                                   {"doubleLeast", "z mz", "-0.0"},
                                   {"doubleLeast", "mz z", "-0.0"},
                                   {"doubleLeast", "nan l", "7.0"},
                                   {"doubleLeast", "l nan", "7.0"},
                                   {"doubleLeast", "max min", "-9.223372036854776E18"},
                                   {"doubleLeast", "s", "refused"},
                                   {"doubleLeast", "", "refused"},
                                   {"doubleLeast", "d l", "2.5"},
                                   {"longGreatest", "l d", "7"},
                                   {"longGreatest", "l n", "7"},
                                   {"longGreatest", "n", "null"},
                                   {"longGreatest", "z mz", "0"},
                                   {"longGreatest", "mz z", "0"},
                                   {"longGreatest", "nan l", "7"},
                                   {"longGreatest", "l nan", "7"},
                                   {"longGreatest", "max min", "9223372036854775807"},
                                   {"longGreatest", "s", "refused"},
                                   {"longGreatest", "", "refused"},
                                   {"longGreatest", "d l", "7"},
                                   {"longLeast", "l d", "2"},
                                   {"longLeast", "l n", "7"},
                                   {"longLeast", "n", "null"},
                                   {"longLeast", "z mz", "0"},
                                   {"longLeast", "mz z", "0"},
                                   {"longLeast", "nan l", "0"},
                                   {"longLeast", "l nan", "0"},
                                   {"longLeast", "max min", "-9223372036854775808"},
                                   {"longLeast", "s", "refused"},
                                   {"longLeast", "", "refused"},
                                   {"longLeast", "d l", "2"}};
  for (const Case& each : cases)
    EXPECT_EQ(answer(R"("type":")" + each.function + "\"," + field_list(each.fields)), each.answer)
        << each.function << " " << each.fields;
}

TEST(NumberPostAggregator, FieldsAreAccessedAsTheyAreOrFinalised) {
  EXPECT_EQ(answer(R"("type":"fieldAccess","fieldName":"s")"), R"("x")");
  EXPECT_EQ(answer(R"("type":"finalizingFieldAccess","fieldName":"s")"), R"("final")");
  EXPECT_EQ(answer(R"("type":"hyperUniqueCardinality","fieldName":"s")"), R"("final")");
  EXPECT_EQ(answer(R"("type":"hyperUniqueCardinality","fieldName":"n")"), "null");
  for (const char* type : {"fieldAccess", "finalizingFieldAccess", "hyperUniqueCardinality"})
    EXPECT_EQ(answer(R"("fieldName":"gone","type":")" + std::string(type) + "\""), "refused") << type;
}

}  // namespace
}  // namespace sarsen::engine
