#include "storage/base/smile_writer.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "tests/storage/hex.h"

namespace sarsen {
namespace {

/// What follows the header.
std::string smile(const Json& value) {
  SmileWriter writer;
  ByteWriter out;
  writer.write(value, out);
  const std::string text = hex(out);
  EXPECT_EQ(text.substr(0, 8), "3A290A05");
  return text.substr(8);
}
std::string smile_of(const std::string& text) { return smile(Json::parse(text)); }

TEST(SmileWriter, WritesScalars) {
  EXPECT_EQ(smile_of("null"), "21");
  EXPECT_EQ(smile_of("[false,true]"), "F82223F9");
  EXPECT_EQ(smile_of("[0,-1,15,-16]"), compact("F8 C0 C1 DE DF F9"));
  EXPECT_EQ(smile_of("[16,-17,31,-32]"), compact("F8 24A0 24A1 24BE 24BF F9"));
  EXPECT_EQ(smile_of("[32,1000,-1000]"), compact("F8 240180 241F90 241F8F F9"));
  EXPECT_EQ(smile_of("[2147483647,-2147483648]"), compact("F8 241F7F7F7FBE 241F7F7F7FBF F9"));
  EXPECT_EQ(smile_of("[2147483648]"), compact("F8 25 20 00 00 00 80 F9"));
  EXPECT_EQ(smile(std::numeric_limits<std::int64_t>::min()), compact("25 03 7F 7F 7F 7F 7F 7F 7F 7F BF"));
  EXPECT_EQ(smile(1.0), compact("29 00 3F 78 00 00 00 00 00 00 00"));
  EXPECT_EQ(smile(-1.0), compact("29 01 3F 78 00 00 00 00 00 00 00"));
}

TEST(SmileWriter, WritesStringsByTheirLength) {
  EXPECT_EQ(smile(""), "20");
  EXPECT_EQ(smile("a"), "4061");
  EXPECT_EQ(smile(std::string(64, 'a')).substr(0, 4), "7F61");
  EXPECT_EQ(smile(std::string(65, 'a')), "E0" + hex(std::string(65, 'a')) + "FC");
  EXPECT_EQ(smile("é"), "80C3A9");
  EXPECT_EQ(smile("é" + std::string(62, 'a')).substr(0, 6), "BEC3A9");
  EXPECT_EQ(smile("é" + std::string(63, 'a')).substr(0, 6), "E4C3A9");
}

TEST(SmileWriter, TakesLongTextsForUnicodeWithoutALook) {
  EXPECT_EQ(smile(std::string(2666, 'a')).substr(0, 2), "E0");
  EXPECT_EQ(smile(std::string(2667, 'a')).substr(0, 2), "E4");
}

TEST(SmileWriter, RefersToNamesSeenBefore) {
  EXPECT_EQ(smile_of(R"([{"a":1},{"a":2,"":3,"é":4}])"), compact("F8 FA 8061 C2 FB FA 40 C4 20 C6 C0C3A9 C8 FB F9"));
  EXPECT_EQ(smile_of("{\"" + std::string(65, 'k') + "\":0}"), "FA34" + hex(std::string(65, 'k')) + "FCC0FB");
}

TEST(SmileWriter, RefersByTwoBytesPastTheFirst64Names) {
  Json::Object names;
  for (int i = 0; i < 1024; ++i) names.emplace_back("n" + std::to_string(i), Json());
  const auto again = [&names](const std::string& name) {
    const Json::Object second{{name, Json()}};
    const std::string text = smile(Json(Json::Array{Json(names), Json(second)}));
    return text.substr(text.rfind("FBFA") + 4);
  };
  EXPECT_EQ(again("n63"), "7F21FBF9");
  EXPECT_EQ(again("n64"), "304021FBF9");
  EXPECT_EQ(again("n1021"), "33FD21FBF9");
  EXPECT_EQ(again("n254"), "836E32353421FBF9");  // FE and FF are no ends of a reference
  names.emplace_back("one more", Json());        // empties the table
  EXPECT_EQ(again("n0"), "816E3021FBF9");
  EXPECT_EQ(again("one more"), "4021FBF9");
}

}  // namespace
}  // namespace sarsen
