#include "engine/sketch/theta.h"

#include <gtest/gtest.h>

#include "storage/base/error.h"
#include "tests/engine/sketch/sketch_bytes.h"

namespace sarsen::engine::sketch {
namespace {

ThetaUnion of_texts(int begin, int end, std::uint32_t size = 16384) {
  ThetaUnion sketch(size);
  for (int i = begin; i < end; ++i) sketch.update(std::to_string(i));
  return sketch;
}

TEST(Theta, EstimatesAsDruid) {
  EXPECT_EQ(of_texts(0, 0).result().estimate(), 0.0);
  EXPECT_EQ(of_texts(0, 1000).result().estimate(), 1000.0);
  EXPECT_DOUBLE_EQ(of_texts(0, 20000).result().estimate(), 19970.955764251543);
  EXPECT_EQ(of_texts(0, 20000).result().theta, 7566774932340953289);
  EXPECT_DOUBLE_EQ(of_texts(0, 100000).result().estimate(), 100086.81001356241);
  EXPECT_EQ(of_texts(0, 100000).result().theta, 1509846576500454824);
}

TEST(Theta, EstimatesWithoutItsHashesInOrder) {
  for (const int count : {0, 1, 1000, 16384, 16385, 20000, 24576, 24577, 24578, 100000})
    EXPECT_EQ(of_texts(0, count).estimate(), of_texts(0, count).result().estimate()) << count;
}

TEST(Theta, KnowsOnlyHashesThatChangeNothing) {
  ThetaUnion sketch(64);
  int known = 0;
  for (std::int64_t i = 0; i < 3000; ++i) {
    const std::uint64_t hash = ThetaUnion::hash_of(murmur3(i % 1000, kDataSketchesSeed));
    if (i > 0 && sketch.known()(hash)) {
      const std::string before = sketch.result().bytes();
      sketch.add(hash);
      EXPECT_EQ(sketch.result().bytes(), before);
      ++known;
    }
    sketch.add(hash);
  }
  EXPECT_GT(known, 2000);
}

TEST(Theta, DoesNotDependOnHowTheInputWasSplit) {
  const std::string whole = of_texts(0, 100000).result().bytes();
  for (const int parts : {2, 7, 16}) {
    ThetaUnion merged(16384);
    for (int i = parts; i-- > 0;) {
      const ThetaUnion part = of_texts(100000 / parts * i, i + 1 == parts ? 100000 : 100000 / parts * (i + 1));
      if (i % 2 == 0) {
        merged.merge(part);
      } else {
        merged.merge(CompactTheta::parse(bytes_of(part.result().bytes())));
      }
    }
    EXPECT_EQ(merged.result().bytes(), whole) << parts;
  }
}

TEST(Theta, TakesTheLowerThetaOfItsInputs) {
  ThetaUnion merged = of_texts(0, 5000);
  merged.merge(of_texts(0, 5000, 64).result());
  EXPECT_EQ(merged.result().theta, of_texts(0, 5000, 64).result().theta);
  EXPECT_EQ(merged.result().hashes, of_texts(0, 5000, 64).result().hashes);
}

TEST(Theta, WritesTheEmptyAndTheSingleItemInOneWordMore) {
  EXPECT_EQ(hex(of_texts(0, 0).result().bytes()),
            "010303000"
            "01ecc93");
  EXPECT_EQ(hex(of_texts(0, 1).result().bytes()).substr(0, 16), "01030300003acc93");
  EXPECT_EQ(of_texts(0, 1).result().bytes().size(), 16U);
  EXPECT_EQ(hex(of_texts(0, 2).result().bytes()).substr(0, 32), "02030300001acc93020000000000803f");
}

TEST(Theta, ComesBackFromItsBytes) {
  for (const int count : {0, 1, 2, 500, 5000}) {
    const std::string bytes = of_texts(0, count, 1024).result().bytes();
    const CompactTheta parsed = CompactTheta::parse(bytes_of(bytes));
    EXPECT_EQ(hex(parsed.bytes()), hex(bytes));
    EXPECT_EQ(parsed.empty, count == 0);
  }
}

TEST(Theta, IgnoresEmptyTextAndTellsNumbersFromText) {
  ThetaUnion sketch(16);
  sketch.update(std::string_view());
  EXPECT_TRUE(sketch.result().empty);
  sketch.update(std::string_view("1"));
  sketch.update(std::int64_t{1});
  sketch.update(-0.0);
  sketch.update(0.0);
  EXPECT_EQ(sketch.result().estimate(), 3.0);
}

TEST(Theta, ReadsUpdatableSketches) {
  // Family 2, 16 slots, one hash in slot 5.
  std::string bytes = unhex(
      "030302"
      "04"
      "04"
      "00"
      "cc93"
      "0100000000"
      "00803f"
      "ffffffffffffff7f");
  std::string slots(16 * 8, '\0');
  slots[5 * 8] = 7;
  const CompactTheta parsed = CompactTheta::parse(bytes_of(bytes + slots));
  EXPECT_EQ(parsed.hashes, std::vector<std::uint64_t>{7});
  EXPECT_FALSE(parsed.empty);
}

TEST(Theta, RefusesBrokenBytes) {
  const std::string good = of_texts(0, 5000, 64).result().bytes();
  EXPECT_THROW(CompactTheta::parse(bytes_of(std::string_view(good).substr(0, good.size() - 1))), Error);
  for (const char* bytes :
       {"01", "01030300003acc92ffffffffffffff7f", "01090300001ecc93", "02030300001acc93ffffffff0000803f",
        "01030300003acc930000000000000000", "03030300001acc93010000000000803f0000000000000000"})
    EXPECT_THROW(CompactTheta::parse(bytes_of(unhex(bytes))), Error) << bytes;
}

}  // namespace
}  // namespace sarsen::engine::sketch
