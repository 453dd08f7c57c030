#include "storage/base/ascii_case.h"

#include <gtest/gtest.h>

namespace sarsen::storage {
namespace {

TEST(AsciiCase, LowersLettersOfAsciiOnly) {
  EXPECT_EQ(lower_ascii("@AZ[`az{ ÄÉ"), "@az[`az{ ÄÉ");
  EXPECT_EQ(lower_ascii(""), "");
}

TEST(AsciiCase, ComparesInAnyCase) {
  EXPECT_TRUE(equals_ignoring_case("LZ4", "lz4"));
  EXPECT_FALSE(equals_ignoring_case("lz4", "lz"));
  EXPECT_FALSE(equals_ignoring_case("@", "`"));  // which differ as letters do
  EXPECT_TRUE(starts_with_ignoring_case("January 1", "JAN"));
  EXPECT_FALSE(starts_with_ignoring_case("Ja", "jan"));
}

}  // namespace
}  // namespace sarsen::storage
