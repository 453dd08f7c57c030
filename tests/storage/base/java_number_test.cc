#include "storage/base/java_number.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <optional>
#include <string>

namespace sarsen {
namespace {

struct Case {
  const char* text;
  std::optional<std::int64_t> whole;
  std::optional<std::uint64_t> double_bits;
  std::optional<std::uint32_t> float_bits;
};

// What Druid 33 (longs) and Guava 32 (the others) make of each text.
const Case kCases[] = {
    {"0", 0, 0u, 0u},
    {"-0", 0, 9223372036854775808u, 2147483648u},
    {"+0", 0, 0u, 0u},
    {"1", 1, 4607182418800017408u, 1065353216u},
    {"+1", 1, 4607182418800017408u, 1065353216u},
    {"-1", -1, 13830554455654793216u, 3212836864u},
    {"007", 7, 4619567317775286272u, 1088421888u},
    {"-007", -7, 13842939354630062080u, 3235905536u},
    {"+-1", -1, std::nullopt, std::nullopt},
    {"", std::nullopt, std::nullopt, std::nullopt},
    {"-", std::nullopt, std::nullopt, std::nullopt},
    {"+", std::nullopt, std::nullopt, std::nullopt},
    {" 1", std::nullopt, std::nullopt, std::nullopt},
    {"1 ", std::nullopt, std::nullopt, std::nullopt},
    {"42.0", 42, 4631107791820423168u, 1109917696u},
    {"4.2e1", 42, 4631107791820423168u, 1109917696u},
    {"42.5", std::nullopt, 4631178160564600832u, 1110048768u},
    {"9e99", std::nullopt, 6102506697290172810u, 2139095040u},
    {"abc", std::nullopt, std::nullopt, std::nullopt},
    {"9223372036854775807", 9223372036854775807, 4890909195324358656u, 1593835520u},
    {"9223372036854775808", std::nullopt, 4890909195324358656u, 1593835520u},
    {"-9223372036854775808", INT64_MIN, 14114281232179134464u, 3741319168u},
    {"-9223372036854775809", std::nullopt, 14114281232179134464u, 3741319168u},
    {"9223372036854775807.0", 9223372036854775807, 4890909195324358656u, 1593835520u},
    {"922337203685477580.7e1", 9223372036854775807, 4890909195324358656u, 1593835520u},
    {"9223372036854775807.5", std::nullopt, 4890909195324358656u, 1593835520u},
    {"1e18", 1000000000000000000, 4876203697187506176u, 1566444395u},
    {"1E18", 1000000000000000000, 4876203697187506176u, 1566444395u},
    {"1e19", std::nullopt, 4891288408196988160u, 1594541859u},
    {"1e+2", 100, 4636737291354636288u, 1120403456u},
    {"1e-2", std::nullopt, 4576918229304087675u, 1008981770u},
    {"100e-2", 1, 4607182418800017408u, 1065353216u},
    {"1.", 1, 4607182418800017408u, 1065353216u},
    {"1.0", 1, 4607182418800017408u, 1065353216u},
    {".5", std::nullopt, 4602678819172646912u, 1056964608u},
    {".0", 0, 0u, 0u},
    {"0.", 0, 0u, 0u},
    {".", std::nullopt, std::nullopt, std::nullopt},
    {" ", std::nullopt, std::nullopt, std::nullopt},
    {"1e", std::nullopt, std::nullopt, std::nullopt},
    {"e1", std::nullopt, std::nullopt, std::nullopt},
    {"1e1.0", std::nullopt, std::nullopt, std::nullopt},
    {"1_000", std::nullopt, std::nullopt, std::nullopt},
    {"0x10", std::nullopt, std::nullopt, std::nullopt},
    {"0x1p3", std::nullopt, 4620693217682128896u, 1090519040u},
    {"0x1.8p1", std::nullopt, 4613937818241073152u, 1077936128u},
    {"0X1P-2", std::nullopt, 4598175219545276416u, 1048576000u},
    {"0x.8p0", std::nullopt, 4602678819172646912u, 1056964608u},
    {"0x1.p0", std::nullopt, 4607182418800017408u, 1065353216u},
    {"0xp0", std::nullopt, std::nullopt, std::nullopt},
    {"0x1", std::nullopt, std::nullopt, std::nullopt},
    {"NaN", std::nullopt, 9221120237041090560u, 2143289344u},
    {"+NaN", std::nullopt, 9221120237041090560u, 2143289344u},
    {"-NaN", std::nullopt, 9221120237041090560u, 2143289344u},
    {"nan", std::nullopt, std::nullopt, std::nullopt},
    {"Infinity", std::nullopt, 9218868437227405312u, 2139095040u},
    {"-Infinity", std::nullopt, 18442240474082181120u, 4286578688u},
    {"+Infinity", std::nullopt, 9218868437227405312u, 2139095040u},
    {"infinity", std::nullopt, std::nullopt, std::nullopt},
    {"inf", std::nullopt, std::nullopt, std::nullopt},
    {"INF", std::nullopt, std::nullopt, std::nullopt},
    {"1f", std::nullopt, 4607182418800017408u, 1065353216u},
    {"1F", std::nullopt, 4607182418800017408u, 1065353216u},
    {"1d", std::nullopt, 4607182418800017408u, 1065353216u},
    {"1D", std::nullopt, 4607182418800017408u, 1065353216u},
    {"1.5f", std::nullopt, 4609434218613702656u, 1069547520u},
    {"1e3d", std::nullopt, 4652007308841189376u, 1148846080u},
    {"1L", std::nullopt, std::nullopt, std::nullopt},
    {"1l", std::nullopt, std::nullopt, std::nullopt},
    {"0x1p3f", std::nullopt, 4620693217682128896u, 1090519040u},
    {"0x1p3d", std::nullopt, 4620693217682128896u, 1090519040u},
    {"1ff", std::nullopt, std::nullopt, std::nullopt},
    {"1e400", std::nullopt, 9218868437227405312u, 2139095040u},
    {"-1e400", std::nullopt, 18442240474082181120u, 4286578688u},
    {"1e-400", std::nullopt, 0u, 0u},
    {"1e40", std::nullopt, 5205425776111082661u, 2139095040u},
    {"3.4028235e38", std::nullopt, 5183643170655547384u, 2139095039u},
    {"3.4028236e38", std::nullopt, 5183643170920245180u, 2139095040u},
    {"1.7976931348623157e308", std::nullopt, 9218868437227405311u, 2139095040u},
    {"1.7976931348623159e308", std::nullopt, 9218868437227405312u, 2139095040u},
    {"4.9e-324", std::nullopt, 1u, 0u},
    {"1e2147483648", std::nullopt, 9218868437227405312u, 2139095040u},
    {"1e-2147483648", std::nullopt, 0u, 0u},
    {"0e99999999999", std::nullopt, 0u, 0u},
    {"1e99999999999", std::nullopt, 9218868437227405312u, 2139095040u},
    {"1e2147483647", std::nullopt, 9218868437227405312u, 2139095040u},
    {"1e1000000", std::nullopt, 9218868437227405312u, 2139095040u},
    {"10000000000000000000000e-22", 1, 4607182418800017408u, 1065353216u},
    {"--1", std::nullopt, std::nullopt, std::nullopt},
    {"++1", std::nullopt, std::nullopt, std::nullopt},
    {"1,5", std::nullopt, std::nullopt, std::nullopt},
    {"1e5e5", std::nullopt, std::nullopt, std::nullopt},
    {"0.1", std::nullopt, 4591870180066957722u, 1036831949u},
    {"123456789012345678901234567890", std::nullopt, 5042042089369253694u, 1875342472u},
    {"0.1e1", 1, 4607182418800017408u, 1065353216u},
    {"12345678901234567890e-1", 1234567890123456789, 4877717327635671425u, 1569263752u},
    {"1e0000000000000001", 10, 4621819117588971520u, 1092616192u},
    {"00000000000000000000000000000000000012", 12, 4622945017495814144u, 1094713344u},
    {"-0.0", 0, 9223372036854775808u, 2147483648u},
    {"0e0", 0, 0u, 0u},
    {"0x0p0", std::nullopt, 0u, 0u},
    {"0x1.fffffffffffff8p1023", std::nullopt, 9218868437227405312u, 2139095040u},
    {"0x1.fffffffffffff7p1023", std::nullopt, 9218868437227405311u, 2139095040u},
    {"0x1p-1074", std::nullopt, 1u, 0u},
    {"0x1p-1075", std::nullopt, 0u, 0u},
    {"0x1.00000000000001p-1075", std::nullopt, 1u, 0u},
    {"0x1p99999999999", std::nullopt, 9218868437227405312u, 2139095040u},
    {"0x1p-99999999999", std::nullopt, 0u, 0u},
    {"0x0p99999999999", std::nullopt, 0u, 0u},
    {"0xABCDEFp0", std::nullopt, 4712306441526968320u, 1261161967u},
    {"0x1.0000008p0", std::nullopt, 4607182418934235136u, 1065353216u},
    {"0x1.0000018p0", std::nullopt, 4607182419202670592u, 1065353217u},
    {"16777217", 16777217, 4715268810125344768u, 1266679808u},
    {"1e1_0", std::nullopt, std::nullopt, std::nullopt},
    {"\0111", std::nullopt, std::nullopt, std::nullopt},
    {"1\012", std::nullopt, std::nullopt, std::nullopt},
    {"0x1P+3", std::nullopt, 4620693217682128896u, 1090519040u},
    {"0x1.8", std::nullopt, std::nullopt, std::nullopt},
    {"1e+", std::nullopt, std::nullopt, std::nullopt},
    {"0.1f", std::nullopt, 4591870180066957722u, 1036831949u},
    {"1.e5", 100000, 4681608360884174848u, 1203982336u},
    {".e5", std::nullopt, std::nullopt, std::nullopt},
    {".5e5", 50000, 4677104761256804352u, 1195593728u},
    {"5.f", std::nullopt, 4617315517961601024u, 1084227584u},
    {"9007199254740993", 9007199254740993, 4845873199050653696u, 1509949440u},
    {"8.5e-46", std::nullopt, 3932602464417553079u, 1u},
    {"7.006492321624085e-46", std::nullopt, 3931642474694443008u, 0u},
    {"7.0064923216240853e-46", std::nullopt, 3931642474694443008u, 0u},
    {"7.0064923216240854e-46", std::nullopt, 3931642474694443008u, 1u},
    {"1.00000017881393432617187499", std::nullopt, 4607182419605323776u, 1065353217u},
    {"1.00000017881393432617187500", std::nullopt, 4607182419605323776u, 1065353218u},
    {"1.00000017881393432617187501", std::nullopt, 4607182419605323776u, 1065353218u},
    {"1+2", std::nullopt, std::nullopt, std::nullopt},
    {"1e5+", std::nullopt, std::nullopt, std::nullopt},
    {"+1e+5", 100000, 4681608360884174848u, 1203982336u},
    {"1-2", std::nullopt, std::nullopt, std::nullopt},
    {"0x1p+3", std::nullopt, 4620693217682128896u, 1090519040u},
    {"0x1p3+", std::nullopt, std::nullopt, std::nullopt},
    {"0x+1p3", std::nullopt, std::nullopt, std::nullopt},
    {"1e+-5", std::nullopt, std::nullopt, std::nullopt},
    {"1e-+5", std::nullopt, std::nullopt, std::nullopt},
    {"100000000000000000000e-19", 10, 4621819117588971520u, 1092616192u},
    {"0.000000000000000000000000000000000000000000000000000001e60", 1000000, 4696837146684686336u, 1232348160u},
    {"1e+2147483647", std::nullopt, 9218868437227405312u, 2139095040u},
    {"1e-2147483647", std::nullopt, 0u, 0u},
    {"0e2147483648", std::nullopt, 0u, 0u},
    {"NaNf", std::nullopt, std::nullopt, std::nullopt},
    {"Infinityd", std::nullopt, std::nullopt, std::nullopt},
    {"0x1.8p1f", std::nullopt, 4613937818241073152u, 1077936128u},
    {"0xfp1", std::nullopt, 4629137466983448576u, 1106247680u},
    {"0xfp", std::nullopt, std::nullopt, std::nullopt},
    {"0xf", std::nullopt, std::nullopt, std::nullopt},
    {"1.f", std::nullopt, 4607182418800017408u, 1065353216u},
    {"f", std::nullopt, std::nullopt, std::nullopt},
    {"d", std::nullopt, std::nullopt, std::nullopt},
    {"e", std::nullopt, std::nullopt, std::nullopt},
    {"0xp1", std::nullopt, std::nullopt, std::nullopt},
    {"0x.p1", std::nullopt, std::nullopt, std::nullopt},
    {"Inf", std::nullopt, std::nullopt, std::nullopt},
    {"-.5", std::nullopt, 13826050856027422720u, 3204448256u},
    {"+.5", std::nullopt, 4602678819172646912u, 1056964608u},
    {"- 1", std::nullopt, std::nullopt, std::nullopt},
    {"1e 5", std::nullopt, std::nullopt, std::nullopt},
};

TEST(JavaNumber, ReadsTextAsDruidAndGuava) {
  for (const Case& expected : kCases) {
    const std::optional<double> as_double = try_parse_double(expected.text);
    const std::optional<float> as_float = try_parse_float(expected.text);
    EXPECT_EQ(exact_long(expected.text), expected.whole) << expected.text;
    ASSERT_EQ(as_double.has_value(), expected.double_bits.has_value()) << expected.text;
    ASSERT_EQ(as_float.has_value(), expected.float_bits.has_value()) << expected.text;
    if (!as_double) continue;
    if (std::isnan(*as_double)) continue;  // the sign of a NaN is nobody's business
    EXPECT_EQ(std::bit_cast<std::uint64_t>(*as_double), *expected.double_bits) << expected.text;
    EXPECT_EQ(std::bit_cast<std::uint32_t>(*as_float), *expected.float_bits) << expected.text;
  }
}

TEST(JavaNumber, ReadsLongTexts) {
  const std::string zeros(400, '0');
  const std::string nines(400, '9');
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(try_parse_double(nines + "e-395"), 100000.0);
  EXPECT_EQ(try_parse_double("0." + zeros + "1e401"), 1.0);
  EXPECT_EQ(try_parse_double("1" + zeros), kInfinity);
  EXPECT_EQ(try_parse_double("-1" + zeros + "e-10"), -kInfinity);
  EXPECT_EQ(try_parse_double("0." + zeros + "1"), 0.0);
  EXPECT_EQ(try_parse_double("0." + zeros + "1e10"), 0.0);
  EXPECT_EQ(try_parse_double("0x1" + zeros.substr(100) + "p-1190"), std::ldexp(1.0, 10));
  EXPECT_EQ(exact_long("1" + zeros + "e-400"), 1);
  EXPECT_EQ(exact_long("0." + zeros + "1e402"), 10);
  EXPECT_EQ(exact_long(nines), std::nullopt);
}

TEST(JavaNumber, ReadsDigitsOfAllScriptsAsLongsOnly) {
  EXPECT_EQ(exact_long("\u0661\u0662"), 12);
  EXPECT_EQ(exact_long("1\u0660"), 10);
  EXPECT_EQ(exact_long("\u00A01"), std::nullopt);
  EXPECT_EQ(try_parse_double("\u0661"), std::nullopt);
}

TEST(JavaNumber, CastsDoublesAsJava) {
  EXPECT_EQ(java_long(-1.9), -1);
  EXPECT_EQ(java_long(std::nan("")), 0);
  EXPECT_EQ(java_long(1e30), INT64_MAX);
  EXPECT_EQ(java_long(-1e30), INT64_MIN);
  EXPECT_EQ(java_long(-0x1p63), INT64_MIN);
  EXPECT_EQ(java_long(9223372036854774784.0), 9223372036854774784);
}

}  // namespace
}  // namespace sarsen
