#include "storage/structured/structured_hash.h"

#include <gtest/gtest.h>

#include "storage/base/smile_writer.h"

namespace sarsen::storage {
namespace {

TEST(StructuredHash, IsOfTheSmileOfAValue) {
  const Json value = Json::parse(R"({"a":[1,true,null]})");
  SmileWriter writer;
  ByteWriter smile;
  writer.write(value, smile);
  EXPECT_EQ(structured_hash(value), structured_hash(smile.view()));
  EXPECT_NE(structured_hash(value), structured_hash(Json::parse(R"({"a":[1,true]})")));
}

}  // namespace
}  // namespace sarsen::storage
