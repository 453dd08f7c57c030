#include "engine/text/java_case.h"

#include <gtest/gtest.h>

#include "storage/base/error.h"

namespace sarsen::engine {
namespace {

TEST(JavaCase, ChangesCaseAsJava) {
  EXPECT_EQ(upper_case("Straße ŷǰ"), "STRASSE ŶJ\u030C");
  EXPECT_EQ(upper_case("Łódź Αθήνα Москва"), "ŁÓDŹ ΑΘΉΝΑ МОСКВА");
  EXPECT_EQ(upper_case("\U00010428 ﬃ"), "\U00010400 FFI");
  EXPECT_EQ(lower_case("ŁÓDŹ МОСКВА Ŷ"), "łódź москва ŷ");
  EXPECT_EQ(lower_case("AΣ Σ ΑΣΑ AΣ'B AΣ-"), "aς σ ασα aσ'b aς-");
  EXPECT_EQ(lower_case("İ"), "i\u0307");
  EXPECT_EQ(upper_case(""), "");
}

TEST(JavaCase, KnowsTurkish) {
  EXPECT_EQ(upper_case("ılki", "tr"), "ILKİ");
  EXPECT_EQ(lower_case("ILKİ", "tr-TR"), "ılki");
  EXPECT_THROW(upper_case("a", "lt"), Error);
}

}  // namespace
}  // namespace sarsen::engine
