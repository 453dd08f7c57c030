#include "engine/query/complex_cell.h"

#include <gtest/gtest.h>

#include <string>

namespace sarsen::engine {
namespace {

std::string written(std::string_view type, std::string_view bytes) {
  std::string text;
  const std::function<void(std::string_view)> keep = [&](std::string_view piece) { text += piece; };
  ResultWriter out(JsonStyle::kCompact, keep);
  write_complex(type, std::as_bytes(std::span(bytes)), out);
  out.finish();
  return text.substr(1, text.size() - 2);
}

const std::string kTime{"\0\0\0\0\0\0\0\x07", 8};

TEST(ComplexCellTest, PairsAreObjects) {
  EXPECT_EQ(written("serializablePairLongLong", kTime + std::string("\0\0\0\0\0\0\0\0\x05", 9)),
            R"({"lhs":7,"rhs":5})");
  EXPECT_EQ(written("serializablePairLongLong", kTime + "\x01"), R"({"lhs":7,"rhs":null})");
  EXPECT_EQ(written("serializablePairLongDouble", kTime + std::string("\0\xbf\xf0\0\0\0\0\0\0", 9)),
            R"({"lhs":7,"rhs":-1.0})");
  EXPECT_EQ(written("serializablePairLongFloat", kTime + std::string("\0\x3f\xc0\0\0", 5)), R"({"lhs":7,"rhs":1.5})");
  EXPECT_EQ(written("serializablePairLongString", kTime + std::string("\0\0\0\2"
                                                                      "ab",
                                                                      6)),
            R"({"lhs":7,"rhs":"ab"})");
  EXPECT_EQ(written("serializablePairLongString", kTime + std::string(4, '\0')), R"({"lhs":7,"rhs":null})");
  EXPECT_EQ(written("serializablePairLongString", kTime + std::string(4, '\xff')), R"({"lhs":7,"rhs":""})");
}

TEST(ComplexCellTest, NoBytesAreAnEmptySketch) {
  EXPECT_EQ(written("thetaSketch", ""), R"("AQMDAAAeAAA=")");
  EXPECT_EQ(written("HLLSketch", ""), "null");
  EXPECT_EQ(written("hyperUnique", "ab"), R"("YWI=")");
}

}  // namespace
}  // namespace sarsen::engine
