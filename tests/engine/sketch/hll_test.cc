#include "engine/sketch/hll.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/sketch/utf16.h"
#include "storage/base/error.h"
#include "tests/engine/sketch/sketch_bytes.h"

namespace sarsen::engine::sketch {
namespace {

Hll of_texts(int begin, int end, int lg_k = 12, bool utf8 = false) {
  Hll sketch(lg_k);
  std::vector<std::byte> bytes;
  for (int i = begin; i < end; ++i) {
    const std::string text = std::to_string(i);
    to_utf16_le(text, bytes);
    sketch.update(utf8 ? bytes_of(text) : std::span<const std::byte>(bytes));
  }
  return sketch;
}

TEST(Hll, EstimatesOneStreamAsDruid) {
  EXPECT_EQ(of_texts(0, 0).estimate(), 0.0);
  EXPECT_EQ(of_texts(0, 1).estimate(), 1.0);
  EXPECT_DOUBLE_EQ(of_texts(0, 2).estimate(), 2.0000000049670539);
  EXPECT_DOUBLE_EQ(of_texts(0, 10).estimate(), 10.000000223517425);
  EXPECT_DOUBLE_EQ(of_texts(0, 100).estimate(), 100.00002458692298);
  EXPECT_DOUBLE_EQ(of_texts(0, 300).estimate(), 300.00022277254988);
  EXPECT_DOUBLE_EQ(of_texts(0, 1000).estimate(), 1002.564728131762);
  EXPECT_DOUBLE_EQ(of_texts(0, 5000).estimate(), 4982.1121140523655);
  EXPECT_DOUBLE_EQ(of_texts(0, 100000).estimate(), 98185.434374350138);
}

TEST(Hll, TakesManyCouponsAsOneByOne) {
  for (const int lg_k : {4, 7, 8, 12})
    for (const std::int64_t count : {1, 8, 9, 30, 400, 3000}) {
      std::vector<std::uint32_t> coupons;
      for (std::int64_t i = 0; i < count; ++i) coupons.push_back(Hll::coupon_of(i * i % 2003));
      Hll one_by_one(lg_k);
      for (const std::uint32_t coupon : coupons) one_by_one.update(coupon);
      Hll together(lg_k);
      const auto all = std::span<const std::uint32_t>(coupons);
      for (std::size_t begin = 0; begin < all.size(); begin += 77)
        together.update_all(all.subspan(begin, std::min<std::size_t>(77, all.size() - begin)));
      EXPECT_EQ(together.updatable_bytes(HllType::kHll8), one_by_one.updatable_bytes(HllType::kHll8))
          << lg_k << " " << count;
      EXPECT_EQ(together.estimate(), one_by_one.estimate());
    }
}

TEST(Hll, KnowsOnlyCouponsThatChangeNothing) {
  Hll sketch(8);
  for (std::int64_t i = 0; i < 20'000; ++i) {
    const std::uint32_t coupon = Hll::coupon_of(murmur3(i, kDataSketchesSeed));
    if (!sketch.known()(coupon)) {
      sketch.update(coupon);
      continue;
    }
    const std::string before = sketch.compact_bytes(HllType::kHll8);
    sketch.update(coupon);
    EXPECT_EQ(sketch.compact_bytes(HllType::kHll8), before);
  }
  EXPECT_TRUE(sketch.known()(Hll::coupon_of(murmur3(std::int64_t{0}, kDataSketchesSeed))));
}

TEST(Hll, EstimatesUtf8AsDruid) {
  EXPECT_DOUBLE_EQ(of_texts(0, 1000, 12, true).estimate(), 1001.6676182270559);
  EXPECT_DOUBLE_EQ(of_texts(0, 5000, 12, true).estimate(), 4977.8342101047238);
  EXPECT_DOUBLE_EQ(of_texts(0, 100000, 12, true).estimate(), 98814.400939489453);
}

TEST(Hll, EstimatesUnionsFromTheRegisters) {
  const auto of_halves = [](int count) {
    Hll merged = of_texts(0, count / 2);
    merged.merge(of_texts(count / 2, count));
    return merged.estimate();
  };
  EXPECT_DOUBLE_EQ(of_halves(1000), 1014.8400928211558);
  EXPECT_NEAR(of_halves(5000) / 4970.2804946655597, 1, 1e-12);
  EXPECT_NEAR(of_halves(100000) / 97871.867461257702, 1, 1e-12);
}

TEST(Hll, WritesCouponsAsDruid) {
  EXPECT_EQ(hex(of_texts(0, 0).compact_bytes(HllType::kHll4)), "0201070c030c0000");
  EXPECT_EQ(hex(of_texts(0, 1).compact_bytes(HllType::kHll4)), "0201070c03080100b113e20b");
  EXPECT_EQ(hex(of_texts(0, 20).compact_bytes(HllType::kHll8)).substr(0, 24), "0301070c0508000914000000");
  EXPECT_EQ(of_texts(0, 1).updatable_bytes(HllType::kHll4).size(), 8U + 8 * 4);
}

TEST(Hll, ComesBackFromItsBytesInEveryFormAndMode) {
  for (const int lg_k : {4, 7, 8, 12, 14}) {
    for (const int count : {0, 5, 8, 100, 1000, 50000}) {
      const Hll sketch = of_texts(0, count, lg_k);
      for (const HllType type : {HllType::kHll4, HllType::kHll6, HllType::kHll8}) {
        const std::string compact = sketch.compact_bytes(type);
        const Hll parsed = Hll::parse(bytes_of(compact));
        // Reading a set again may place its coupons differently, as in Java.
        const bool set = compact[0] == 3;
        EXPECT_EQ(parsed.compact_bytes(type).size(), compact.size());
        if (!set) {
          EXPECT_EQ(hex(parsed.compact_bytes(type)), hex(compact)) << lg_k << ' ' << count;
        }
        EXPECT_EQ(parsed.estimate(), sketch.estimate());
        const Hll updatable = Hll::parse(bytes_of(sketch.updatable_bytes(type)));
        EXPECT_EQ(updatable.estimate(), sketch.estimate()) << lg_k << ' ' << count;
      }
    }
  }
}

TEST(Hll, PutsCouponsInAnewAsReadingACompactImageDoes) {
  int moved = 0;
  for (const int count : {0, 5, 8, 20, 100, 300, 1000}) {
    Hll sketch = of_texts(0, count);
    const std::string before = sketch.compact_bytes(HllType::kHll4);
    sketch.put_in_anew();
    const std::string after = sketch.compact_bytes(HllType::kHll4);
    EXPECT_EQ(after, Hll::parse(bytes_of(before)).compact_bytes(HllType::kHll4)) << count;
    EXPECT_EQ(sketch.estimate(), of_texts(0, count).estimate()) << count;
    moved += after != before;
  }
  EXPECT_GT(moved, 0);
}

TEST(Hll, MergesCouponsIntoRegistersAndKeepsTheHistory) {
  Hll registers = of_texts(0, 1000);
  registers.merge(of_texts(1000, 1005));
  EXPECT_DOUBLE_EQ(registers.estimate(), of_texts(0, 1005).estimate());
  Hll coupons = of_texts(1000, 1005);
  coupons.merge(of_texts(0, 1000));
  EXPECT_DOUBLE_EQ(coupons.estimate(), of_texts(0, 1005).estimate());
}

TEST(Hll, FoldsToTheSmallerOfTwoSizes) {
  Hll large = of_texts(0, 5000, 12);
  large.merge(of_texts(2500, 7500, 10));
  EXPECT_EQ(large.lg_k(), 10);
  Hll small = of_texts(2500, 7500, 10);
  small.merge(of_texts(0, 5000, 12));
  EXPECT_EQ(small.lg_k(), 10);
  EXPECT_EQ(small.estimate(), large.estimate());
  EXPECT_NEAR(small.estimate(), 7500, 7500 * 0.1);
  Hll empty(8);
  empty.merge(of_texts(0, 5000, 12));
  EXPECT_EQ(empty.lg_k(), 8);
  EXPECT_DOUBLE_EQ(empty.estimate(), of_texts(0, 5000, 12).estimate());  // the history goes along
}

TEST(Hll, EstimatesUnionsOfEverySizeWithinTheirError) {
  for (int lg_k = Hll::kLgKMin; lg_k <= 16; ++lg_k) {
    const double error = 4 * 1.04 / std::sqrt(1 << lg_k);
    for (const int count : {20, 200, 3000, 40000}) {
      Hll merged = of_texts(0, count * 2 / 3, lg_k);
      merged.merge(of_texts(count / 3, count, lg_k));
      EXPECT_NEAR(merged.estimate(), count, count * error) << lg_k;
    }
  }
}

TEST(Hll, IgnoresEmptyText) {
  Hll sketch(12);
  sketch.update(std::span<const std::byte>());
  EXPECT_TRUE(sketch.empty());
}

TEST(Hll, RefusesBrokenBytes) {
  for (const HllType type : {HllType::kHll4, HllType::kHll6, HllType::kHll8}) {
    const std::string good = of_texts(0, 1000).compact_bytes(type);
    EXPECT_THROW(Hll::parse(bytes_of(std::string_view(good).substr(0, good.size() - 1))), Error);
  }
  for (const char* bytes : {"0201070c", "0201071b03080100b113e20b", "0201070c03080800", "0301070c0508000901000080",
                            "0201070c030801"
                            "03b113e20b",
                            "0201070c0308010000000000"})
    EXPECT_THROW(Hll::parse(bytes_of(unhex(bytes))), Error) << bytes;
}

}  // namespace
}  // namespace sarsen::engine::sketch
