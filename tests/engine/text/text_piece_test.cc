#include "engine/text/text_piece.h"

#include <gtest/gtest.h>

namespace sarsen::engine {
namespace {

TEST(TextPiece, HasItsRarestBytesForAPair) {
  const kernels::BytePair pair = TextPiece("of 9A").rarest_pair(false);
  EXPECT_EQ(pair.first[0], '9');
  EXPECT_EQ(pair.first[1], '9');
  EXPECT_EQ(pair.second[0], 'A');
  EXPECT_EQ(pair.distance, 1U);
  EXPECT_FALSE(pair.or_high);
}

TEST(TextPiece, HasLettersOfEitherCaseInAPair) {
  const kernels::BytePair pair = TextPiece("e-z").rarest_pair(true);
  EXPECT_EQ(pair.first[0], '-');
  EXPECT_EQ(pair.first[1], '-');
  EXPECT_EQ(pair.second[0], 'z');
  EXPECT_EQ(pair.second[1], 'Z');
  EXPECT_TRUE(pair.or_high);
}

TEST(TextPiece, IsAPairWithItselfWhereItIsOneByte) {
  const kernels::BytePair pair = TextPiece("x").rarest_pair(false);
  EXPECT_EQ(pair.first[0], 'x');
  EXPECT_EQ(pair.second[0], 'x');
  EXPECT_EQ(pair.distance, 0U);
}

TEST(TextPiece, IsFoundWhereverItIs) {
  EXPECT_TRUE(TextPiece("").is_in(""));
  EXPECT_TRUE(TextPiece("zaz").is_in("zazaz"));
  EXPECT_TRUE(TextPiece("az").is_in("zzaz"));
  EXPECT_FALSE(TextPiece("az").is_in("za"));
}

}  // namespace
}  // namespace sarsen::engine
