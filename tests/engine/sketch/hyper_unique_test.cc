#include "engine/sketch/hyper_unique.h"

#include <gtest/gtest.h>

#include "engine/sketch/utf16.h"
#include "storage/base/error.h"
#include "tests/engine/sketch/sketch_bytes.h"

namespace sarsen::engine::sketch {
namespace {

HyperUnique of_texts(int begin, int end) {
  HyperUnique sketch;
  for (int i = begin; i < end; ++i) sketch.add(murmur3(std::to_string(i), kGuavaSeed));
  return sketch;
}

TEST(HyperUnique, EstimatesAsDruid) {
  EXPECT_EQ(of_texts(0, 0).estimate(), 0.0);
  EXPECT_DOUBLE_EQ(of_texts(0, 1).estimate(), 1.0002442201269182);
  EXPECT_DOUBLE_EQ(of_texts(0, 2).estimate(), 2.000977198748901);
  EXPECT_DOUBLE_EQ(of_texts(0, 3).estimate(), 3.0021994137521975);
  EXPECT_DOUBLE_EQ(of_texts(0, 10).estimate(), 10.024493827539368);
  EXPECT_DOUBLE_EQ(of_texts(0, 100).estimate(), 99.37233005831612);
  EXPECT_DOUBLE_EQ(of_texts(0, 1000).estimate(), 989.949673080642);
  EXPECT_DOUBLE_EQ(of_texts(0, 10000).estimate(), 9600.940745684027);
  EXPECT_DOUBLE_EQ(of_texts(0, 100000).estimate(), 101909.77231024175);
}

TEST(HyperUnique, KnowsOnlyPlacesThatChangeNothing) {
  HyperUnique sketch;
  for (std::int64_t i = 0; i < 200'000; ++i) {
    const std::uint32_t place = HyperUnique::place_of(murmur3(i, kGuavaSeed));
    const bool known = sketch.known()(place);
    const std::string before = known && i % 16 == 0 ? sketch.bytes() : std::string();
    sketch.add_place(place);
    EXPECT_TRUE(before.empty() || sketch.bytes() == before);
  }
  EXPECT_TRUE(sketch.known()(HyperUnique::place_of(murmur3(std::int64_t{0}, kGuavaSeed))));
}

TEST(HyperUnique, EstimatesOtherHashesAsDruidsCardinality) {
  HyperUnique texts;
  HyperUnique longs;
  std::vector<std::byte> bytes;
  for (int i = 0; i < 100000; ++i) {
    to_utf16_le(std::to_string(i), bytes);
    texts.add(murmur3(bytes, kGuavaSeed));
    longs.add(murmur3(std::int64_t{i}, kGuavaSeed));
  }
  EXPECT_DOUBLE_EQ(texts.estimate(), 98856.46730493066);
  EXPECT_DOUBLE_EQ(longs.estimate(), 99597.58075091074);
}

TEST(HyperUnique, WritesFewRegistersSparsely) {
  EXPECT_EQ(hex(HyperUnique().bytes()), "01000000000000");
  HyperUnique sketch;
  sketch.add(murmur3("foo", kGuavaSeed));
  sketch.add(murmur3("bar", kGuavaSeed));
  EXPECT_EQ(hex(sketch.bytes()), "0100000200000003993003c610");
}

TEST(HyperUnique, LeavesRoomWhereTwoRegistersShareAByte) {
  HyperUnique sketch;
  sketch.add(10, 1);
  sketch.add(11, 2);
  EXPECT_EQ(hex(sketch.bytes()), "01000002000000000c12000000");
  EXPECT_EQ(hex(HyperUnique::parse(bytes_of(sketch.bytes())).bytes()), hex(sketch.bytes()));
}

TEST(HyperUnique, ComesBackFromItsBytes) {
  for (const int count : {1, 100, 1000, 100000}) {
    const std::string bytes = of_texts(0, count).bytes();
    const HyperUnique parsed = HyperUnique::parse(bytes_of(bytes));
    EXPECT_EQ(hex(parsed.bytes()), hex(bytes));
    EXPECT_DOUBLE_EQ(parsed.estimate(), of_texts(0, count).estimate());
  }
}

TEST(HyperUnique, FoldsPartsIntoTheWhole) {
  for (const int count : {10, 1000, 100000}) {
    HyperUnique folded;
    folded.fold(HyperUnique::parse(bytes_of(of_texts(0, count / 3).bytes())));
    folded.fold(of_texts(count / 3, count));
    EXPECT_DOUBLE_EQ(folded.estimate(), of_texts(0, count).estimate()) << count;
  }
}

TEST(HyperUnique, FoldsIntoTheOneWithTheLargerOffset) {
  HyperUnique small = of_texts(0, 50);
  small.fold(of_texts(0, 100000));
  EXPECT_EQ(hex(small.bytes()), hex(of_texts(0, 100000).bytes()));
}

TEST(HyperUnique, KeepsOneValueThatDoesNotFit) {
  HyperUnique sketch;
  sketch.add(murmur3("", kGuavaSeed));  // bucket 0, position 64
  EXPECT_EQ(hex(sketch.bytes()), "01000000400000");
  EXPECT_DOUBLE_EQ(sketch.estimate(), 1.0002442201269182);
  // Druid does not see it in the sparse form.
  EXPECT_EQ(HyperUnique::parse(bytes_of(sketch.bytes())).estimate(), 0.0);
}

TEST(HyperUnique, ReadsTheFirstVersion) {
  const HyperUnique sparse = HyperUnique::parse(bytes_of(unhex("000001011603")));
  EXPECT_DOUBLE_EQ(sparse.estimate(), 1.0002442201269182);
  EXPECT_EQ(hex(sparse.bytes()), "01000001000000011a03");
}

TEST(HyperUnique, RefusesBrokenBytes) {
  for (const char* bytes : {"0100", "01000001000000ffff01", "01ff000100000003c601", "0100ffff00000003c601"})
    EXPECT_THROW(HyperUnique::parse(bytes_of(unhex(bytes))), Error) << bytes;
}

}  // namespace
}  // namespace sarsen::engine::sketch
