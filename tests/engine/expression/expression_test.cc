// What expressions mean, one line a case: the expression, its value as JSON, its type. Most of it is what stock Druid
// 33 answered.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/expression/parser.h"
#include "storage/base/error.h"

namespace sarsen::engine::expression {
namespace {

struct Case {
  const char* text;
  const char* value;
};

std::string answer(const std::string& text) {
  const Eval eval = parse_expression(std::string_view(text))->eval(RootBindings());
  const std::string type = eval.type.name();
  return json_of(eval.value).dump() + (eval.is_null() ? "" : " " + type);
}

void expect(const std::vector<Case>& cases) {
  for (const Case& each : cases) {
    try {
      EXPECT_EQ(answer(each.text), each.value) << each.text;
    } catch (const Error& error) {
      ADD_FAILURE() << each.text << ": " << error.what();
    }
  }
}

void expect_refused(const std::vector<std::string>& texts) {
  for (const std::string& text : texts) {
    try {
      ADD_FAILURE() << text << " is " << answer(text);
    } catch (const Error& error) {
      EXPECT_EQ(error.category(), ErrorCategory::kInvalidInput) << text << ": " << error.what();
    }
  }
}

TEST(Expression, ReadsLiterals) {
  expect({{"1", "1 LONG"},
          {"1.", "1.0 DOUBLE"},
          {"1.e-3", "0.001 DOUBLE"},
          {"NaN", "\"NaN\" DOUBLE"},
          {"Infinity", "\"Infinity\" DOUBLE"},
          {".5", "5 LONG"},
          {"null", "null"},
          {"-9223372036854775808", "-9223372036854775808 LONG"},
          {R"('a\'b')", R"("a'b" STRING)"},
          {R"('\u00e9\n\t')", "\"\u00e9\\n\\t\" STRING"},
          {R"('\/')", "\"/\" STRING"},
          {"['a','b']", R"(["a","b"] ARRAY<STRING>)"},
          {"[]", "[] ARRAY<STRING>"},
          {"[1,2.5]", "[1.0,2.5] ARRAY<DOUBLE>"},
          {"[1,null]", "[1,null] ARRAY<LONG>"},
          {"<LONG>[1,2.0]", "[1,2] ARRAY<LONG>"},
          {"<STRING>['a',1]", R"(["a","1"] ARRAY<STRING>)"},
          {"ARRAY<DOUBLE>[1]", "[1.0] ARRAY<DOUBLE>"},
          {"ARRAY<ARRAY<LONG>>[[1],[2]]", "[] ARRAY<ARRAY<LONG>>"}});
  expect_refused({"9223372036854775808", "99999999999999999999", "[1, 'a']", "[-1, 2]", "'a", "1 2", "(1", "1 +", "",
                  "a = 1", "nofunction(1)", "concat('a'", "x -> 1", "'\\q'", "1e+3"});
}

TEST(Expression, BindsOperatorsAsDruid) {
  expect({{"-2 ^ 2", "4 LONG"},
          {"2 ^ 3 ^ 2", "512 LONG"},
          {"2 * -3", "-6 LONG"},
          {"!1 + 1", "1 LONG"},
          {"1 < 2 < 3", "1 LONG"},
          {"3 > 2 > 1", "0 LONG"},
          {"1 || 0 && 0", "0 LONG"},
          {"1 + 1 == 2 && 2 > 1", "1 LONG"},
          {"(1 + 2) * 3", "9 LONG"}});
}

TEST(Expression, ComputesInTheTypeOfTheOperands) {
  expect({{"'7' + 3", "10.0 DOUBLE"},
          {"'x' + 3", "null"},
          {"'7' + '7'", "\"77\" STRING"},
          {"null + 3", "null"},
          {"9223372036854775807 + 3", "-9223372036854775806 LONG"},
          {"9223372036854775807 ^ 3", "9223372036854775807 LONG"},
          {"7 / 2", "3 LONG"},
          {"-7 % 3", "-1 LONG"},
          {"-9223372036854775808 / -1", "-9223372036854775808 LONG"},
          {"1.0 / 0", "\"Infinity\" DOUBLE"},
          {"'10' < '9'", "1 LONG"},
          {"'10' < 9", "0 LONG"},
          {"'a' == 1", "null"},
          {"NaN == NaN", "0 LONG"},
          {"NaN > Infinity", "1 LONG"},
          {"-0.0 < 0.0", "1 LONG"},
          {"-0.0 == 0.0", "1 LONG"},
          {"array(1,2) < array(1,3)", "1 LONG"},
          {"array(1,2) - array(1,3)", "null"},
          {"-null", "null"},
          {"!'true'", "0 LONG"}});
  expect_refused({"3 / 0", "3 % 0", "2 ^ -1", "2 ^ 1709078426718", "'7' * '7'", "-'3'", "-array(1,2)"});
}

TEST(Expression, HasThreeTruths) {
  expect({{"null && 0", "0 LONG"},
          {"null && 1", "null"},
          {"null || 1", "1 LONG"},
          {"null || 0", "null"},
          {"-2 && 3", "0 LONG"},
          {"'7' && 3", "0 LONG"},
          {"0.5 && 'TRUE'", "1 LONG"},
          {"array(1,2) || 0", "0 LONG"},
          {"array(0.5) || 0", "0 LONG"}});
}

TEST(Expression, Casts) {
  expect({{"cast('1.9', 'LONG')", "1 LONG"},
          {"cast('9e99', 'long')", "9223372036854775807 LONG"},
          {"cast('abc', 'LONG')", "null"},
          {"cast('true', 'DOUBLE')", "1.0 DOUBLE"},
          {"cast('+5', 'LONG')", "5 LONG"},
          {"cast(' 5', 'LONG')", "null"},
          {"cast('0x10', 'LONG')", "null"},
          {"cast(NaN, 'LONG')", "0 LONG"},
          {"cast(1e300, 'STRING')", "\"1.0E300\" STRING"},
          {"cast(1.9, 'ARRAY<LONG>')", "[1] ARRAY<LONG>"},
          {"cast('abc', 'ARRAY<LONG>')", "[null] ARRAY<LONG>"},
          {"cast(['a'], 'STRING')", "\"a\" STRING"}});
  expect_refused({"cast([], 'LONG')", "cast([1,2], 'STRING')", "cast(1, 'WORD')"});
}

TEST(Expression, Chooses) {
  expect({{"if(null, 'a', 'b')", "\"b\" STRING"},
          {"if(1, 1, 3 / nvl(null, 1))", "1 LONG"},
          {"case_searched(0, 'a', 1, 'b', 'c')", "\"b\" STRING"},
          {"case_searched(0, 'a')", "null"},
          {"case_simple(null, null, 1, 2)", "2 LONG"},
          {"case_simple('1', 1, 'one')", "\"one\" STRING"},
          {"coalesce(null, null, 3)", "3 LONG"},
          {"nottrue(null)", "1 LONG"},
          {"isfalse('x')", "1 LONG"},
          {"isdistinctfrom(null, 0)", "1 LONG"},
          {"notdistinctfrom('1', 1)", "1 LONG"},
          {"greatest(null, 1)", "1 LONG"},
          {"greatest(1, 2.5, 2)", "2.5 DOUBLE"},
          {"least('10', 9)", "\"10\" STRING"},
          {"greatest()", "null"}});
  expect_refused({"case_searched(1)", "if(1, 2)", "greatest([1])"});
}

TEST(Expression, KnowsTheMathOfJava) {
  expect({{"abs(-9223372036854775807 - 1)", "-9223372036854775808 LONG"},
          {"abs('7')", "null"},
          {"floor(-0.7)", "-1.0 DOUBLE"},
          {"acos(-2)", "\"NaN\" DOUBLE"},
          {"rint(2.5)", "2.0 DOUBLE"},
          {"ulp(1)", "2.220446049250313E-16 DOUBLE"},
          {"getExponent(0)", "-1023 LONG"},
          {"bitwiseConvertDoubleToLongBits(NaN)", "9221120237041090560 LONG"},
          {"bitwiseConvertLongBitsToDouble(1)", "4.9E-324 DOUBLE"},
          {"bitwiseShiftLeft(1, 65)", "2 LONG"},
          {"bitwiseAnd('x', 2)", "0 LONG"},
          {"pow(1, NaN)", "\"NaN\" DOUBLE"},
          {"max('x', 2)", "2.0 DOUBLE"},
          {"max(7, null)", "null"},
          {"div(7.5, 2)", "3 LONG"},
          {"safe_divide(7, 0)", "null"},
          {"safe_divide(0, NaN)", "0.0 DOUBLE"},
          {"remainder(7, 2)", "-1.0 DOUBLE"},
          {"parse_long('0x1F', 16)", "31 LONG"},
          {"parse_long('z', 36)", "35 LONG"},
          {"parse_long('1', 1)", "null"}});
  expect_refused({"div(7, 0)", "bitwiseComplement(1e300)", "exp()", "pow(7)"});
}

TEST(Expression, RoundsTheDigitsThatAreSeen) {
  expect({{"round(1.005, 2)", "1.01 DOUBLE"},
          {"round(-2.345, 2)", "-2.35 DOUBLE"},
          {"round(2.5)", "3.0 DOUBLE"},
          {"round(999.96, 1)", "1000.0 DOUBLE"},
          {"round(1.1, 400)", "1.1 DOUBLE"},
          {"round(15, -1)", "20 LONG"},
          {"round(-15, -1)", "-20 LONG"},
          {"round(2, -1)", "0 LONG"},
          {"round(9223372036854775807, -1)", "-9223372036854775806 LONG"},
          {"round(NaN)", "0.0 DOUBLE"},
          {"round(Infinity)", "1.7976931348623157E308 DOUBLE"},
          {"round(0.04, 1)", "0.0 DOUBLE"}});
  expect_refused({"round(2.5, 1.5)", "round('2.5')"});
}

TEST(Expression, CountsTextInUtf16) {
  expect({{"strlen('\xF0\x9D\x92\xB3')", "2 LONG"},
          {"strpos('\xF0\x9D\x92\xB3"
           "a', 'a')",
           "2 LONG"},
          {"strpos('banana', '', 99)", "6 LONG"},
          {"substring('abcdef', 4, 10)", "\"ef\" STRING"},
          {"substring('abcdef', 6, 1)", "null"},
          {"substring('abcdef', 2, -5)", "\"cdef\" STRING"},
          {"left(12345, 2)", "\"12\" STRING"},
          {"right('abcdef', 99)", "\"abcdef\" STRING"},
          {"reverse('a\u00e9b')", "\"b\u00e9a\" STRING"},
          {"strlen(reverse('a\xF0\x9D\x92\xB3"
           "b'))",
           "4 LONG"},
          {"replace('banana', '', '-')", "\"-b-a-n-a-n-a-\" STRING"},
          {"repeat('ab', 0)", "null"},
          {"lpad('foo', 5, 'ab')", "\"abfoo\" STRING"},
          {"rpad('foo', 6, 'ab')", "\"fooaba\" STRING"},
          {"rpad('foo', -1, 'ab')", "\"\" STRING"},
          {"rpad('foo', 5, '')", "\"foo\" STRING"},
          {"lpad('foo', 0, 'ab')", "null"},
          {"trim('xyabyx', 'xy')", "\"ab\" STRING"},
          {"trim('ab', null)", "\"ab\" STRING"},
          {"concat('a', null)", "null"},
          {"concat(1.0, 1e20)", "\"1.01.0E20\" STRING"},
          {"concat('a', ['b','c'])", "\"a[b, c]\" STRING"},
          {"upper('stra\u00dfe')", "\"STRASSE\" STRING"},
          {"format('%s-%05d %.2f %,d %x %e', 'a', 42, 3.145, 1234567, 255, 12345.678)",
           "\"a-00042 3.15 1,234,567 ff 1.234568e+04\" STRING"},
          {"format('%d', 'x')", "\"%d; x\" STRING"},
          {"format('%s', null)", "\"null\" STRING"}});
  expect_refused({"substring('abcdef', -1, 2)", "left('a', -1)", "reverse(5)", "substring('a', 1)"});
}

TEST(Expression, MatchesPatterns) {
  expect({{"like('a%c', 'a!%c', '!')", "1 LONG"},
          {"like(null, 'a%')", "null"},
          {"regexp_extract('foobar', 'o(.)a', 1)", "\"b\" STRING"},
          {"regexp_extract('foobar', 'x', 0)", "null"},
          {"regexp_like('foobar', '^o')", "0 LONG"},
          {"regexp_replace('a1b22', '[0-9]+', '#')", "\"a#b#\" STRING"},
          {"contains_string(123, '2')", "1 LONG"},
          {"icontains_string('\u00c9COLE', '\u00e9c')", "1 LONG"},
          {"string_to_array('a,b,,', ',')", R"(["a","b"] ARRAY<STRING>)"},
          {"string_to_array('abc', null)", R"(["a","b","c"] ARRAY<STRING>)"}});
  expect_refused({"regexp_like('a', '(')", "like('a', null)"});
}

TEST(Expression, KnowsTimes) {
  expect({{"timestamp('2024-02-29T12:34:56+02:00')", "1709202896000 LONG"},
          {"unix_timestamp('1969-12-31T23:59:59.500Z')", "0 LONG"},
          {"timestamp_floor(-1, 'PT1H')", "-3600000 LONG"},
          {"timestamp_floor(-1, 'PT6H')", "0 LONG"},
          {"timestamp_floor(1709078426718, 'P1D', null, 'America/Los_Angeles')", "1709020800000 LONG"},
          {"timestamp_floor('2024-02-29T12:34:56Z', 'PT1H')", "null"},
          {"timestamp_ceil(-1, 'P1D')", "0 LONG"},
          {"timestamp_ceil(0, 'P1D')", "0 LONG"},
          {"timestamp_shift(1709078426718, 'P1W', 1.7)", "1709683226718 LONG"},
          {"timestamp_extract(-1500, 'EPOCH')", "-1 LONG"},
          {"timestamp_extract(timestamp('2024-12-30'), 'ISOYEAR')", "2024 LONG"},
          {"timestamp_extract(timestamp('2024-12-30'), 'WEEK')", "1 LONG"},
          {"timestamp_extract(timestamp('2000-01-01'), 'century')", "20.0 DOUBLE"},
          {"timestamp_parse('2024-02-29 12:34:56', null, 'America/New_York')", "1709228096000 LONG"},
          {"timestamp_parse('2024-03-31 02:30:00', null, 'Europe/Berlin')", "null"},
          {"timestamp_parse('12:00')", "null"},
          {"timestamp_format(0, 'yyyy', 'America/New_York')", "\"1969\" STRING"},
          {"timestamp_format(1709078426718, null, 'Europe/Berlin')", "\"2024-02-28T01:00:26.718+01:00\" STRING"},
          {"subtract_months(timestamp('2024-03-31'), timestamp('2024-02-29'), 'UTC')", "1 LONG"}});
  expect_refused({"timestamp('nonsense')", "timestamp_floor(0, 'P1X')", "timestamp_floor(0, 'PT1H', '')",
                  "timestamp_extract(0, 'FORTNIGHT')", "timestamp_extract('nonsense', 'HOUR')"});
}

TEST(Expression, WorksOnArrays) {
  expect({{"array(1, 2.5)", "[1.0,2.5] ARRAY<DOUBLE>"},
          {"array(null, 1)", "[null,1] ARRAY<LONG>"},
          {"array(array(1), array(2))", "[[1],[2]] ARRAY<ARRAY<LONG>>"},
          {"array_length('abc')", "1 LONG"},
          {"array_ordinal([1,2,3], 0)", "null"},
          {"array_offset_of(['a',null], null)", "1 LONG"},
          {"array_offset_of([1,2], 2.0)", "null"},
          {"array_contains([1,2], 2.5)", "1 LONG"},
          {"array_contains([1,null], null)", "1 LONG"},
          {"array_overlap([1,2], ['2'])", "1 LONG"},
          {"scalar_in_array(2.1, [1,2,3])", "0 LONG"},
          {"scalar_in_array(null, [1,2])", "null"},
          {"array_prepend('x', [1,2])", "[null,1,2] ARRAY<LONG>"},
          {"array_concat([1,2], ['x'])", R"([1,2,"x"] ARRAY<LONG>)"},
          {"array_set_add(['b','a'], null)", R"([null,"a","b"] ARRAY<STRING>)"},
          {"array_slice([1,2], 1, 4)", "[2,null,null] ARRAY<LONG>"},
          {"array_slice([1,2], 3)", "null"},
          {"array_to_string(['a',null], '-')", "\"a-null\" STRING"},
          {"array_to_string([null], ',')", "null"},
          {"mv_harmonize_nulls([])", "[null] ARRAY<STRING>"},
          {"array_quantile([1,2,3,4], 0.5)", "2.5 DOUBLE"}});
  expect_refused({"array()", "mv_to_array(['a'])"});
}

TEST(Expression, AppliesLambdas) {
  expect({{"map((x) -> x + 1, [1,2,3])", "[2,3,4] ARRAY<LONG>"},
          {"map(x -> concat(x, 'z'), ['a', null])", R"(["az",null] ARRAY<STRING>)"},
          {"map(x -> x, null)", "null"},
          {"map(x -> x / 0.0, [1])", "[\"Infinity\"] ARRAY<DOUBLE>"},
          {"cartesian_map((x, y) -> concat(x, y), ['a','b'], ['1','2'])", R"(["a1","a2","b1","b2"] ARRAY<STRING>)"},
          {"fold((x, acc) -> x + acc, [1,2,3], 0.5)", "6.5 DOUBLE"},
          {"fold((x, acc) -> array_append(acc, x * 2), [1,2], <LONG>[])", "[2,4] ARRAY<LONG>"},
          {"fold((x, acc) -> x + acc, [], 7)", "7 LONG"},
          {"fold((x, acc) -> x + acc, null, 0)", "null"},
          {"cartesian_fold((x, y, acc) -> acc + x * y, [1,2], [3,4], 0)", "21 LONG"},
          {"filter(x -> x > 1, [1,2,3])", "[2,3] ARRAY<LONG>"},
          {"filter(x -> x > 9, [1,2,3])", "null"},
          {"any(x -> x == 2, [1,2])", "1 LONG"},
          {"any(x -> x, null)", "0 LONG"},
          {"all(x -> x, [])", "1 LONG"}});
  expect_refused({"map((x, y) -> x, [1])", "fold((x) -> x, [1], 0)", "strlen(x -> x, 'a')"});
}

TEST(Expression, ReadsAndWritesJson) {
  const std::string json = R"(parse_json('{"a":1,"b":{"c":[1,2.5,"x",null,true]},"d e":"t","e":{},"ea":[]}'))";
  const auto value = [&](const std::string& path) { return answer("json_value(" + json + ", " + path + ")"); };
  EXPECT_EQ(value("'$.a'"), "1 LONG");
  EXPECT_EQ(value("'$.b.c'"), R"(["1","2.5","x",null,"true"] ARRAY<STRING>)");
  EXPECT_EQ(value("'$.b.c[-1]'"), "1 LONG");
  EXPECT_EQ(value("'$.b'"), "null");
  EXPECT_EQ(value("'$[\\'d e\\']'"), "\"t\" STRING");
  EXPECT_EQ(value("'$.a', 'STRING'"), "\"1\" STRING");
  expect({{"json_object('a', 1, 'x', null)", R"({"a":1,"x":null} COMPLEX<json>)"},
          {R"(json_merge('{"a":{"x":1},"b":1}', '{"a":{"y":2},"b":2}'))", R"({"a":{"x":1,"y":2},"b":2} COMPLEX<json>)"},
          {"try_parse_json('{')", "null"},
          {"to_json_string(1.0)", "\"1.0\" STRING"},
          {R"(json_keys(parse_json('{"b":1,"a":2}'), '$'))", R"(["b","a"] ARRAY<STRING>)"},
          {"json_paths(null)", R"(["$"] ARRAY<STRING>)"},
          {R"(json_paths(parse_json('{"a":{"b.c":1},"d":[1],"e":[{}]}')))", R"(["$.d","$.a['b.c']"] ARRAY<STRING>)"},
          {R"(json_query_array(parse_json('{"a":1}'), '$.a'))", "[1] ARRAY<COMPLEX<json>>"}});
  expect_refused({"parse_json('{')", "json_value(parse_json('{}'), '$..a')", "json_value('x')", "json_object('a')"});
}

TEST(Expression, KnowsAddressesAndReadableNumbers) {
  expect({{"ipv4_match('192.168.1.5', '192.168.0.0/16')", "1 LONG"},
          {"ipv4_match(null, '0.0.0.0/0')", "0 LONG"},
          {"ipv4_parse('01.2.3.4')", "16909060 LONG"},
          {"ipv4_stringify(3232235777)", "\"192.168.1.1\" STRING"},
          {"ipv6_match('75e9:efa4::1', '75e9::/16')", "1 LONG"},
          {"human_readable_binary_byte_format(-1234567, 3)", "\"-1.177 MiB\" STRING"},
          {"human_readable_binary_byte_format(9223372036854775807)", "\"8.00 EiB\" STRING"},
          {"human_readable_decimal_byte_format(999999, 1)", "\"1000.0 KB\" STRING"},
          {"human_readable_decimal_format(-9223372036854775808)", "\"-9.22 E\" STRING"},
          {"human_readable_decimal_format(null)", "null"}});
  expect_refused({"ipv4_match('1.2.3.4', 'bad')", "human_readable_binary_byte_format(5, 4)"});
}

TEST(Expression, KnowsSketches) {
  expect({{"decode_base64_utf8('aGVsbG8')", "\"hello\" STRING"},
          {"complex_decode_base64('hyperUnique', 'AQAAAQAAAABsAQ==')", "\"AQAAAQAAAABsAQ==\" COMPLEX<hyperUnique>"},
          {"hyper_unique_estimate(hyper_unique_add('a', hyper_unique()))", "1.0002442201269182 DOUBLE"},
          {"hyper_unique_round_estimate(hyper_unique_add(5, hyper_unique_add('a', hyper_unique())))", "2 LONG"},
          {"hll_sketch_estimate(null)", "0.0 DOUBLE"}});
  expect_refused({"decode_base64_utf8('!!')", "complex_decode_base64('nope', 'AQ==')", "hyper_unique_estimate(null)"});
}

TEST(Expression, RefusesWhatWouldNotEnd) {
  const auto category = [](const std::string& text) {
    try {
      static_cast<void>(answer(text));
    } catch (const Error& error) {
      return error.category();
    }
    return ErrorCategory::kDefensive;
  };
  EXPECT_EQ(category(std::string(5000, '(') + "1" + std::string(5000, ')')), ErrorCategory::kInvalidInput);
  EXPECT_EQ(category(std::string(100000, '-') + "1"), ErrorCategory::kInvalidInput);
  EXPECT_EQ(category("repeat('abcdefgh', 2000000000)"), ErrorCategory::kResourceLimit);
  std::string chain = "x";
  for (int i = 0; i < 3000; ++i) chain += " + x";
  EXPECT_EQ(category(chain), ErrorCategory::kInvalidInput);
  std::string elements = "[1";
  for (int i = 0; i < 999; ++i) elements += ",1";
  elements += "]";
  EXPECT_EQ(category("cartesian_map((x, y) -> x, " + elements + ", " + elements + ")"), ErrorCategory::kResourceLimit);
  EXPECT_EQ(category("fold((x, acc) -> array_concat(acc, acc), " + elements + ", [1])"), ErrorCategory::kResourceLimit);
}

}  // namespace
}  // namespace sarsen::engine::expression
